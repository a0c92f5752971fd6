package org.shmrt.telemetry;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** The times of one measure at the moment of a snapshot. Immutable. A value is known to 1.6 percent, the maximum exactly. */
public final class LatencyHistogram {
    private static final double PERCENT = 100;

    private final long[] buckets;
    private final long count;
    private final long sumNs;
    private final long maxNs;

    LatencyHistogram(MemorySegment page, int measure) {
        buckets = page.asSlice(
                        PageLayout.HISTOGRAMS_AT + (long) measure * PageLayout.HISTOGRAM_BYTES,
                        PageLayout.HISTOGRAM_BYTES)
                .toArray(ValueLayout.JAVA_LONG);
        long total = 0;
        for (long bucket : buckets) {
            total += bucket;
        }
        long summary = PageLayout.SUMMARIES_AT + (long) measure * PageLayout.SUMMARY_BYTES;
        count = total;
        sumNs = page.get(ValueLayout.JAVA_LONG, summary + PageLayout.SUM);
        maxNs = page.get(ValueLayout.JAVA_LONG, summary + PageLayout.MAX);
    }

    /**
     * How many times were measured.
     *
     * @return their number
     */
    public long count() {
        return count;
    }

    /**
     * The largest time.
     *
     * @return nanoseconds, 0 without a measured time
     */
    public long maxNs() {
        return maxNs;
    }

    /**
     * The mean.
     *
     * @return nanoseconds, 0 without a measured time
     */
    public double meanNs() {
        return count == 0 ? 0 : (double) sumNs / count;
    }

    /**
     * The time below which a share of the measured times is.
     *
     * @param percentile 0 to 100
     * @return nanoseconds, 0 without a measured time
     */
    public long percentileNs(double percentile) {
        if (!(percentile >= 0 && percentile <= PERCENT)) {
            throw new IllegalArgumentException("a percentile is between 0 and 100, not " + percentile);
        }
        long rank = Math.max(1, (long) Math.ceil(count * (percentile / PERCENT)));
        long below = 0;
        for (int i = 0; i < buckets.length; i++) {
            below += buckets[i];
            if (below >= rank) {
                return Math.min(PageLayout.highest(i), maxNs);
            }
        }
        return 0;
    }
}
