package org.shmrt.stream.format;

import java.util.Optional;
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

    private static final long NS_PER_MS = 1_000_000L;
    private static final long MAX_TAI_OFFSET_NS = 59_000_000_000L;

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

    /**
     * Whether a time can be that of a frame: between 2000 and now. A time that is not was taken from another clock or
     * has another unit, so it must not be reported as the date of the frame.
     *
     * @param timeNs nanoseconds since 1970 on this clock
     * @return false for 0 too
     */
    public boolean isPlausible(long timeNs) {
        return TimestampCheck.isPlausible(timeNs, wallNs() + offsetNs(), unknownOffsetNs());
    }

    /**
     * Describes why a time cannot be that of a frame.
     *
     * @param timeNs nanoseconds since 1970 on this clock
     * @return a clause such as "is 37 s ahead of this machine's clock: ..."; empty if the time is plausible
     */
    public Optional<String> implausible(long timeNs) {
        // On Linux the JVM's nanoTime is CLOCK_MONOTONIC.
        return TimestampCheck.fault(
                timeNs, wallNs() + offsetNs(), System.nanoTime(), unknownOffsetNs(), offsetNs() != 0);
    }

    private static long wallNs() {
        return System.currentTimeMillis() * NS_PER_MS;
    }

    /** Without native access nobody knows whether the kernel has the offset of TAI. */
    private long unknownOffsetNs() {
        return this == TAI && !Clocks.isTaiOffsetKnown() ? MAX_TAI_OFFSET_NS : 0;
    }
}
