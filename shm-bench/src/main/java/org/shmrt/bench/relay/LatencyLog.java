package org.shmrt.bench.relay;

import java.util.Arrays;

/** Latencies of one run, in nanoseconds. */
final class LatencyLog {
    private final long[] values;
    private int size;

    LatencyLog(int capacity) {
        values = new long[capacity];
    }

    /** Adds one, unless the log is full. */
    void add(long ns) {
        if (size < values.length) {
            values[size] = ns;
            size++;
        }
    }

    /** The value below which a fraction of all lies; the largest possible one without any. */
    long at(double fraction) {
        long[] sorted = Arrays.copyOf(values, size);
        Arrays.sort(sorted);
        return sorted.length == 0 ? Long.MAX_VALUE : sorted[(int) (fraction * (sorted.length - 1))];
    }
}
