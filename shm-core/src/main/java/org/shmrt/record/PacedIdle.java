package org.shmrt.record;

import java.util.concurrent.locks.LockSupport;
import org.agrona.concurrent.IdleStrategy;

/**
 * Sleeps between polls for a part of the interval at which frames come: a long sleep after a frame, then short ones. A
 * stream that keeps several frames is polled less often. It takes no semaphore, so the writer has nobody to wake. For
 * one thread.
 */
final class PacedIdle implements IdleStrategy {
    private static final long MIN_NS = 50_000L;
    private static final long MAX_NS = 2_000_000L;
    /** Weight of the newest interval in their mean, as a shift. */
    private static final int SMOOTHING = 3;

    private static final int FIRST = 2;
    private static final int LATER = 10;

    private final int depth;
    private long intervalNs = MAX_NS;
    private boolean first = true;

    PacedIdle(int depth) {
        this.depth = depth;
    }

    /** A frame came this long after the one before. */
    void interval(long ns) {
        long bounded = Math.min(Math.max(ns, 0), MAX_NS * FIRST);
        intervalNs += (bounded - intervalNs) >> SMOOTHING;
    }

    @Override
    public void idle(int workCount) {
        if (workCount <= 0) {
            idle();
        }
    }

    @Override
    public void idle() {
        long part = depth > FIRST || first ? intervalNs / FIRST : intervalNs / LATER;
        first = false;
        LockSupport.parkNanos(Math.min(Math.max(part, MIN_NS), MAX_NS));
    }

    @Override
    public void reset() {
        first = true;
    }
}
