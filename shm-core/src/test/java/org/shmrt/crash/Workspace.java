package org.shmrt.crash;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * The files of one kill: a directory of its own, and a prefix that no other name in {@code /dev/shm} has.
 *
 * @param directory directory of the stream's file and related files
 * @param prefix prefix of the stream's name, and therefore of its semaphores' names
 */
record Workspace(Path directory, String prefix) {
    private static final Path SHARED_MEMORY = Path.of("/dev/shm");

    /** Creates a workspace in a directory. */
    static Workspace in(Path parent, String prefix) {
        try {
            return new Workspace(Files.createTempDirectory(parent, "shmrt-" + prefix), prefix);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Removes all its files. */
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

    /** All files and links of this workspace, without directories. */
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

    /** Names of temporary files that were not completed. */
    List<String> unfinished() {
        return files().stream()
                .map(path -> path.getFileName().toString())
                .filter(name -> name.startsWith(".shmrt-"))
                .toList();
    }
}
