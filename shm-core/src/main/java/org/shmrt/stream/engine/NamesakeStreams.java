package org.shmrt.stream.engine;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.shmrt.error.ShmException;
import org.shmrt.posix.FileId;
import org.shmrt.posix.FileMapping;
import org.shmrt.posix.Processes;
import org.shmrt.posix.Semaphore;
import org.shmrt.posix.SharedObject;
import org.shmrt.stream.format.StreamLayout;
import org.shmrt.text.FileNames;

/**
 * Finds streams in other places that use the same named semaphores: in the directories where streams usually are, and in
 * the mappings of the processes that this user may examine. A search takes some milliseconds, more with many files in
 * those directories, and serves any number of streams. For one thread.
 */
public final class NamesakeStreams {
    /** For each handle that is searched for, the files that may be streams of it. */
    private final Map<String, Set<Candidate>> candidates = new HashMap<>();
    /** The directories listed so far. */
    private final Set<Directory> listed = new HashSet<>();

    private NamesakeStreams(Collection<Path> paths) {
        for (Path path : paths) {
            candidates.put(handle(path), new LinkedHashSet<>());
        }
        for (Path directory : directories(paths)) {
            list(directory, "");
        }
    }

    /** Another stream that uses some of the same semaphores. */
    public record Namesake(Path path, StreamLayout layout) {}

    /** A directory, whatever path leads to it. */
    private record Directory(long device, long inode) {}

    /** A file that may be a namesake, and its path as the processes see it that use it. */
    private record Candidate(Path file, Path shown) {}

    /**
     * Searches for the namesakes of several streams. They need not have any.
     *
     * @param paths the streams' files
     */
    public static NamesakeStreams search(Collection<Path> paths) {
        NamesakeStreams found = new NamesakeStreams(paths);
        found.listMapped();
        return found;
    }

    /**
     * The other streams with some of the same semaphores as one of the streams searched for: those of the search that
     * still exist.
     *
     * @param path the stream's file, which need not exist
     * @param layout its layout
     * @throws IllegalArgumentException if nothing was searched for that stream
     */
    public List<Namesake> of(Path path, StreamLayout layout) {
        Set<Candidate> files = candidates.get(handle(path));
        if (files == null) {
            throw new IllegalArgumentException(
                    FileNames.text(path) + " is not one of the streams that were searched for");
        }
        List<String> names = layout.semaphores().names();
        if (names.isEmpty()) {
            return List.of();
        }
        FileId own = FileId.ofOrNull(path);
        return files.stream()
                .flatMap(candidate -> namesake(candidate, own, names).stream())
                .toList();
    }

    /** All other streams with some of the same semaphores as a stream. */
    public static List<Namesake> all(Path path, StreamLayout layout) {
        return layout.semaphores().names().isEmpty()
                ? List.of()
                : search(List.of(path)).of(path, layout);
    }

    /**
     * Those of some names that no other stream uses.
     *
     * @param path the file of a stream of the same handle, which need not exist
     * @param layout its layout
     * @param names names of semaphores
     * @return a list of the caller's own
     */
    static List<String> unused(Path path, StreamLayout layout, List<String> names) {
        List<String> unused = new ArrayList<>(names);
        unused.removeIf(name -> !Files.exists(Semaphore.file(name), LinkOption.NOFOLLOW_LINKS));
        if (!unused.isEmpty()) { // the search takes milliseconds
            all(path, layout)
                    .forEach(other -> unused.removeAll(
                            NamedSemaphores.names(other.layout().semaphores())));
        }
        return unused;
    }

    /** Those of {@link #all} that are not only in the mappings of processes, in less time. */
    private static List<Namesake> listed(Path path, StreamLayout layout) {
        return layout.semaphores().names().isEmpty() ? List.of() : new NamesakeStreams(List.of(path)).of(path, layout);
    }

    /**
     * A warning if a stream in one of the usual directories has another number of semaphores of the same names: programs
     * of the layouts with fewer semaphores write beyond their tables, and those of the others miss some.
     */
    public static Optional<String> otherCount(Path path, StreamLayout layout) {
        int count = layout.semaphores().count();
        return listed(path, layout).stream()
                .filter(other -> other.layout().semaphores().count() != count)
                .findFirst()
                .map(other -> "the stream " + FileNames.text(other.path()) + " has semaphores of the same names, "
                        + other.layout().semaphores().count() + " instead of " + count + ": DAO's programs use as many"
                        + " as they find, and crash or overwrite their memory; give one of the two streams another file"
                        + " name");
    }

