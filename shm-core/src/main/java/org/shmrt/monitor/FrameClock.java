package org.shmrt.monitor;

/**
 * Rate and jitter of a stream of which not every frame is seen: the rate from the counts at two moments, the jitter from
 * intervals between frames that follow one another. For one thread; allocates nothing after construction.
 */
final class FrameClock {
    private static final int POINTS = 64;
    private static final int INTERVALS = 128;
    private static final long WINDOW_NS = 2_500_000_000L;
    private static final int MIN_INTERVALS = 3;
    /** A frame is late if it has not come after this many intervals and this time. */
    private static final int LATE_INTERVALS = 3;

    private static final long LATE_NS = 500_000_000L;
    private static final double NS_PER_S = 1e9;

    private final long[] seenNs = new long[POINTS];
    private final long[] counts = new long[POINTS];
    private long points;
    private final double[] intervals = new double[INTERVALS];
    private long intervalCount;
    private boolean hasFrame;
    private long frameCount;
    private long frameTimeNs;

    /** The count at a moment of the monotonic clock. */
    void recordCount(long count, long nowNs) {
        if (points > 0 && count == counts[last()]) {
            return;
        }
        if (points > 0 && count - counts[last()] < 0) {
            reset(); // the stream was filled again
        }
        int at = (int) (points++ % POINTS);
        counts[at] = count;
        seenNs[at] = nowNs;
    }

    /** The time that is stored in a frame; 0 if the format or the writer stores none. */
    void recordFrame(long count, long timeNs) {
        if (hasFrame && count == frameCount) {
            return;
        }
        if (hasFrame && count == frameCount + 1) {
            recordInterval(timeNs - frameTimeNs);
        }
        hasFrame = timeNs > 0;
        frameCount = count;
        frameTimeNs = timeNs;
    }

    /** The interval between two consecutive frames. */
    void recordInterval(long ns) {
        if (ns > 0) {
            intervals[(int) (intervalCount++ % INTERVALS)] = ns;
        }
    }

    private void reset() {
        points = 0;
        intervalCount = 0;
        hasFrame = false;
    }

    private int last() {
        return (int) ((points - 1) % POINTS);
    }

    /** Whether frames have arrived since the first count. */
    boolean hasArrivals() {
        return points > 1;
    }

    /** The time since the last frame was seen to arrive; -1 if none was. */
    long sinceArrivalNs(long nowNs) {
        return points > 1 ? nowNs - seenNs[last()] : -1;
    }

    /** Whether the next frame is overdue. */
    boolean isLate(long nowNs) {
        return isLate(nowNs, meanIntervalNs(nowNs));
    }

    private boolean isLate(long nowNs, double meanNs) {
        return points > 1 && nowNs - seenNs[last()] > Math.max(LATE_NS, LATE_INTERVALS * meanNs);
    }

    /** Whether frames arrive: {@link State#LIVE}, {@link State#LATE}, or {@link State#IDLE} if none has arrived. */
    State state(long nowNs) {
        return !hasArrivals() ? State.IDLE : isLate(nowNs) ? State.LATE : State.LIVE;
    }

    /** Frames per second over the last seconds, or between the last two frames; 0 if the next one is overdue. */
    double rateHz(long nowNs) {
        double mean = meanIntervalNs(nowNs);
        return points < 2 || mean <= 0 || isLate(nowNs, mean) ? 0 : NS_PER_S / mean;
    }

    private double meanIntervalNs(long nowNs) {
        if (points < 2) {
            return 0;
        }
        int newest = last();
        long steps = 1;
        while (steps + 1 < Math.min(points, POINTS) && nowNs - seenNs[before(steps + 1)] < WINDOW_NS) {
            steps++;
        }
        int oldest = before(steps);
        return (double) (seenNs[newest] - seenNs[oldest]) / (counts[newest] - counts[oldest]);
    }

    private int before(long steps) {
        return (int) ((points - 1 - steps) % POINTS);
    }

    /** Standard deviation of the intervals seen last, nanoseconds; NaN if there are too few. */
    double jitterNs() {
        int known = (int) Math.min(intervalCount, INTERVALS);
        return known < MIN_INTERVALS ? Double.NaN : standardDeviation(intervals, known);
    }

    /** The standard deviation of the first {@code count} values. */
    static double standardDeviation(double[] values, int count) {
        double sum = 0;
        for (int i = 0; i < count; i++) {
            sum += values[i];
        }
        double mean = sum / count;
        double squares = 0;
        for (int i = 0; i < count; i++) {
            squares += (values[i] - mean) * (values[i] - mean);
        }
        return Math.sqrt(squares / count);
    }
}
