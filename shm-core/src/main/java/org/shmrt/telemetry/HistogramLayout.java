package org.shmrt.telemetry;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * A histogram in a page. It has 64 buckets for each power of two, so a value is known to 1.6 percent; values below 128 ns
 * are exact, and those of 137 s and more are in the last bucket. Beside it is a summary: sum, maximum, and two words that
 * are not used.
 */
final class HistogramLayout {
    static final int SUMMARY_BYTES = 32;
    static final long SUM = 0;
    static final long MAX = 8;
    static final int BUCKETS = 2048;
    static final int BYTES = BUCKETS * Long.BYTES;

    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG;
    private static final int SUB_BITS = 6;
    private static final long LARGEST = (1L << 37) - 1;

    private HistogramLayout() {}

    static int bucket(long ns) {
        long value = Math.min(ns, LARGEST);
        int shift = Math.max(0, Long.SIZE - 1 - SUB_BITS - Long.numberOfLeadingZeros(value | 1));
        return (shift << SUB_BITS) + (int) (value >>> shift);
    }

    /** The largest value of a bucket. */
    static long highest(int bucket) {
        int shift = Math.max(0, (bucket >>> SUB_BITS) - 1);
        long sub = bucket - ((long) shift << SUB_BITS);
        return ((sub + 1) << shift) - 1;
    }

    /** Adds a time, which must not be negative. Does not allocate. */
    static void add(MemorySegment page, long histogramAt, long summaryAt, long ns) {
        long bucket = histogramAt + (long) bucket(ns) * Long.BYTES;
        page.set(LONG, bucket, page.get(LONG, bucket) + 1);
        page.set(LONG, summaryAt + SUM, page.get(LONG, summaryAt + SUM) + ns);
        if (ns > page.get(LONG, summaryAt + MAX)) {
            page.set(LONG, summaryAt + MAX, ns);
        }
    }
}
