package org.shmrt.record;

import java.util.function.LongSupplier;
import org.shmrt.posix.Clocks;

/**
 * The clock of a recorder: the wall clock at the start plus the time since then, so it never goes back and keeps all
 * intervals when the wall clock is set. Safe for any thread.
 */
final class RecordingClock {
    /** The two clocks are read so close together, unless the machine is busy all the time. */
    private static final long CLOSE_NS = 20_000;

    private static final int MAX_READINGS = 100;

    private final LongSupplier wallNs;
    private final LongSupplier monotonicNs;
    private final long startOffsetNs;

    RecordingClock() {
        this(Clocks::realtimeNs, Clocks::monotonicNs);
    }

    RecordingClock(LongSupplier wallNs, LongSupplier monotonicNs) {
        this.wallNs = wallNs;
        this.monotonicNs = monotonicNs;
        startOffsetNs = offsetNs();
    }

    /** The wall clock minus the other one. A thread that is stopped between the two readings would be wrong by that time. */
    private long offsetNs() {
        long offsetNs = 0;
        long closestNs = Long.MAX_VALUE;
        for (int i = 0; i < MAX_READINGS && closestNs > CLOSE_NS; i++) {
            long beforeNs = monotonicNs.getAsLong();
            long wall = wallNs.getAsLong();
            long takenNs = monotonicNs.getAsLong() - beforeNs;
            if (takenNs < closestNs) {
                closestNs = takenNs;
                offsetNs = wall - beforeNs;
            }
        }
        return offsetNs;
    }

    /** Nanoseconds since 1970-01-01 UTC. */
    long nowNs() {
        return startOffsetNs + monotonicNs.getAsLong();
    }

    /** How far the wall clock was set forward since the start. */
    long stepNs() {
        return offsetNs() - startOffsetNs;
    }
}
