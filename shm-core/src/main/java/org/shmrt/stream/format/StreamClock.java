package org.shmrt.stream.format;

import org.shmrt.posix.Clocks;

/** The clock a format stamps its streams with. Nothing blocks and nothing allocates. */
public enum StreamClock {
    /** The wall clock (CLOCK_REALTIME): DAO's. */
    REALTIME,
    /** International atomic time (CLOCK_TAI): milk's. The wall clock where the kernel was not told the offset. */
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
     * @return nanoseconds; 0 for TAI where the kernel was not told, or native access is denied
     */
    public long offsetNs() {
        return this == TAI ? Clocks.taiOffsetNs() : 0;
    }
}
