package org.shmrt.stream.inspect;

import java.nio.file.Path;
import org.shmrt.error.IncompatibleException;
import org.shmrt.posix.LockTable;
import org.shmrt.stream.engine.ClaimHolders;

/**
 * Reports on many streams with one read of the kernel's table of locks, which shows which process writes which stream.
 * Acquires no lock, needs no native access and changes nothing. Immutable; safe for any thread.
 */
public final class StreamInspector {
    private final LockTable locks;

    private StreamInspector(LockTable locks) {
        this.locks = locks;
    }

    /**
     * Reads the table of locks now.
     *
     * @return an inspector that reports the writers of this moment
     */
    public static StreamInspector now() {
        return new StreamInspector(LockTable.read());
    }

    /**
     * The complete report on a stream, without {@link StreamInfo#removedSemaphores}, and without the processes that
     * claimed semaphores by locks alone. Takes some tens of microseconds.
     *
     * @param path its file, or a link to it
     * @return the report
     * @throws org.shmrt.error.NotFoundException if there is no such file
     * @throws org.shmrt.error.AccessDeniedException if it may not be read
     * @throws IncompatibleException if it is not a valid stream
     */
    public StreamInfo info(Path path) {
        return StreamInfo.of(path, locks, ClaimHolders.withoutProcesses(locks));
    }

    /**
     * A short report on a stream for lists. Takes a tenth of the time of {@link #info}.
     *
     * @param path its file, or a link to it
     * @return the report
     * @throws org.shmrt.error.NotFoundException if there is no such file
     * @throws org.shmrt.error.AccessDeniedException if it may not be read
     * @throws IncompatibleException if it is not a valid stream
     */
    public StreamSummary summary(Path path) {
        return StreamSummary.of(path, locks);
    }
}
