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
 * Everything in a place that outlives a process: names, kinds, permissions and contents of all files. What else a
 * process has (locks, mappings, descriptors, files without a name) ends with it, so after the death of a process two
 * moments of its life with one footprint cannot be told apart by anybody.
 *
 * @param files what each file is, by its path
 */
record Footprint(Map<Path, String> files) {
    static Footprint of(Place place) {
        Map<Path, String> files = new TreeMap<>();
        for (Path file : place.files()) {
            try {
                files.put(file, describe(file));
            } catch (NoSuchFileException e) {
                // gone between the two looks, by a process that is not stopped
            } catch (IOException e) {
                files.put(file, e.toString());
            }
        }
        return new Footprint(files);
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
