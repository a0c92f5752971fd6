package org.shmrt.web.frame;

import java.util.Arrays;
import java.util.OptionalDouble;

/**
 * Rate, intervals and losses of a stream, from the counts that its reader saw. For one thread at a time; recording does
 * not allocate.
 */
final class FrameRates {
    /** Seconds of history of the mean interval. */
    static final int SECONDS = 60;

    private static final long SECOND_NS = 1_000_000_000L;
    /** The rate is that of the last seconds, because without stamps a count is known to a tenth of a second only. */
    private static final int RATE_SECONDS = 3;

    private static final int INTERVALS = 512;
    private static final int MIN_INTERVALS = 16;
    private static final long INTERVALS_VALID_NS = 5 * SECOND_NS;
    private static final double SILENT_INTERVALS = 3;
    /** In a faster stream the reader cannot see each frame, so that an unseen one says nothing. */
    private static final double MIN_SEEN_INTERVAL_NS = 5e6;

    private static final double NS_PER_US = 1e3;

    private final Mark last = new Mark();
    private final Mark[] marks = new Mark[RATE_SECONDS];
    private final double[] meanUs = new double[SECONDS];
    private final long[] intervals = new long[INTERVALS];
    private long nextSecondNs;
    private long seconds;
    private long intervalCount;
    private long lastIntervalNs;
    private double rateHz = Double.NaN;
    private double intervalNs = Double.NaN;
    private long lost;

    /** A count and when it was seen. */
    private static final class Mark {
        private boolean exists;
        private long count;
        private long acquiredNs;
        private long seenNs;

        void set(Mark from) {
            set(from.count, from.acquiredNs, from.seenNs);
            exists = from.exists;
        }

        void set(long newCount, long newAcquiredNs, long newSeenNs) {
            exists = true;
            count = newCount;
            acquiredNs = newAcquiredNs;
            seenNs = newSeenNs;
        }

        /** Time since an earlier frame. */
        long sinceNs(Mark earlier) {
            return earlier.untilNs(acquiredNs, seenNs);
        }

        /** Time until a later frame: by the writer's stamps if it stores them. */
        long untilNs(long laterAcquiredNs, long laterSeenNs) {
            return laterAcquiredNs > acquiredNs && acquiredNs > 0 ? laterAcquiredNs - acquiredNs : laterSeenNs - seenNs;
        }
    }

    FrameRates(long nowNs) {
        nextSecondNs = nowNs + SECOND_NS;
        Arrays.setAll(marks, i -> new Mark());
        Arrays.fill(meanUs, Double.NaN);
    }

    /** How often the reader looked between the last frame it saw and this one. */
    enum Looking {
        /** The reader looks often enough to see each frame of a usual camera: a gap is a loss. */
        CLOSELY,
        /** The reader looks now and then. */
        RARELY
    }

    /** The reader saw a new frame. */
    void record(long count, long acquiredNs, long nowNs, Looking looking) {
        long passed = count - last.count;
        if (last.exists && passed == 1) {
            intervals[(int) (intervalCount % INTERVALS)] = last.untilNs(acquiredNs, nowNs);
            intervalCount++;
            lastIntervalNs = nowNs;
        } else if (last.exists && passed > 1 && looking == Looking.CLOSELY && intervalNs >= MIN_SEEN_INTERVAL_NS) {
            lost += passed - 1;
        } else if (passed < 0) {
            last.exists = false; // the counter was set back: another sequence of frames
            intervalCount = 0;
        }
        boolean first = !last.exists;
        last.set(count, acquiredNs, nowNs);
        for (int i = 0; first && i < RATE_SECONDS; i++) {
            marks[i].set(last);
        }
    }

    /** Called at least ten times a second: closes seconds that have passed. */
    void tick(long nowNs) {
        // After a long pause only the seconds that are kept.
        nextSecondNs = Math.max(nextSecondNs, nowNs - SECONDS * SECOND_NS);
        while (nowNs - nextSecondNs >= 0) {
            closeSecond(nowNs);
            nextSecondNs += SECOND_NS;
        }
    }

    private void closeSecond(long nowNs) {
        Mark newest = marks[(int) ((seconds + RATE_SECONDS - 1) % RATE_SECONDS)];
        meanUs[(int) (seconds % SECONDS)] = newest.exists && last.count != newest.count
                ? last.sinceNs(newest) / NS_PER_US / (last.count - newest.count)
                : Double.NaN;
        Mark oldest = marks[(int) (seconds % RATE_SECONDS)];
        long frames = last.count - oldest.count;
        if (oldest.exists && frames > 0 && last.sinceNs(oldest) > 0) {
            intervalNs = (double) last.sinceNs(oldest) / frames;
            rateHz = SECOND_NS / intervalNs;
        } else if (last.exists && nowNs - last.seenNs > Math.max(RATE_SECONDS * SECOND_NS, silenceNs())) {
            rateHz = 0;
        }
        marks[(int) (seconds % RATE_SECONDS)].set(last);
        seconds++;
    }

    private double silenceNs() {
        return Double.isNaN(intervalNs) ? 0 : SILENT_INTERVALS * intervalNs;
    }

    /** Frames a second; empty before it is known. */
    OptionalDouble rateHz() {
        return Double.isNaN(rateHz) ? OptionalDouble.empty() : OptionalDouble.of(rateHz);
    }

    /** Mean time between frames while there were some, nanoseconds; NaN before it is known. */
    double intervalNs() {
        return intervalNs;
    }

    /** The time between consecutive frames at each percentile, microseconds; empty if too few were seen lately. */
    double[] percentilesUs(long nowNs, double... percentiles) {
        int length = (int) Math.min(intervalCount, INTERVALS);
        if (length < MIN_INTERVALS || nowNs - lastIntervalNs > INTERVALS_VALID_NS) {
            return new double[0];
        }
        long[] sorted = Arrays.copyOf(intervals, length);
        Arrays.sort(sorted);
        double[] values = new double[percentiles.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = sorted[(int) Math.min(length - 1L, (long) (length * percentiles[i] / 100))] / NS_PER_US;
        }
        return values;
    }

    /** Mean interval of each second, the newest last, microseconds; NaN for a second without frames. */
    double[] meanUs() {
        int length = (int) Math.min(seconds, SECONDS);
        double[] ordered = new double[length];
        for (int i = 0; i < length; i++) {
            ordered[i] = meanUs[(int) ((seconds - length + i) % SECONDS)];
        }
        return ordered;
    }

    /** Frames that passed unseen while the reader looked closely, of a stream that it can follow. */
    long lost() {
        return lost;
    }
}
