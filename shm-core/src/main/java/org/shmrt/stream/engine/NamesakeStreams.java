package org.shmrt.stream.engine;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
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

    /**
     * Looks for another stream with the same semaphores.
     *
     * @param path a stream's file
     * @param layout its layout
     * @return the file of one of the others
     */
    public static Optional<Path> find(Path path, StreamLayout layout) {
        List<String> names = layout.semaphores().names();
        if (names.isEmpty()) {
            return Optional.empty();
        }
        FileId own = FileId.of(path);
        String handle = handle(path);
        return directories(path).stream()
                .flatMap(directory -> entries(directory, handle).stream())
                .filter(file -> isNamesake(file, own, names))
                .findFirst()
                .or(() -> findMapped(own, handle, names));
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

    private static Optional<Path> findMapped(FileId own, String handle, List<String> names) {
        Set<String> seen = new HashSet<>();
        for (long pid : Processes.all()) {
            // In a container a path may lead to another file than here.
            String root = "/proc/" + pid + "/root";
            for (FileMapping mapping : FileMapping.of(pid)) {
                Optional<String> directory = directoryOfNamesakes(mapping, handle);
                if (directory.isEmpty() || !seen.add(directory.get())) {
                    continue;
                }
                Optional<Path> found = entries(directory.get(), root, handle).stream()
                        .filter(file -> isNamesake(file, own, names))
                        .findFirst();
                if (found.isPresent()) {
                    return found.map(file -> Path.of(file.toString().substring(root.length())));
                }
            }
        }
        return Optional.empty();
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

    private static boolean isNamesake(Path file, FileId own, List<String> names) {
        try {
            // The target of a link is found in its own directory.
            return !Files.isSymbolicLink(file)
                    && !FileId.of(file).isSameFile(own)
                    && !Collections.disjoint(
                            StreamFormats.detect(file).semaphores().names(), names);
        } catch (ShmException e) {
            return false; // not a stream
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
