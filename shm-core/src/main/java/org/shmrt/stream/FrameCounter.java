package org.shmrt.stream;

import org.shmrt.error.ClosedException;
import org.shmrt.error.IncompatibleException;
import org.shmrt.posix.Faults;
import org.shmrt.stream.engine.MappedStream;
import org.shmrt.stream.engine.SlotHeaders;

/**
 * The count of a stream's newest frame (cnt0), for programs that only need to know that a frame came: a trigger, a
 * watchdog, a loop that counts. The shortest way there is from a writer to another core; a {@link FrameReader} besides
 * looks whether the frame can be read, and after that whether it stayed whole. What DAO's
 * {@code daoShmGetCounter} and {@code daoShmWaitForTargetCounter} are for.
 *
 * <pre>{@code
 * FrameCounter counter = FrameCounter.of(stream);
 * for (long next = counter.get() + 1; counter.awaitAtLeast(next, timeoutNs) >= next; next++) {
 *     trigger();
 * }
 * }</pre>
 *
 * <p>Whoever sees a count sees all that its writer stored before it, for writers of the strict order the whole frame;
 * but at once the next frame may be on its way into the same memory. A stream that is removed, created anew or has lost
 * its writer just counts no further here; a reader tells why.
 *
 * <p>Any number of threads may use one. No call allocates; it ends with its stream and needs no closing.
 */
public final class FrameCounter {
    /** How often a wait looks at the clock, in polls. */
    private static final int POLLS_PER_LOOK = 64;

    private final MappedStream stream;
    private final SlotHeaders headers;

    private FrameCounter(MappedStream stream) {
        this.stream = stream;
        this.headers = stream.headers(stream.segment().asReadOnly());
    }

    /**
     * The counter of a stream.
     *
     * @param stream an open stream
     * @return its counter
     */
    public static FrameCounter of(ImageStream stream) {
        return new FrameCounter(stream.mapped());
    }

    /**
     * The newest frame's count, loaded with acquire order.
     *
     * @return 0 before the first frame
     * @throws ClosedException if the stream is closed
     * @throws IncompatibleException if another process cut the stream's file off
     */
    public long get() {
        try {
            long count = newestAcquire();
            Faults.poll();
            return count;
        } catch (InternalError | IllegalStateException e) {
            throw gone(e);
        }
    }

    /**
     * Spins until the stream has counted that far. An interrupt ends the wait within some microseconds, and stays set.
     *
     * @param count the count to wait for
     * @param timeoutNs how long to wait at most; 0 to look once
     * @return the newest frame's count: less than {@code count} if the time was up or the thread interrupted
     * @throws ClosedException if the stream is closed, before or during the wait
     * @throws IncompatibleException if another process cut the stream's file off
     */
    public long awaitAtLeast(long count, long timeoutNs) {
        try {
            long now = newestAcquire();
            if (now < count && timeoutNs > 0) {
                now = spin(count, timeoutNs);
            }
            Faults.poll();
            return now;
        } catch (InternalError | IllegalStateException e) {
            throw gone(e);
        }
    }

    private long spin(long count, long timeoutNs) {
        long startNs = 0;
        while (true) {
            // A frame that is about to come finds a loop that polls, not one that asks for the time.
            long now = headers.pollCount(count, POLLS_PER_LOOK);
            if (now >= count) {
                return now;
            }
            long nowNs = System.nanoTime();
            startNs = startNs == 0 ? nowNs : startNs;
            if (nowNs - startNs >= timeoutNs || Thread.currentThread().isInterrupted()) {
                return newestAcquire();
            }
        }
    }

    private long newestAcquire() {
        return headers.countAcquire(headers.newestSlotAcquire());
    }

    private RuntimeException gone(Throwable e) {
        if (e instanceof IllegalStateException refused) {
            return stream.isOpen() ? refused : new ClosedException(stream.path() + " is closed");
        }
        return stream.truncated((InternalError) e);
    }
}
