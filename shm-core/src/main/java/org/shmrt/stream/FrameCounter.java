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

    /** The last count returned, by which a new sequence is noticed. Threads that share this counter may race here. */
    private long lastSeen;

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
            lastSeen = count;
            return count;
        } catch (InternalError | IllegalStateException e) {
            throw gone(e);
        }
    }

    /**
     * Spins until the stream has counted to at least a given count. Counts have no sign. An interrupt ends the wait within
     * some microseconds, and stays set. A counter that goes back ends the wait too: a new sequence has begun, and the
     * count that was waited for may never come.
     *
     * @param count the count to wait for
     * @param timeoutNs how long to wait at most; 0 to check once
     * @return the newest frame's count: less than {@code count} if the time was up, the thread was interrupted, or the
     *     counter went back
     * @throws ClosedException if the stream is closed, before or during the wait
     * @throws IncompatibleException if another process cut the stream's file off
     */
    public long awaitAtLeast(long count, long timeoutNs) {
        try {
            long now = newestAcquire();
            if (Long.compareUnsigned(now, count) < 0 && timeoutNs > 0 && !isRestarted(now, lastSeen)) {
                now = spin(count, timeoutNs, now);
            }
            Faults.poll();
            lastSeen = now;
            return now;
        } catch (InternalError | IllegalStateException e) {
            throw gone(e);
        }
    }

    private long spin(long count, long timeoutNs, long first) {
        long startNs = 0;
        while (true) {
            // A frame that comes at once meets a loop that polls, not one that reads the clock.
            long now = headers.pollCount(count, POLLS_PER_LOOK);
            if (Long.compareUnsigned(now, count) >= 0 || isRestarted(now, first)) {
                return now;
            }
            long nowNs = System.nanoTime();
            startNs = startNs == 0 ? nowNs : startNs;
            if (nowNs - startNs >= timeoutNs || Thread.currentThread().isInterrupted()) {
                return newestAcquire();
            }
        }
    }

    /** Whether a count is one of a new sequence, which began below an earlier count. */
    private boolean isRestarted(long now, long earlier) {
        return Long.compareUnsigned(now, earlier) < 0
                && now != 0
                && !headers.isIndexAhead(headers.newestSlotAcquire(), now);
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
