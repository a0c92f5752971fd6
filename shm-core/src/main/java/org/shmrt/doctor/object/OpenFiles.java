package org.shmrt.doctor.object;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.shmrt.doctor.Machine;
import org.shmrt.doctor.SystemFiles;
import org.shmrt.posix.FileId;
import org.shmrt.posix.FileMapping;
import org.shmrt.stream.inspect.StreamDirectory;

/**
 * Which processes had which files mapped for sharing at one moment, as far as this user may see. A file may seem to be
 * used that is not, and never the reverse, see {@link FileMapping#mayBeOf}.
 */
final class OpenFiles {
    private final SystemFiles files;
    private final boolean complete;
    private final Map<Long, List<User>> users = new HashMap<>();
    private final Set<String> names = new HashSet<>();
    private final Set<Integer> streamUsers = new TreeSet<>();

    /** One mapping of one process. */
    private record User(int pid, FileMapping mapping) {}

    private OpenFiles(SystemFiles files) {
        this.files = files;
        this.complete = Machine.seesAllProcesses(files);
    }

    /** Reads the mappings of all processes. */
    static OpenFiles read(SystemFiles files) {
        OpenFiles open = new OpenFiles(files);
        for (int pid : files.numbers("/proc")) {
            for (String line : files.lines("/proc/" + pid + "/maps")) {
                if (FileMapping.isLineOfShared(line)) {
                    FileMapping.parse(line).ifPresent(mapping -> open.add(pid, mapping));
                }
            }
        }
        return open;
    }

    private void add(int pid, FileMapping mapping) {
        users.computeIfAbsent(mapping.inode(), key -> new ArrayList<>()).add(new User(pid, mapping));
        if (!mapping.path().isEmpty()) {
            String name = mapping.path().substring(mapping.path().lastIndexOf('/') + 1);
            names.add(name);
            if (name.endsWith(StreamDirectory.SUFFIX)) {
                streamUsers.add(pid);
            }
        }
    }

    /** Whether the processes of all users and namespaces were visible. */
    boolean isComplete() {
        return complete;
    }

    /** The processes that have a file mapped. */
    List<Integer> users(FileId file) {
        return users.getOrDefault(file.inode(), List.of()).stream()
                .filter(user -> user.mapping.mayBeOf(file))
                .map(User::pid)
                .distinct()
                .toList();
    }

    /** The names of all mapped files, without their directories. */
    Set<String> names() {
        return names;
    }

    /** The processes that have any stream mapped, in ascending order. */
    Set<Integer> streamUsers() {
        return streamUsers;
    }

    /** {@code process 123 (camera)}. */
    String text(int pid) {
        Optional<String> name = files.text("/proc/" + pid + "/comm");
        return "process " + pid + name.map(text -> " (" + text + ")").orElse("");
    }

    /** Who was asked, for evidence. */
    String scope() {
        return "/proc/*/maps" + (complete ? "" : " of the processes that this user may see");
    }
}
