package org.shmrt.bench.determinism;

/** The percentiles of some times, in ns. */
record Series(long count, long p50, long p99, long p999, long p9999, long max) {
    static Series of(long[] sorted) {
        int n = sorted.length;
        return n == 0
                ? new Series(0, 0, 0, 0, 0, 0)
                : new Series(n, at(sorted, .5), at(sorted, .99), at(sorted, .999), at(sorted, .9999), sorted[n - 1]);
    }

    private static long at(long[] sorted, double quantile) {
        int index = (int) Math.ceil(quantile * sorted.length) - 1;
        return sorted[Math.clamp(index, 0, sorted.length - 1)];
    }

    /** A percentile by its name in reports. */
    long get(String name) {
        return switch (name) {
            case "p50" -> p50;
            case "p99" -> p99;
            case "p99.9" -> p999;
            case "p99.99" -> p9999;
            case "max" -> max;
            default -> throw new IllegalArgumentException(name);
        };
    }
}
