package org.shmrt.stream.engine;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.shmrt.error.ShmException;
import org.shmrt.posix.FileId;
import org.shmrt.posix.FileMapping;
import org.shmrt.posix.Processes;
import org.shmrt.posix.SharedObject;
import org.shmrt.stream.format.StreamLayout;

/**
 * Finds streams in other places that use the same named semaphores: in the directories where streams usually are, and in
 * the mappings of the processes that this user may examine. Takes some milliseconds.
 */
public final class NamesakeStreams {
    private NamesakeStreams() {}

    /** Another stream that uses some of the same semaphores. */
    public record Namesake(Path path, StreamLayout layout) {}

    /**
     * All other streams with some of the same semaphores, one of them perhaps twice.
     *
     * @param path a stream's file
     * @param layout its layout
     */
    public static List<Namesake> all(Path path, StreamLayout layout) {
        List<Namesake> found = new ArrayList<>(listed(path, layout));
        List<String> names = layout.semaphores().names();
        FileId own = FileId.ofOrNull(path);
        if (!names.isEmpty() && own != null) {
            addMapped(found, own, handle(path), names);
        }
        return found;
    }

    /** The same without those that are only in the mappings of processes, in less time. */
    public static List<Namesake> listed(Path path, StreamLayout layout) {
        List<String> names = layout.semaphores().names();
        FileId own = names.isEmpty() ? null : FileId.ofOrNull(path);
        if (own == null) {
            return List.of();
        }
        return directories(path).stream()
                .flatMap(directory -> entries(directory, handle(path)).stream())
                .flatMap(file -> namesake(file, file, own, names).stream())
                .toList();
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
                .map(other -> "the stream " + other.path() + " has semaphores of the same names, "
                        + other.layout().semaphores().count() + " instead of " + count + ": DAO's programs use as many"
                        + " as they find, and crash or overwrite their memory; give one of the two streams another file"
                        + " name");
    }

    private static Set<Path> directories(Path path) {
        Set<Path> directories = new LinkedHashSet<>();
        directories.add(path.toAbsolutePath().getParent());
        String configured = System.getenv("MILK_SHM_DIR");
        if (configured != null && !configured.isEmpty()) {
            directories.add(Path.of(configured));
        }
        directories.addAll(List.of(Path.of("/milk/shm"), Path.of("/tmp"), SharedObject.directory()));
        return directories;
    }

    /** The files of a directory whose names begin like that of the stream. */
    private static Set<Path> entries(Path directory, String handle) {
        Set<Path> found = new LinkedHashSet<>();
        try (DirectoryStream<Path> entries =
                Files.newDirectoryStream(directory, entry -> handle(entry).equals(handle))) {
            entries.forEach(found::add);
        } catch (IOException | DirectoryIteratorException e) {
            return found; // no such directory, or not for this user
        }
        return found;
    }

    private static void addMapped(List<Namesake> found, FileId own, String handle, List<String> names) {
        Set<String> seen = new HashSet<>();
        for (long pid : Processes.all()) {
            // In a container a path may lead to another file than here.
            String root = "/proc/" + pid + "/root";
            for (FileMapping mapping : FileMapping.of(pid)) {
                Optional<String> directory = directoryOfNamesakes(mapping, handle);
                if (directory.isPresent() && seen.add(directory.get())) {
                    for (Path file : entries(directory.get(), root, handle)) {
                        Path shown = Path.of(file.toString().substring(root.length()));
                        namesake(file, shown, own, names).ifPresent(found::add);
                    }
                }
            }
        }
    }

    /**
     * The directory in which a mapped file may be a stream of this handle. ShmRT creates a stream's file without a name,
     * so its creator has mapped the path DIRECTORY/#INODE.
     */
    private static Optional<String> directoryOfNamesakes(FileMapping mapping, String handle) {
        String path = mapping.path();
        int slash = path.lastIndexOf('/');
        String name = path.substring(slash + 1);
        boolean nameless = mapping.deleted() && name.equals("#" + mapping.inode());
        return nameless || (!mapping.deleted() && handle(name).equals(handle))
                ? Optional.of(path.substring(0, slash + 1))
                : Optional.empty();
    }

    private static Set<Path> entries(String directory, String root, String handle) {
        try {
            return entries(Path.of(root + directory), handle);
        } catch (InvalidPathException e) {
            return Set.of();
        }
    }

    private static Optional<Namesake> namesake(Path file, Path shown, FileId own, List<String> names) {
        try {
            // The target of a link is found in its own directory.
            if (Files.isSymbolicLink(file) || FileId.of(file).isSameFile(own)) {
                return Optional.empty();
            }
            StreamLayout layout = StreamFormats.detect(file);
            return Collections.disjoint(layout.semaphores().names(), names)
                    ? Optional.empty()
                    : Optional.of(new Namesake(shown, layout));
        } catch (ShmException e) {
            return Optional.empty(); // not a stream
        }
    }

    private static String handle(Path path) {
        Path file = path.getFileName();
        return file == null ? "" : handle(file.toString());
    }

    /** A file's name without leading dots, up to its first dot. Namesakes have this in common. */
    private static String handle(String file) {
        int start = 0;
        while (start < file.length() && file.charAt(start) == '.') {
            start++;
        }
        int end = file.indexOf('.', start);
        return file.substring(start, end < 0 ? file.length() : end);
    }
}
