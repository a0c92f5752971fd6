package org.shmrt.testing;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import org.shmrt.error.ShmException;

/** Changes the size of a file again and again while others open it, in a thread of its own, until it is closed. */
public final class SizeChanges implements AutoCloseable {
    private final Thread thread;
    private volatile boolean ended;

    /** Begins with the sizes, one after another. The last one remains. */
    public SizeChanges(Path file, List<Long> bytes) {
        thread = Thread.ofPlatform().daemon().start(() -> run(file, bytes));
    }

    /**
     * Calls a method often while the size changes. It may fail with the given exception and a message; another exception,
     * such as InternalError, ends the test.
     */
    public static void during(
            Path file, List<Long> bytes, int calls, Class<? extends ShmException> expected, Runnable call) {
        try (SizeChanges _ = new SizeChanges(file, bytes)) {
            for (int i = 0; i < calls; i++) {
                try {
                    call.run();
                } catch (ShmException e) {
                    assertInstanceOf(expected, e);
                    assertFalse(e.getMessage().isBlank());
                }
            }
        }
    }

    private void run(Path file, List<Long> bytes) {
        try (RandomAccessFile opened = new RandomAccessFile(file.toFile(), "rw")) {
            while (!ended) {
                for (long size : bytes) {
                    opened.setLength(size);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        ended = true;
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
