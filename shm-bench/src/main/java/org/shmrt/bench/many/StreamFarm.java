package org.shmrt.bench.many;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.shmrt.bench.Leftovers;
import org.shmrt.bench.TemporaryStream;
import org.shmrt.memory.DataType;
import org.shmrt.memory.Shape;
import org.shmrt.posix.Semaphore;
import org.shmrt.stream.Access;
import org.shmrt.stream.ImageStream;
import org.shmrt.stream.format.StreamLayout;
import org.shmrt.stream.format.StreamSpec;
import org.shmrt.stream.inspect.StreamRemovals;

/** Streams in a directory of their own, in memory. Closing removes what is left of them. */
final class StreamFarm implements AutoCloseable {
    /** The layouts that differ in what they cost: named semaphores are files, those of milk are in the stream. */
    static final List<String> LAYOUTS = List.of("dao", "milk");

    private static final Shape FRAME = Shape.of(8);
    private static final AtomicInteger CREATED = new AtomicInteger();

    private final Path directory;
    private final String prefix;
    private final List<Path> paths = new ArrayList<>();

    StreamFarm() {
        // Semaphores are named after the file alone, without its directory.
        prefix = "shmrt_bench_" + ProcessHandle.current().pid() + "_" + CREATED.incrementAndGet() + "_";
        try {
            directory = Files.createDirectory(TemporaryStream.memoryDirectory().resolve(prefix + "many"));
            Leftovers.add(directory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Path directory() {
        return directory;
    }

    List<Path> paths() {
        return paths;
    }

    /** Creates streams of one frame of 64 bytes. */
    void create(String layout, int count) {
        StreamSpec spec = StreamSpec.of(layout, DataType.INT64, FRAME);
        for (int i = 0; i < count; i++) {
            Path path = directory.resolve(prefix + paths.size() + ".im.shm");
            ImageStream.create(path, spec).close();
            paths.add(path);
        }
    }

    /** Opens all streams for reading and writing. */
    List<ImageStream> open() {
        List<ImageStream> open = new ArrayList<>(paths.size());
        try {
            for (Path path : paths) {
                open.add(ImageStream.open(path));
            }
        } catch (RuntimeException e) {
            open.forEach(ImageStream::close);
            throw e;
        }
        return open;
    }

    /** Removes the streams with one search for others that use their semaphores. */
    void remove() {
        StreamRemovals removals = StreamRemovals.of(paths);
        paths.forEach(removals::remove);
        paths.clear();
    }

    /** Removes one stream as a program does that has no others to remove. */
    void removeFirst() {
        ImageStream.remove(paths.removeFirst());
    }

    /** Removes the files by name, which takes less time for thousands of streams. */
    @Override
    public void close() {
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.toList()) {
                for (String name : semaphores(file)) {
                    Files.deleteIfExists(Semaphore.file(name));
                }
                Files.deleteIfExists(file);
            }
            Files.delete(directory);
            Leftovers.forget(directory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> semaphores(Path file) {
        try (ImageStream stream = ImageStream.open(file, Access.READ_ONLY)) {
            StreamLayout layout = stream.layout();
            List<String> names = new ArrayList<>(layout.semaphores().names());
            if (layout.semaphores().logName() != null) {
                names.add(layout.semaphores().logName());
            }
            return names;
        }
    }
}
