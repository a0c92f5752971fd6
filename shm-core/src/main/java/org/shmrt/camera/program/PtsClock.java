package org.shmrt.camera.program;

import org.shmrt.stream.format.StreamClock;

/**
 * Turns the presentation times of a program into times of the wall clock. Times that are already those of the wall clock
 * stay as they are. Others count from an unknown start: the frame that arrived with the least delay so far gives the
 * start, so no frame is dated later than its arrival, and the jitter of the transport is removed. For one thread.
 */
final class PtsClock {
    /** How fast the start may move forward, so that a clock that runs slow by this part is followed. */
    private static final long DRIFT = 5000;

    private static final long EARLIEST_NS = 1_000_000_000_000_000_000L; // 2001

    private boolean started;
    private long offsetNs;
    private long lastPtsNs;

    /** The time when the frame was acquired; both times are nanoseconds, that of the arrival since 1970. */
    long acquiredNs(long ptsNs, long arrivalNs) {
        if (ptsNs > EARLIEST_NS && StreamClock.REALTIME.isPlausible(ptsNs)) {
            return ptsNs;
        }
        long now = arrivalNs - ptsNs;
        offsetNs = started ? Math.min(now, offsetNs + Math.max(0, ptsNs - lastPtsNs) / DRIFT) : now;
        started = true;
        lastPtsNs = ptsNs;
        return ptsNs + offsetNs;
    }
}
