package org.shmrt.bench.determinism;

import java.util.Arrays;

/** Times in ns, stored without allocation, and printed as {@code realtime.h} prints them. */
final class Samples {
    private final long[] values;
    private int count;

    Samples(int capacity) {
        values = new long[capacity];
        Arrays.fill(values, 1); // no page fault later
    }

    void add(long ns) {
        values[count++] = ns;
    }

    int count() {
        return count;
    }

    /** How many of the samples, taken evenly in a time, belong to its first part; at most half of them. */
    int countWithin(long partNs, long wholeNs) {
        return (int) Math.min(count / 2.0, (double) count * partNs / Math.max(1, wholeNs));
    }

    void clear() {
        count = 0;
    }

    /** The line of all samples. */
    String line(String name) {
        return line(name, 0, count);
    }

    /** The line of some samples in the order in which they were added. */
    String line(String name, int from, int to) {
        long[] sorted = Arrays.copyOfRange(values, from, to);
        Arrays.sort(sorted);
        Series series = Series.of(sorted);
        return "SERIES " + name + " " + series.count() + " " + series.p50() + " " + series.p99() + " " + series.p999()
                + " " + series.p9999() + " " + series.max();
    }
}
