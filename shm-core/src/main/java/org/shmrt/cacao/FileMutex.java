package org.shmrt.cacao;

import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.shmrt.error.BusyException;
import org.shmrt.posix.FileLock;
import org.shmrt.text.FileNames;

/**
 * Serialises runs that work on the files of the same stream, by a lock on a hidden file that is never removed. The kernel
 * releases the lock of a run that is killed.
 */
final class FileMutex {
    private static final long TIMEOUT_NS = TimeUnit.SECONDS.toNanos(60);
    private static final long POLL_NS = TimeUnit.MILLISECONDS.toNanos(5);

    private FileMutex() {}

    /** Waits up to a minute for the lock, and does the work while holding it. */
    static <T> T during(Path file, Supplier<T> work) {
        FileLock lock = acquire(file);
        try {
            return work.get();
        } finally {
            lock.close();
        }
    }

    private static FileLock acquire(Path file) {
        if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
            // Two runs must not replace the file of each other: each would lock its own.
            WorkFiles.createIfAbsent(file);
        }
        return await(
                TIMEOUT_NS,
                () -> Optional.ofNullable(FileLock.tryExclusive(file)),
                () -> FileLock.ownerText(file) + " has worked on the same stream for a minute (lock "
                        + FileNames.text(file) + "): wait until it ends, or stop it");
    }

    /**
     * Repeats an attempt until it gives a result.
     *
     * @param message explains a timeout
     * @throws BusyException if there is no result in time, or the thread is interrupted
     */
    static <T> T await(long timeoutNs, Supplier<Optional<T>> attempt, Supplier<String> message) {
        long startNs = System.nanoTime();
        while (true) {
            Optional<T> result = attempt.get();
            if (result.isPresent()) {
                return result.get();
            }
            if (System.nanoTime() - startNs > timeoutNs
                    || Thread.currentThread().isInterrupted()) {
                throw new BusyException(message.get());
            }
            LockSupport.parkNanos(POLL_NS);
        }
    }
}
