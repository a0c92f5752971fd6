package org.shmrt.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Truncates files while they are mapped, so that accesses to the lost pages fault. */
public final class FileTruncation {
    private FileTruncation() {}

    /** Truncates a file. */
    public static void truncate(Path file, long bytes) {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.truncate(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Starts a thread that truncates a file after a delay, which is exact to a few microseconds. */
    public static Thread truncateAfter(long delayNs, Path file, long bytes) {
        return Thread.ofPlatform().daemon().start(() -> {
            long endNs = System.nanoTime() + delayNs;
            while (System.nanoTime() < endNs) {
                Thread.onSpinWait();
            }
            truncate(file, bytes);
        });
    }
}
