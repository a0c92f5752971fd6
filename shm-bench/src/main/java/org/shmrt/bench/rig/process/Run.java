package org.shmrt.bench.rig.process;

import java.util.Locale;
import java.util.Optional;
import org.HdrHistogram.Histogram;

/**
 * The result of one run of a scenario, after a check of the counters of its processes.
 *
 * @param roundTrips times of the measured messages in ns
 * @param messages number of messages sent, including those before the measured ones
 * @param allocatedBytes heap memory that both processes together allocated for a measured message, on average
 * @param failure why the run is not valid, if it is not
 */
public record Run(Histogram roundTrips, long messages, double allocatedBytes, Optional<String> failure) {
    /** How the failure of a run starts that did not keep its rate. */
    public static final String RATE_MISSED = "the rate was missed";

    private static final double RATE_TOLERANCE = 1.05;

    /**
     * Compares the counters of the two processes.
     *
     * @param warmup messages sent before the measured ones
     * @param count measured messages
     * @param periodNs time from one message to the next, or 0
     */
    public static Run of(RunCounters initiator, RunCounters echo, long warmup, long count, long periodNs) {
        return new Run(
                initiator.roundTrips(),
                initiator.sent(),
                (double) (initiator.allocatedBytes() + echo.allocatedBytes()) / count,
                check(initiator, echo, warmup + count, count, periodNs));
    }

    private static Optional<String> check(
            RunCounters initiator, RunCounters echo, long total, long count, long periodNs) {
        if (initiator.sent() != total
                || echo.received() != total
                || echo.sent() != total
                || initiator.received() != total) {
            return Optional.of("of " + total + " messages, " + initiator.sent() + " were sent and " + echo.received()
                    + " received; " + echo.sent() + " replies were sent and " + initiator.received() + " received");
        }
        if (initiator.bad() + echo.bad() != 0) {
            return Optional.of(
                    initiator.bad() + echo.bad() + " of " + total + " messages were out of order or had wrong content");
        }
        if (initiator.roundTrips().getTotalCount() != count) {
            return Optional.of(
                    initiator.roundTrips().getTotalCount() + " times were recorded for " + count + " messages");
        }
        if (initiator.elapsedNs() > count * periodNs * RATE_TOLERANCE && periodNs > 0) {
            return Optional.of(String.format(
                    Locale.ROOT,
                    "%s: %.0f messages per second instead of %.0f",
                    RATE_MISSED,
                    count * 1e9 / initiator.elapsedNs(),
                    1e9 / periodNs));
        }
        return Optional.empty();
    }

    /** A run without a result. */
    public static Run failed(String reason) {
        return new Run(RunCounters.newHistogram(), 0, 0, Optional.of(reason));
    }

    public boolean isGood() {
        return failure.isEmpty();
    }
}
