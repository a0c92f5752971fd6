package org.shmrt.crash;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Where one kill happens: a directory of its own, and a prefix that no other name in {@code /dev/shm} has.
 *
 * @param directory of the stream's file and of the files about it
 * @param prefix of the stream's name, and so of its semaphores' names
 */
record Place(Path directory, String prefix) {
    private static final Path SHARED_MEMORY = Path.of("/dev/shm");

    /** A new one, in a directory. */
    static Place in(Path parent, String prefix) {
        try {
            return new Place(Files.createTempDirectory(parent, "shmrt-" + prefix), prefix);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Removes all of it. */
    void clear() {
        try {
            for (Path file : semaphores()) {
                Files.deleteIfExists(file);
            }
            try (Stream<Path> tree = Files.walk(directory)) {
                for (Path path : tree.toList().reversed()) {
                    Files.deleteIfExists(path);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The stream's file. */
    Path stream() {
        return directory.resolve(prefix + "cam.im.shm");
    }

    /** All files and links of this place, but not its directories. */
    List<Path> files() {
        List<Path> found = new ArrayList<>(semaphores());
        try (Stream<Path> tree = Files.walk(directory)) {
            tree.filter(path -> !Files.isDirectory(path)).forEach(found::add);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return found;
    }

    /** The files behind the named semaphores. */
    List<Path> semaphores() {
        List<Path> found = new ArrayList<>();
        try (var files = Files.newDirectoryStream(SHARED_MEMORY, "sem." + prefix + "*")) {
            files.forEach(found::add);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return found;
    }

    /** Names of the files that are in the making, or were when their maker died. */
    List<String> unfinished() {
        return files().stream()
                .map(path -> path.getFileName().toString())
                .filter(name -> name.startsWith(".shmrt-"))
                .toList();
    }
}