    private static Set<Path> directories(Collection<Path> paths) {
        Set<Path> directories = new LinkedHashSet<>();
        for (Path path : paths) {
            Path parent = path.toAbsolutePath().getParent();
            if (parent != null) {
                directories.add(parent);
            }
        }
        String configured = System.getenv("MILK_SHM_DIR");
        if (configured != null && !configured.isEmpty()) {
            directories.add(Path.of(configured));
        }
        directories.addAll(List.of(Path.of("/milk/shm"), Path.of("/tmp"), SharedObject.directory()));
        return directories;
    }

    /**
     * Adds the files of a directory whose names begin like those of the streams, unless it was listed before.
     *
     * @param root what the paths of the files begin with here, but not for the processes that use them
     */
    private void list(Path directory, String root) {
        if (!isNew(directory)) {
            return;
        }
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
            for (Path file : entries) {
                // Thousands of semaphores may lie beside the streams, so this is the whole work for most entries.
                String text = file.toString();
                Set<Candidate> sameHandle = candidates.get(handle(text, text.lastIndexOf('/') + 1));
                if (sameHandle != null) {
                    Path shown = root.isEmpty()
                            ? file
                            : FileNames.parse(FileNames.text(file).substring(root.length()));
                    sameHandle.add(new Candidate(file, shown));
                }
            }
        } catch (IOException | DirectoryIteratorException e) {
            // not for this user, or removed meanwhile
        }
    }

    private boolean isNew(Path directory) {
        try {
            FileId id = FileId.of(directory);
            return listed.add(new Directory(id.device(), id.inode()));
        } catch (ShmException e) {
            return false; // no such directory, or not for this user
        }
    }

    private void listMapped() {
        for (long pid : Processes.all()) {
            // In a container a path may lead to another file than here.
            String root = "/proc/" + pid + "/root";
            Set<String> directories = new HashSet<>();
            for (FileMapping mapping : FileMapping.of(pid, this::mayBeNamesake)) {
                directoryOfNamesakes(mapping).ifPresent(directories::add);
            }
            for (String directory : directories) {
                list(FileNames.parse(root + directory), root);
            }
        }
    }

    /** Whether a line of the kernel's list of mappings must be parsed: a process may have thousands of them. */
    private boolean mayBeNamesake(String line) {
        int name = line.lastIndexOf('/') + 1;
        return line.startsWith("#", name) || candidates.containsKey(handle(line, name));
    }

    /**
     * The directory in which a mapped file may be one of the streams. ShmRT creates a stream's file without a name, so its
     * creator has mapped the path DIRECTORY/#INODE.
     */
    private Optional<String> directoryOfNamesakes(FileMapping mapping) {
        String path = mapping.path();
        int slash = path.lastIndexOf('/');
        String name = path.substring(slash + 1);
        boolean nameless = mapping.deleted() && name.equals("#" + mapping.inode());
        return nameless || (!mapping.deleted() && candidates.containsKey(handle(name, 0)))
                ? Optional.of(path.substring(0, slash + 1))
                : Optional.empty();
    }

    /** A candidate that has some of the names, and is not the stream itself, if that exists. */
    private static Optional<Namesake> namesake(Candidate candidate, FileId own, List<String> names) {
        Path file = candidate.file();
        try {
            // The target of a link is found in its own directory.
            FileId found = FileId.of(file);
            if (Files.isSymbolicLink(file) || (own != null && found.isSameFile(own))) {
                return Optional.empty();
            }
            StreamLayout layout = StreamFormats.detect(file);
            return Collections.disjoint(layout.semaphores().names(), names)
                    ? Optional.empty()
                    : Optional.of(new Namesake(candidate.shown(), layout));
        } catch (ShmException e) {
            return Optional.empty(); // not a stream, or removed since the search
        }
    }

    private static String handle(Path path) {
        Path file = path.getFileName();
        return file == null ? "" : handle(file.toString(), 0);
    }

    /**
     * A file's name without leading dots, up to its first dot. Namesakes have this in common.
     *
     * @param text a text that ends with the name
     * @param name where the name begins
     */
    private static String handle(String text, int name) {
        int start = name;
        while (start < text.length() && text.charAt(start) == '.') {
            start++;
        }
        int end = text.indexOf('.', start);
        return text.substring(start, end < 0 ? text.length() : end);
    }
}
