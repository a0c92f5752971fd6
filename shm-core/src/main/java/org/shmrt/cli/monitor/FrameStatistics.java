package org.shmrt.cli.monitor;

import org.HdrHistogram.Histogram;

/**
 * Counts the frames of a stream and records the time between them. One thread records frames and another takes
 * samples. The lock is almost never contended, and recording a frame allocates nothing.
 */
final class FrameStatistics {
    /** Longer intervals are recorded as this. */
    private static final long MAX_INTERVAL_NS = 3_600_000_000_000L;

    private static final int SIGNIFICANT_DIGITS = 3;

    private Histogram acquisitionIntervals = emptyHistogram();
    private Histogram arrivalIntervals = emptyHistogram();
    private boolean hasAcquisitionTimes = true;
    private long startNs;
    private long frames;
    private long skipped;
    private boolean stuck;

    /** The last frame that was read without being overwritten. */
    private boolean hasLast;

    private long lastCount;
    private long lastAcquiredNs;
    private long lastArrivalNs;

    /** The frame from which the rate is computed: the last one of the previous sample. */
    private boolean hasBase;

    private long baseCount;
    private long baseArrivalNs;

    FrameStatistics(long startNs) {
        this.startNs = startNs;
    }

    static Histogram emptyHistogram() {
        return new Histogram(1, MAX_INTERVAL_NS, SIGNIFICANT_DIGITS);
    }

    /** A frame was read, after {@code lost} frames that were not. */
    synchronized void recordFrame(long count, long lost, long acquiredNs, long arrivalNs) {
        frames += lost + 1;
        skipped += lost;
        stuck = false;
        if (hasLast && count == lastCount + 1) {
            arrivalIntervals.recordValue(Math.clamp(arrivalNs - lastArrivalNs, 0, MAX_INTERVAL_NS));
            if (acquiredNs > lastAcquiredNs && lastAcquiredNs > 0) {
                acquisitionIntervals.recordValue(Math.clamp(acquiredNs - lastAcquiredNs, 0, MAX_INTERVAL_NS));
            } else {
                hasAcquisitionTimes = false; // the writer stores no times, or the clock was set
            }
        }
        hasLast = true;
        lastCount = count;
        lastAcquiredNs = acquiredNs;
        lastArrivalNs = arrivalNs;
        if (!hasBase) {
            hasBase = true;
            baseCount = count;
            baseArrivalNs = arrivalNs;
        }
    }

    /** A frame arrived, after {@code lost} others, but was overwritten while it was read. */
    synchronized void recordOverwritten(long lost) {
        frames += lost + 1;
        skipped += lost + 1;
    }

    /** The writer seems to have died in the middle of a frame. */
    synchronized void recordStuck() {
        stuck = true;
    }

    /** A stream was opened and has this counter; its frames are not related to those of an earlier stream. */
    synchronized void recordOpened(long count) {
        hasLast = false;
        hasBase = false;
        lastCount = count;
        stuck = false;
    }

    /** Returns what was recorded since the last call, and starts the next sample. */
    synchronized WatchSample takeSample(long nowNs) {
        double seconds = (nowNs - startNs) / 1e9;
        WatchSample sample = new WatchSample(
                seconds,
                frames,
                rateHz(seconds),
                lastCount,
                skipped,
                hasAcquisitionTimes ? WatchSample.Clock.ACQUIRED : WatchSample.Clock.ARRIVAL,
                hasAcquisitionTimes ? acquisitionIntervals : arrivalIntervals,
                stuck);
        acquisitionIntervals = emptyHistogram();
        arrivalIntervals = emptyHistogram();
        hasAcquisitionTimes = true;
        startNs = nowNs;
        frames = 0;
        skipped = 0;
        if (hasLast) {
            hasBase = true;
            baseCount = lastCount;
            baseArrivalNs = lastArrivalNs;
        }
        return sample;
    }

    /** From frame to frame, so that the rate of a slow stream does not depend on where the sample begins and ends. */
    private double rateHz(double seconds) {
        if (frames == 0) {
            return 0;
        }
        // counters have no sign, but their difference has
        return hasBase && lastCount - baseCount > 0
                ? (lastCount - baseCount) / ((lastArrivalNs - baseArrivalNs) / 1e9)
                : frames / seconds;
    }
}
