package org.shmrt.doctor.object;

import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.shmrt.doctor.Finding;
import org.shmrt.doctor.FindingKind;
import org.shmrt.doctor.Findings;
import org.shmrt.doctor.Leftovers;
import org.shmrt.doctor.Severity;
import org.shmrt.error.ShmException;
import org.shmrt.posix.FileId;
import org.shmrt.posix.SharedObject;
import org.shmrt.text.FileNames;
import org.shmrt.text.ShellWord;

/** Semaphores of DAO streams that no longer exist. */
final class SemaphoreChecks {
    /** The names that DAO's libraries give: LOCAL_sem00 and so on, LOCAL_semlog. */
    private static final Pattern NAME = Pattern.compile("sem\\.\\.?([^.].*?)_sem(?:[0-9]{2}|log)");

    private static final int MAX_SHOWN = 8;

    private final OpenFiles open;
    private final List<Path> directories;

    /** {@code directories} are searched for streams. */
    SemaphoreChecks(OpenFiles open, List<Path> directories) {
        this.open = open;
        this.directories = directories;
    }

    /** The name from which DAO derives those of a stream's semaphores: that of the file up to its first dot. */
    static String local(String fileName) {
        String name = fileName.replaceFirst("^\\.+", "");
        int dot = name.indexOf('.');
        return dot < 0 ? name : name.substring(0, dot);
    }

    /** Reports the orphaned semaphores of all names that are wanted. */
    void run(Predicate<String> wanted, Findings findings) {
        Map<String, List<Path>> sets = new TreeMap<>();
        for (Path file : Leftovers.entries(SharedObject.directory())) {
            Matcher name = NAME.matcher(file.getFileName().toString());
            if (name.matches() && name.group(1).indexOf('.') < 0 && wanted.test(name.group(1))) {
                sets.computeIfAbsent(name.group(1), key -> new ArrayList<>()).add(file);
            }
        }
        Set<String> streams = new HashSet<>();
        for (Path directory : directories) {
            for (Path file : Leftovers.entries(directory)) {
                streams.add(local(file.getFileName().toString()));
                if (Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS)) {
                    Leftovers.entries(file)
                            .forEach(inner ->
                                    streams.add(local(inner.getFileName().toString())));
                }
            }
        }
        open.names().forEach(name -> {
            if (!name.startsWith("sem.")) {
                streams.add(local(name));
            }
        });
        sets.entrySet().removeIf(set -> streams.contains(set.getKey()) || !isAbandoned(set.getValue()));
        if (!sets.isEmpty()) {
            report(sets, findings);
        }
    }

    private boolean isAbandoned(List<Path> files) {
        return files.stream().allMatch(Leftovers::isSettled)
                && users(files).findAny().isEmpty();
    }

    private void report(Map<String, List<Path>> sets, Findings findings) {
        List<Path> files = sets.values().stream().flatMap(List::stream).toList();
        List<String> names = sets.keySet().stream().limit(MAX_SHOWN).toList();
        int more = sets.size() - names.size();
        String places =
                String.join(", ", directories.stream().map(Path::toString).toList());
        String command = "shm doctor --fix " + FindingKind.ORPHANED_SEMAPHORES.id();
        findings.add(new Finding(
                        FindingKind.ORPHANED_SEMAPHORES,
                        Severity.WARNING,
                        FileNames.text(SharedObject.directory()),
                        files.size() + " semaphores remain of " + sets.size()
                                + (sets.size() == 1
                                        ? " DAO stream that does not exist"
                                        : " DAO streams that do not exist"),
                        "/dev/shm/sem.NAME_sem* with NAME " + String.join(", ", names)
                                + (more > 0 ? " and " + more + " more" : "") + "; no file NAME.* in " + places
                                + " and their subdirectories"
                                + "; not open in " + open.scope(),
                        "a program that looks for such a stream's semaphores sleeps on them, and nobody posts them",
                        sets.size() == 1 ? command + " " + ShellWord.arguments(names) : command)
                .on(files));
    }

    private Stream<Integer> users(Collection<Path> files) {
        return files.stream().flatMap(file -> id(file).stream()).flatMap(id -> open.users(id).stream());
    }

    private static Optional<FileId> id(Path file) {
        try {
            return Optional.of(FileId.of(file));
        } catch (ShmException e) {
            return Optional.empty(); // removed meanwhile
        }
    }
}
