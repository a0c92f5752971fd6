package org.shmrt.monitor;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.shmrt.monitor.Reading.Opener;
import org.shmrt.posix.FileMapping;
import org.shmrt.posix.OwnProcess;
import org.shmrt.posix.Processes;

/**
 * Which processes had which files mapped at one moment, as far as this user may see. A file is known by its inode number
 * only, because the device number in {@code maps} differs on layered file systems.
 */
final class FileUsers {
    /** Nobody was asked. */
    static final FileUsers NONE = new FileUsers();

    private final Map<Long, List<Opener>> users = new HashMap<>();

    private FileUsers() {}

    /** Reads the mappings of all other processes. */
    static FileUsers read(ProcessNames names) {
        FileUsers all = new FileUsers();
        for (long pid : Processes.all()) {
            if (pid != OwnProcess.PID) {
                all.add(pid, names);
            }
        }
        return all;
    }

    private void add(long pid, ProcessNames names) {
        Map<Long, Boolean> files = new HashMap<>();
        try (BufferedReader lines =
                Files.newBufferedReader(Path.of("/proc/" + pid + "/maps"), StandardCharsets.ISO_8859_1)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (isShared(line)) {
                    FileMapping.parse(line)
                            .ifPresent(found -> files.merge(found.inode(), found.writable(), Boolean::logicalOr));
                }
            }
        } catch (IOException e) {
            return; // it has ended, or belongs to another user
        }
        files.forEach((inode, writable) ->
                users.computeIfAbsent(inode, key -> new ArrayList<>()).add(new Opener(names.of(pid), writable)));
    }

    /** Whether a line is that of a shared mapping. Most lines are not, and are not split. */
    private static boolean isShared(String line) {
        return line.startsWith("s ", line.indexOf(' ') + 4);
    }

    /** The processes that have a file mapped. */
    List<Opener> of(long inode) {
        return users.getOrDefault(inode, List.of());
    }
}
