package org.shmrt.stream.format;

import org.shmrt.posix.Clocks;

/** The clock of a format's time fields. No call blocks or allocates. Safe for any thread. */
public enum StreamClock {
    /** The wall clock (CLOCK_REALTIME): DAO's. */
    REALTIME,
    /**
     * International atomic time (CLOCK_TAI): milk's. Equals the wall clock where the offset is not configured in the
     * kernel.
     */
    TAI;

    /**
     * The time now.
     *
     * @return nanoseconds since 1970 on this clock
     */
    public long nowNs() {
        return this == TAI ? Clocks.taiNs() : Clocks.realtimeNs();
    }

    /**
     * How far the clock is ahead of the wall clock.
     *
     * @return nanoseconds; 0 for TAI if the offset is not configured in the kernel, or native access is denied
     */
    public long offsetNs() {
        return this == TAI ? Clocks.taiOffsetNs() : 0;
    }
}
