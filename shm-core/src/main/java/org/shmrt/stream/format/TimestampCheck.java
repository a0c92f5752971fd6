package org.shmrt.stream.format;

import java.time.Instant;
import java.util.Optional;

/**
 * Finds times that cannot be those of a frame: later than now, or so early that the writer used another clock or another
 * unit. Times between 2000 and now are accepted.
 */
final class TimestampCheck {
    private static final long NS_PER_S = 1_000_000_000L;
    private static final long FIRST_NS = Instant.parse("2000-01-01T00:00:00Z").getEpochSecond() * NS_PER_S;
    /** The clock may be adjusted between the frame and the check. */
    private static final long TOLERANCE_NS = NS_PER_S;

    private static final long TAI_NS = 37 * NS_PER_S;

    private TimestampCheck() {}

    /** Whether a time is between 2000 and now. */
    static boolean isPlausible(long timeNs, long nowNs, long unknownOffsetNs) {
        return timeNs >= FIRST_NS && timeNs - nowNs <= TOLERANCE_NS + unknownOffsetNs;
    }

    /**
     * Describes the fault of a time.
     *
     * @param timeNs the time, nanoseconds since 1970 on the clock of the format
     * @param nowNs the present time on the same clock
     * @param monotonicNs the present time of CLOCK_MONOTONIC
     * @param unknownOffsetNs how far the clock of the format may be ahead of {@code nowNs}
     * @param knowsTai whether {@code nowNs} includes the offset of TAI
     * @return a clause that follows "its time", or empty if the time is plausible
     */
    static Optional<String> fault(long timeNs, long nowNs, long monotonicNs, long unknownOffsetNs, boolean knowsTai) {
        if (isPlausible(timeNs, nowNs, unknownOffsetNs)) {
            return Optional.empty();
        }
        if (timeNs >= FIRST_NS) {
            long aheadNs = timeNs - nowNs;
            boolean mayBeTai = !knowsTai && aheadNs <= TAI_NS + TOLERANCE_NS;
            return Optional.of("is " + aheadNs / NS_PER_S + " s ahead of this machine's clock: the clock was set back, "
                    + (mayBeTai
                            ? "or the writer's clock is ahead, or the writer stores TAI, which is 37 s ahead of UTC"
                            : "or the writer's clock is ahead"));
        }
        return Optional.of("is " + instant(timeNs) + ", " + guess(timeNs, nowNs, monotonicNs));
    }

    /** Of the units and clocks with which the time would be in the past, the one with which it is the most recent. */
    private static String guess(long timeNs, long nowNs, long monotonicNs) {
        String best = "which is too early: the writer's clock was not set, or it stores another unit than nanoseconds";
        if (timeNs <= 0) {
            return best;
        }
        double bestAge = nowNs - FIRST_NS;
        double[] ages = {
            monotonicNs - timeNs, nowNs - timeNs * 1e3, nowNs - timeNs * 1e6, nowNs - timeNs * 1e9,
        };
        String[] texts = {
            "which looks like the time since the start of the machine: the writer uses the monotonic clock, not the "
                    + "time of day",
            "which looks like microseconds since 1970: the writer must store nanoseconds",
            "which looks like milliseconds since 1970: the writer must store nanoseconds",
            "which looks like seconds since 1970: the writer must store nanoseconds"
        };
        for (int i = 0; i < ages.length; i++) {
            if (ages[i] >= -TOLERANCE_NS && ages[i] < bestAge) {
                bestAge = ages[i];
                best = texts[i];
            }
        }
        return best;
    }

    private static Instant instant(long timeNs) {
        return Instant.ofEpochSecond(Math.floorDiv(timeNs, NS_PER_S), Math.floorMod(timeNs, NS_PER_S));
    }
}
