package org.shmrt.monitor;

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
        for (FileMapping mapping : FileMapping.of(pid, FileMapping::isLineOfShared)) {
            users.computeIfAbsent(mapping.inode(), key -> new ArrayList<>()).add(new User(names.of(pid), mapping));
        }
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
