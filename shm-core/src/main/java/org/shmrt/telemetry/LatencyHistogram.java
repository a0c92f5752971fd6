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

    private LatencyHistogram(long[] buckets, long count, long sumNs, long maxNs) {
        this.buckets = buckets;
        this.count = count;
        this.sumNs = sumNs;
        this.maxNs = maxNs;
    }

    LatencyHistogram(MemorySegment page, long histogramAt, long summaryAt) {
        buckets = page.asSlice(histogramAt, HistogramLayout.BYTES).toArray(ValueLayout.JAVA_LONG);
        long total = 0;
        for (long bucket : buckets) {
            total += bucket;
        }
        count = total;
        sumNs = page.get(ValueLayout.JAVA_LONG, summaryAt + HistogramLayout.SUM);
        maxNs = page.get(ValueLayout.JAVA_LONG, summaryAt + HistogramLayout.MAX);
    }

    /**
     * How many of the measured times are not longer than a time.
     *
     * @param ns nanoseconds; rounded up by at most 1.6 percent
     * @return their number
     */
    public long countUpTo(long ns) {
        long below = 0;
        int last = ns < 0 ? -1 : HistogramLayout.bucket(ns);
        for (int i = 0; i <= last; i++) {
            below += buckets[i];
        }
        return below;
    }

    /**
     * The times that were added after an earlier snapshot of the same loop. Their maximum is exact if it is the largest
     * time of all, else known to 1.6 percent.
     *
     * @param earlier the same measure in the earlier snapshot
     * @return the times between both snapshots; all times if the loop was armed or started again in between
     */
    public LatencyHistogram since(LatencyHistogram earlier) {
        long[] added = new long[buckets.length];
        int highest = -1;
        for (int i = 0; i < buckets.length; i++) {
            added[i] = buckets[i] - earlier.buckets[i];
            if (added[i] < 0) {
                return this; // the histogram was emptied in between
            }
            highest = added[i] > 0 ? i : highest;
        }
        long max = highest < 0 ? 0 : maxNs > earlier.maxNs ? maxNs : Math.min(HistogramLayout.highest(highest), maxNs);
        return new LatencyHistogram(added, count - earlier.count, sumNs - earlier.sumNs, max);
    }

    /** Whether no writer of this version can have written these values. */
    boolean isDamaged() {
        long total = 0;
        for (long bucket : buckets) {
            if (bucket < 0 || total + bucket < 0) {
                return true;
            }
            total += bucket;
        }
        return sumNs < 0 || maxNs < 0;
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
                return Math.min(HistogramLayout.highest(i), maxNs);
            }
        }
        return 0;
    }
}
