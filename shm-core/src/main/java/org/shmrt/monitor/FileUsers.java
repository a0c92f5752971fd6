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
import java.util.Optional;
import org.shmrt.monitor.Reading.Opener;
import org.shmrt.posix.OwnProcess;
import org.shmrt.posix.Processes;

/**
 * Which processes had which files mapped at one moment, as far as this user may see. A file is known by its inode number
 * only, because the device number in {@code maps} differs on layered file systems.
 */
final class FileUsers {
    /** Nobody was asked. */
    static final FileUsers NONE = new FileUsers();

    /** "address perms offset dev inode path". */
    private static final int FIELDS = 6;

    private final Map<Long, List<Opener>> users = new HashMap<>();

    private FileUsers() {}

    /**
     * A shared mapping of a file.
     *
     * @param inode the file
     * @param writable whether the process may write it
     */
    record Mapping(long inode, boolean writable) {
        /** Parses a line of {@code /proc/PID/maps}; empty for private and anonymous memory. */
        static Optional<Mapping> parse(String line) {
            int permissions = line.indexOf(' ') + 1;
            if (permissions == 0 || line.length() < permissions + 4 || line.charAt(permissions + 3) != 's') {
                return Optional.empty();
            }
            String[] fields = line.split(" +", FIELDS);
            return fields.length < FIELDS - 1
                    ? Optional.empty()
                    : Optional.of(new Mapping(Long.parseLong(fields[FIELDS - 2]), fields[1].charAt(1) == 'w'));
        }
    }

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
                Mapping.parse(line)
                        .ifPresent(found -> files.merge(found.inode(), found.writable(), Boolean::logicalOr));
            }
        } catch (IOException e) {
            return; // it has ended, or belongs to another user
        }
        files.forEach((inode, writable) ->
                users.computeIfAbsent(inode, key -> new ArrayList<>()).add(new Opener(names.of(pid), writable)));
    }

    /** The processes that have a file mapped. */
    List<Opener> of(long inode) {
        return users.getOrDefault(inode, List.of());
    }
}
