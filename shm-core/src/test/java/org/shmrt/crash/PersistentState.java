package org.shmrt.crash;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.CRC32;

/**
 * Everything in a workspace that outlives a process: names, types, permissions and contents of all files. Locks,
 * mappings, descriptors and unlinked files end with the process. Two crash points with the same persistent state are
 * therefore indistinguishable to other processes.
 *
 * @param files description of each file by its path
 */
record PersistentState(Map<Path, String> files) {
    static PersistentState of(Workspace workspace) {
        Map<Path, String> files = new TreeMap<>();
        for (Path file : workspace.files()) {
            try {
                files.put(file, describe(file));
            } catch (NoSuchFileException e) {
                // removed meanwhile by a process that is not suspended
            } catch (IOException e) {
                files.put(file, e.toString());
            }
        }
        return new PersistentState(files);
    }

    private static String describe(Path file) throws IOException {
        if (Files.isSymbolicLink(file)) {
            return "link to " + Files.readSymbolicLink(file);
        }
        CRC32 sum = new CRC32();
        byte[] bytes = Files.readAllBytes(file);
        sum.update(bytes);
        Map<String, Object> found = Files.readAttributes(file, "unix:ino,mode,nlink", LinkOption.NOFOLLOW_LINKS);
        return found + " " + bytes.length + " " + sum.getValue();
    }
}
