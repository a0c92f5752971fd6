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
 * A stream in memory under a name of its own, gone with its semaphores once it is closed.
 */
public final class TemporaryStream implements AutoCloseable {
    /** System property that names another directory than {@code /dev/shm}. */
    public static final String DIRECTORY_PROPERTY = "shmrt.bench.directory";

    private static final AtomicInteger MADE = new AtomicInteger();

    private final Path path;
    private final ImageStream stream;

    private TemporaryStream(Path path, ImageStream stream) {
        this.path = path;
        this.stream = stream;
    }

    /**
     * Creates a DAO stream of depth 1.
     *
     * @param label a word for its name
     * @param frameBytes size of a frame
     * @return the open stream
     */
    public static TemporaryStream create(String label, long frameBytes) {
        return create(label, StreamSpec.dao(DataType.UINT8, Shape.of(frameBytes)));
    }

    /**
     * Creates a stream.
     *
     * @param label a word for its name
     * @param spec what it shall be
     * @return the open stream
     */
    public static TemporaryStream create(String label, StreamSpec spec) {
        // Semaphores carry the file's name up to its first dot, so all that is unique stands before it.
        Path path = memoryDirectory()
                .resolve("shmrt_bench_" + ProcessHandle.current().pid() + "_" + MADE.incrementAndGet() + "_" + label
                        + ".im.shm");
        return new TemporaryStream(path, ImageStream.create(path, spec));
    }

    /**
     * Where files are pure memory.
     *
     * @return {@code /dev/shm}, or the directory for temporary files where there is none; what
     *     {@link #DIRECTORY_PROPERTY} says goes first
     */
    public static Path memoryDirectory() {
        String wanted = System.getProperty(DIRECTORY_PROPERTY);
        if (wanted != null) {
            return Path.of(wanted);
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

    /** Closes and removes the stream. Closing twice is harmless. */
    @Override
    public void close() {
        if (!stream.isOpen()) {
            return;
        }
        stream.close();
        try {
            ImageStream.remove(path);
        } catch (ShmException e) {
            System.err.println("cannot remove " + path + ": " + e.getMessage());
        }
    }
}
