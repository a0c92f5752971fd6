package org.shmrt.stream;

import java.util.concurrent.locks.LockSupport;
import org.shmrt.error.ClosedException;
import org.shmrt.error.IncompatibleException;
import org.shmrt.posix.Faults;
import org.shmrt.stream.engine.MappedStream;
import org.shmrt.stream.engine.SlotHeaders;
import org.shmrt.text.FileNames;

/**
 * The count of a stream's newest frame (cnt0), for programs that only need to know that a frame was published: a
 * trigger, a watchdog, a loop that counts. It has the lowest latency between a writer and another core, because it does
 * not check whether the frame can be read and remains whole, as a {@link FrameReader} does. Corresponds to DAO's
 * {@code daoShmGetCounter} and {@code daoShmWaitForTargetCounter}.
 *
 * <pre>{@code
 * FrameCounter counter = FrameCounter.of(stream);
 * for (long next = counter.get() + 1; counter.awaitAtLeast(next, timeoutNs) >= next; next++) {
 *     trigger();
 * }
 * }</pre>
 *
 * <p>A thread that loads a count sees all stores that the writer made before it, and so the whole frame if the writer
 * uses the strict order. But the writer may already be writing the next frame into the same memory. If a stream is
 * removed or re-created, or its writer dies, its count here does not change any more; a reader reports the reason.
 *
 * <p>Safe for any number of threads. No call allocates. A counter is usable while its stream is open and need not be
 * closed.
 */
public final class FrameCounter {
    /** Number of polls between two reads of the clock. */
    private static final int POLLS_PER_CLOCK_READ = 64;

    private final MappedStream stream;
    private static final long PARK_NS = 100_000L;

    private final SlotHeaders headers;

    /**
     * The last count returned, by which a new sequence is detected. A race between threads that share this counter is
     * harmless.
     */
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
     * @throws IncompatibleException if another process truncated the stream's file
     */
    public long get() {
        try {
            long count = newestAcquire();
            Faults.poll();
            lastSeen = count;
            return count;
        } catch (InternalError | IllegalStateException e) {
            throw translate(e);
        }
    }

    /**
     * Spins until the count, an unsigned number, has reached a value. An interrupt ends the wait within some
     * microseconds, and its status remains set. A counter that goes back also ends the wait: a new sequence has started
     * and may never reach the value.
     *
     * @param count the count to wait for
     * @param timeoutNs maximum time to wait; 0 to check once
     * @return the newest frame's count; less than {@code count} after a timeout, after an interrupt, or if the counter
     *     went back
     * @throws ClosedException if the stream is closed, before or during the wait
     * @throws IncompatibleException if another process truncated the stream's file
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
            throw translate(e);
        }
    }

    private long spin(long count, long timeoutNs, long first) {
        long startNs = 0;
        long highest = first;
        while (true) {
            // Many polls for each read of the clock, so that a new frame is seen immediately.
            long now = headers.pollCount(count, POLLS_PER_CLOCK_READ);
            if (Long.compareUnsigned(now, count) >= 0 || isRestarted(now, highest)) {
                return now;
            }
            highest = now == 0 || Long.compareUnsigned(now, highest) < 0 ? highest : now;
            if (Thread.currentThread().isVirtual()) {
                // A spin would block the carrier thread for all other virtual threads.
                LockSupport.parkNanos(PARK_NS);
            }
            long nowNs = System.nanoTime();
            startNs = startNs == 0 ? nowNs : startNs;
            if (nowNs - startNs >= timeoutNs || Thread.currentThread().isInterrupted()) {
                return newestAcquire();
            }
        }
    }

    /** Whether a count belongs to a new sequence, because it is lower than an earlier count. */
    private boolean isRestarted(long now, long earlier) {
        if (now == 0 || Long.compareUnsigned(now, earlier) >= 0) {
            return false;
        }
        // The index may have moved since the count was read, so both are read again.
        int slot = headers.newestSlotAcquire();
        long count = headers.countAcquire(slot);
        return count != 0 && Long.compareUnsigned(count, earlier) < 0 && headers.isNewSequence(slot, count);
    }

    private long newestAcquire() {
        return headers.countAcquire(headers.newestSlotAcquire());
    }

    /** The exception for a failed access: the memory of a closed stream throws an illegal state. */
    private RuntimeException translate(Throwable e) {
        if (e instanceof IllegalStateException illegalState) {
            return stream.isOpen()
                    ? illegalState
                    : new ClosedException("the stream " + FileNames.text(stream.path()) + " is closed");
        }
        return stream.truncated((InternalError) e);
    }
}
