package org.shmrt.cacao;

import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.shmrt.error.BusyException;
import org.shmrt.posix.FileLock;

/**
 * Lets one run at a time work on the files of a stream, by a lock on a hidden file that stays. The kernel frees the
 * lock of a run that is killed.
 */
final class FileMutex {
    private static final long PATIENCE_NS = TimeUnit.SECONDS.toNanos(60);
    private static final long STEP_NS = TimeUnit.MILLISECONDS.toNanos(5);

    private FileMutex() {}

    /** Waits for its turn, for up to a minute, and does the work. */
    static <T> T during(Path file, Supplier<T> work) {
        FileLock lock = take(file);
        try {
            return work.get();
        } finally {
            lock.close();
        }
    }

    private static FileLock take(Path file) {
        if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
            // Two that make it at once must not replace each other's: then each would lock a file of its own.
            WorkFiles.makeOnce(file);
        }
        return await(
                PATIENCE_NS,
                () -> FileLock.tryExclusive(file),
                () -> "another run, " + FileLock.ownerText(file) + ", has been at the same stream for a minute (lock "
                        + file + "): wait for it, or end it");
    }

    /** Asks until the answer is not null. */
    static <T> T await(long patienceNs, Supplier<T> attempt, Supplier<String> complaint) {
        long startNs = System.nanoTime();
        while (true) {
            T result = attempt.get();
            if (result != null) {
                return result;
            }
            if (System.nanoTime() - startNs > patienceNs
                    || Thread.currentThread().isInterrupted()) {
                throw new BusyException(complaint.get());
            }
            LockSupport.parkNanos(STEP_NS);
        }
    }
}
