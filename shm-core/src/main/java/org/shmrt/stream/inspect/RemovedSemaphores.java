package org.shmrt.stream.inspect;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
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
     * @param stream its file
     * @return indexes of the removed semaphores by pid
     */
    static Map<Long, List<Integer>> of(SemaphoreLayout layout, Path stream) {
        Map<Long, List<Integer>> found = new TreeMap<>();
        FileId file = layout.names().isEmpty() ? null : FileId.ofOrNull(stream);
        if (file == null) {
            return Map.of();
        }
        List<Optional<FileId>> present = layout.names().stream()
                .map(name -> Optional.ofNullable(FileId.ofOrNull(Semaphore.file(name))))
                .toList();
        Predicate<String> wanted = FileMapping.mayBeLineOf(file).or(line -> line.contains(PREFIX));
        for (long pid : Processes.all()) {
            Set<FileMapping> mappings = FileMapping.of(pid, wanted);
            if (mappings.stream().anyMatch(mapping -> mapping.mayBeOf(file))) {
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
     * @param present the present ones; empty for a missing one, which has a warning of its own
     */
    private static List<Integer> removed(
            List<String> names, Set<FileMapping> mappings, List<Optional<FileId>> present) {
        List<Integer> removed = new ArrayList<>();
        for (int i = 0; i < present.size(); i++) {
            Optional<FileId> id = present.get(i);
            String file = Semaphore.file(names.get(i)).toString();
            if (id.isPresent()
                    && mappings.stream().anyMatch(mapping -> mayBeRemoved(mapping, file, present))
                    && mappings.stream()
                            .noneMatch(mapping ->
                                    mapping.mayBeOf(id.get()) && mapping.path().startsWith(PREFIX))) {
                removed.add(i);
            }
        }
        return removed;
    }

    /** The process that created a semaphore has mapped it under the temporary name that glibc used. */
    private static boolean mayBeRemoved(FileMapping mapping, String file, List<Optional<FileId>> present) {
        return mapping.deleted()
                && (mapping.path().equals(file)
                        || (TEMPORARY.matcher(mapping.path()).matches()
                                && present.stream().flatMap(Optional::stream).noneMatch(mapping::mayBeOf)));
    }
}
