package org.shmrt.posix;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Posts and acquires a semaphore in a file that another thread keeps truncating and refilling, and prints {@code ok} once
 * an access has faulted and one has succeeded.
 * Runs in its own process, since an unhandled access fault would kill it.
 */
public final class SemaphoreFaultChild {
    private static final long US = 1000L;
    private static final int BYTES = 4096;

    private SemaphoreFaultChild() {}

    public static void main(String[] words) throws Exception {
        Path path = Path.of(words[0]);
        long untilNs = System.nanoTime() + Long.parseLong(words[1]) * 1_000_000L;
        AtomicBoolean done = new AtomicBoolean();
        try (Arena arena = Arena.ofShared()) {
            Semaphore semaphore =
                    Semaphore.inMemory(MappedFile.readWrite(path, arena).segment(), "cut");
            Thread cutting = Thread.ofPlatform().start(() -> truncated(path, done));
            long faults = 0;
            long takes = 0;
            // Longer on a busy machine: until both have happened.
            while (System.nanoTime() < untilNs || faults == 0 || takes == 0) {
                try {
                    if (semaphore.value() < 10) {
                        semaphore.post();
                    }
                    takes += semaphore.acquireSome(20 * US) ? 1 : 0;
                } catch (InternalError e) {
                    faults++;
                }
            }
            done.set(true);
            cutting.join();
            System.out.println("ok");
        }
    }

    private static void truncated(Path path, AtomicBoolean done) {
        try (FileChannel file = FileChannel.open(path, StandardOpenOption.WRITE)) {
            while (!done.get()) {
                file.truncate(0);
                file.write(java.nio.ByteBuffer.wrap(new byte[BYTES]), 0);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
