package org.shmrt.monitor;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.shmrt.monitor.Reading.Opener;
import org.shmrt.posix.FileId;
import org.shmrt.posix.FileMapping;
import org.shmrt.posix.OwnProcess;
import org.shmrt.posix.Processes;

/**
 * Which processes had which files mapped at one moment, as far as this user may see. A file may seem to be used that is
 * not, and never the reverse, see {@link FileMapping#mayBeOf}.
 */
final class FileUsers {
    /** Nobody was asked. */
    static final FileUsers NONE = new FileUsers();

    private final Map<Long, List<User>> users = new HashMap<>();

    private FileUsers() {}

    /** One mapping of one process. */
    private record User(ProcessRef process, FileMapping mapping) {}

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
        List<FileMapping> mappings = new ArrayList<>();
        try (BufferedReader lines =
                Files.newBufferedReader(Path.of("/proc/" + pid + "/maps"), StandardCharsets.ISO_8859_1)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (isShared(line)) {
                    FileMapping.parse(line).ifPresent(mappings::add);
                }
            }
        } catch (IOException e) {
            return; // it has ended, or belongs to another user
        }
        for (FileMapping mapping : mappings) {
            users.computeIfAbsent(mapping.inode(), key -> new ArrayList<>()).add(new User(names.of(pid), mapping));
        }
    }

    /** Whether a line is that of a shared mapping. Most lines are not, and are not split. */
    private static boolean isShared(String line) {
        return line.startsWith("s ", line.indexOf(' ') + 4);
    }

    /** The processes that have a file mapped. */
    List<Opener> of(FileId file) {
        Map<ProcessRef, Boolean> writable = new LinkedHashMap<>();
        for (User user : users.getOrDefault(file.inode(), List.of())) {
            if (user.mapping.mayBeOf(file)) {
                writable.merge(user.process, user.mapping.writable(), Boolean::logicalOr);
            }
        }
        return writable.entrySet().stream()
                .map(user -> new Opener(user.getKey(), user.getValue()))
                .toList();
    }
}
