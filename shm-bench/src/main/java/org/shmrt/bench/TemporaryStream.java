package org.shmrt.bench;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.shmrt.error.ShmException;
import org.shmrt.memory.DataType;
import org.shmrt.memory.Shape;
import org.shmrt.stream.ImageStream;
import org.shmrt.stream.format.StreamSpec;

/**
 * A stream in memory under a unique name. Closing it removes the file and its semaphores.
 */
public final class TemporaryStream implements AutoCloseable {
    /** System property with the directory to use instead of {@code /dev/shm}. */
    public static final String DIRECTORY_PROPERTY = "shmrt.bench.directory";

    private static final AtomicInteger CREATED = new AtomicInteger();

    private final Path path;
    private final ImageStream stream;

    private TemporaryStream(Path path, ImageStream stream) {
        this.path = path;
        this.stream = stream;
    }

    /**
     * Creates a DAO stream of depth 1.
     *
     * @param label part of its name
     * @param frameBytes size of a frame
     * @return the open stream
     */
    public static TemporaryStream create(String label, long frameBytes) {
        return create(label, StreamSpec.dao(DataType.UINT8, Shape.of(frameBytes)));
    }

    /**
     * Creates a stream.
     *
     * @param label part of its name
     * @param spec what to create
     * @return the open stream
     */
    public static TemporaryStream create(String label, StreamSpec spec) {
        // Semaphores are named after the file name up to its first dot, so the unique part must be before it.
        Path path = memoryDirectory()
                .resolve("shmrt_bench_" + ProcessHandle.current().pid() + "_" + CREATED.incrementAndGet() + "_" + label
                        + ".im.shm");
        Leftovers.add(path);
        return new TemporaryStream(path, ImageStream.create(path, spec));
    }

    /**
     * The directory for files in memory.
     *
     * @return the directory in {@link #DIRECTORY_PROPERTY}; else {@code /dev/shm}; else, if that is not writable, the
     *     directory for temporary files
     */
    public static Path memoryDirectory() {
        String chosen = System.getProperty(DIRECTORY_PROPERTY);
        if (chosen != null) {
            return Path.of(chosen);
        }
        Path shm = Path.of("/dev/shm");
        return Files.isWritable(shm) ? shm : Path.of(System.getProperty("java.io.tmpdir"));
    }

    /**
     * The stream.
     *
     * @return open for reading and writing
     */
    public ImageStream stream() {
        return stream;
    }

    /**
     * Its file.
     *
     * @return the path
     */
    public Path path() {
        return path;
    }

    /** Closes and removes the stream, also for a thread that was interrupted. Can be called more than once. */
    @Override
    public void close() {
        if (!stream.isOpen()) {
            return;
        }
        stream.close();
        boolean interrupted = Thread.interrupted(); // java.nio opens no file otherwise
        try {
            ImageStream.remove(path);
        } catch (ShmException e) {
            System.err.println("cannot remove " + path + ": " + e.getMessage());
        }
        Leftovers.forget(path);
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
