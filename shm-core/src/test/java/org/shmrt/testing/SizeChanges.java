package org.shmrt.testing;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/** Changes the size of a file again and again while others open it. */
public final class SizeChanges {
    private SizeChanges() {}

    /**
     * Starts a thread that changes the size.
     *
     * @param bytes the sizes, one after another; the last one remains
     * @param ended becomes true at the end of the test
     */
    public static Thread start(Path file, List<Long> bytes, AtomicBoolean ended) {
        return Thread.ofPlatform().daemon().start(() -> {
            try (RandomAccessFile opened = new RandomAccessFile(file.toFile(), "rw")) {
                while (!ended.get()) {
                    for (long size : bytes) {
                        opened.setLength(size);
                    }
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }
}
