package org.shmrt.stream.inspect;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.shmrt.posix.FileId;
import org.shmrt.posix.FileMapping;
import org.shmrt.posix.Processes;
import org.shmrt.posix.Semaphore;
import org.shmrt.stream.format.SemaphoreLayout;

/** Finds processes that have a stream open and use named semaphores that were removed and created again since. */
final class RemovedSemaphores {
    private static final String PREFIX = Semaphore.file("").toString();

    private static final Pattern TEMPORARY = Pattern.compile(Pattern.quote(PREFIX) + "[A-Za-z0-9]{6}");

    private RemovedSemaphores() {}

    /**
     * Examines all processes that this user may examine.
     *
     * @param layout semaphores of the stream
     * @param inode inode number of its file
     * @return indexes of the removed semaphores by pid
     */
    static Map<Long, List<Integer>> of(SemaphoreLayout layout, long inode) {
        Map<Long, List<Integer>> found = new TreeMap<>();
        if (layout.names().isEmpty()) {
            return Map.of();
        }
        long[] present = layout.names().stream()
                .map(name -> FileId.ofOrNull(Semaphore.file(name)))
                .mapToLong(id -> id == null ? 0 : id.inode())
                .toArray();
        for (long pid : Processes.all()) {
            Set<FileMapping> mappings = FileMapping.of(pid);
            if (mappings.stream().anyMatch(mapping -> mapping.inode() == inode)) {
                List<Integer> removed = removed(layout.names(), mappings, present);
                if (!removed.isEmpty()) {
                    found.put(pid, removed);
                }
            }
        }
        return Collections.unmodifiableMap(found);
    }

    /**
     * Indexes of the semaphores of which a process has mapped a removed one and not the present one.
     *
     * @param present inode numbers of the present ones; 0 for a missing one, which has a warning of its own
     */
    private static List<Integer> removed(List<String> names, Set<FileMapping> mappings, long[] present) {
        List<Integer> removed = new ArrayList<>();
        for (int i = 0; i < present.length; i++) {
            long inode = present[i];
            String file = Semaphore.file(names.get(i)).toString();
            if (inode != 0
                    && mappings.stream().anyMatch(mapping -> mayBeRemoved(mapping, file, present))
                    && mappings.stream()
                            .noneMatch(mapping ->
                                    mapping.inode() == inode && mapping.path().startsWith(PREFIX))) {
                removed.add(i);
            }
        }
        return removed;
    }

    /** The process that created a semaphore has mapped it under the temporary name that glibc used. */
    private static boolean mayBeRemoved(FileMapping mapping, String file, long[] present) {
        return mapping.deleted()
                && (mapping.path().equals(file)
                        || (TEMPORARY.matcher(mapping.path()).matches()
                                && Arrays.stream(present).noneMatch(inode -> inode == mapping.inode())));
    }
}
