package org.shmrt.testing;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;

/** Changes the size of a file again and again while others open it, in a thread of its own, until it is closed. */
public final class SizeChanges implements AutoCloseable {
    private final Thread thread;
    private volatile boolean ended;

    /** Begins with the sizes, one after another. The last one remains. */
    public SizeChanges(Path file, List<Long> bytes) {
        thread = Thread.ofPlatform().daemon().start(() -> run(file, bytes));
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
