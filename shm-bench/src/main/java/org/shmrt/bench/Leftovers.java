package org.shmrt.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.stream.Stream;
import org.shmrt.error.ShmException;
import org.shmrt.stream.ImageStream;

/** Streams and directories of this process in memory, which would outlive it: they are removed if a signal ends it. */
public final class Leftovers {
    private static final Set<Path> PATHS = new LinkedHashSet<>();
    private static boolean hasHook;

    private Leftovers() {}

    /**
     * Removes a stream, or a directory with all in it, if the process ends before {@link #forget}.
     *
     * @param path what is or will be created
     */
    public static synchronized void add(Path path) {
        PATHS.add(path);
        if (!hasHook) {
            hasHook = true;
            Runtime.getRuntime().addShutdownHook(new Thread(Leftovers::removeAll, "leftovers"));
        }
    }

    /**
     * Leaves a path alone from now on.
     *
     * @param path what is removed, or will be by its owner
     */
    public static synchronized void forget(Path path) {
        PATHS.remove(path);
    }

    private static synchronized void removeAll() {
        PATHS.forEach(Leftovers::remove);
    }

    private static void remove(Path root) {
        try (Stream<Path> tree = Files.exists(root) ? Files.walk(root) : Stream.empty()) {
            for (Path path : tree.sorted(Comparator.reverseOrder()).toList()) {
                removeSemaphores(path);
                Files.deleteIfExists(path);
            }
        } catch (IOException | UncheckedIOException e) {
            System.err.println("cannot remove " + root + ": " + e);
        }
    }

    private static void removeSemaphores(Path path) {
        if (path.toString().endsWith(".im.shm")) {
            try {
                ImageStream.remove(path);
            } catch (ShmException e) {
                // another thread removed it, or it is no stream yet
            }
        }
    }
}
