package org.shmrt.record;

import java.util.function.LongSupplier;
import org.shmrt.posix.Clocks;

/**
 * The clock of a recorder: the wall clock at the start plus the time since then, so it never goes back and keeps all
 * intervals when the wall clock is set. Safe for any thread.
 */
final class RecordingClock {
    private final LongSupplier wallNs;
    private final LongSupplier monotonicNs;
    private final long startWallNs;
    private final long startNs;

    RecordingClock() {
        this(Clocks::realtimeNs, Clocks::monotonicNs);
    }

    RecordingClock(LongSupplier wallNs, LongSupplier monotonicNs) {
        this.wallNs = wallNs;
        this.monotonicNs = monotonicNs;
        startWallNs = wallNs.getAsLong();
        startNs = monotonicNs.getAsLong();
    }

    /** Nanoseconds since 1970-01-01 UTC. */
    long nowNs() {
        return startWallNs + (monotonicNs.getAsLong() - startNs);
    }

    /** How far the wall clock was set forward since the start. */
    long stepNs() {
        return wallNs.getAsLong() - nowNs();
    }
}
