package org.shmrt.bench.rig.report;

import java.util.Locale;
import org.HdrHistogram.Histogram;

/**
 * One run of an exchange by one side, its books checked.
 *
 * @param roundTrips times of the measured messages, ns
 * @param messages messages sent, those before measuring included
 * @param allocatedBytes what both processes allocated for a measured message, on average
 * @param failure why the run proves nothing, or null
 */
public record Run(Histogram roundTrips, long messages, double allocatedBytes, String failure) {
    /** What the failure of a run begins with that was too slow for its rate. */
    public static final String RATE_MISSED = "the rate was missed";

    private static final double RATE_TOLERANCE = 1.05;

    /**
     * Compares what the two processes say.
     *
     * @param warmup messages before measuring
     * @param count messages measured
     * @param periodNs time from one message to the next, or 0
     */
    public static Run of(RunCounters initiator, RunCounters echo, long warmup, long count, long periodNs) {
        long total = warmup + count;
        String failure = null;
        if (initiator.sent() != total
                || echo.received() != total
                || echo.sent() != total
                || initiator.received() != total) {
            failure = "of " + total + " messages " + initiator.sent() + " were sent, " + echo.received() + " received, "
                    + echo.sent() + " answered, " + initiator.received() + " answers received";
        } else if (initiator.bad() + echo.bad() != 0) {
            failure = initiator.bad() + echo.bad() + " messages were out of order or had a wrong content";
        } else if (initiator.roundTrips().getTotalCount() != count) {
            failure = initiator.roundTrips().getTotalCount() + " times were measured for " + count + " messages";
        } else if (initiator.elapsedNs() > count * periodNs * RATE_TOLERANCE && periodNs > 0) {
            failure = String.format(
                    Locale.ROOT,
                    "%s: %.0f messages a second instead of %.0f",
                    RATE_MISSED,
                    count * 1e9 / initiator.elapsedNs(),
                    1e9 / periodNs);
        }
        return new Run(
                initiator.roundTrips(),
                initiator.sent(),
                (double) (initiator.allocatedBytes() + echo.allocatedBytes()) / count,
                failure);
    }

    public static Run failed(String why) {
        return new Run(RunCounters.newHistogram(), 0, 0, why);
    }

    public boolean isGood() {
        return failure == null;
    }
}
