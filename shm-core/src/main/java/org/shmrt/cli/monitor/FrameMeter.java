package org.shmrt.cli.monitor;

import org.HdrHistogram.Histogram;

/**
 * Counts the frames of a stream and the time between them. One thread tells of frames, another takes measurements; the
 * two hardly ever meet, so neither waits. Nothing allocates per frame.
 */
public final class FrameMeter {
    /** Longer intervals count as this. */
    private static final long LONGEST_NS = 3_600_000_000_000L;

    private static final int DIGITS = 3;

    private Histogram byAcquired = empty();
    private Histogram byArrival = empty();
    private boolean acquiredUsable = true;
    private long startNs;
    private long frames;
    private long skipped;
    private boolean stuck;

    /** The last frame that was seen whole. */
    private boolean hasLast;

    private long lastCount;
    private long lastAcquiredNs;
    private long lastArrivalNs;

    /** The frame from which the rate is reckoned: the last one of the measurement before. */
    private boolean hasBase;

    private long baseCount;
    private long baseArrivalNs;

    public FrameMeter(long startNs) {
        this.startNs = startNs;
    }

    private static Histogram empty() {
        return new Histogram(1, LONGEST_NS, DIGITS);
    }

    /** A frame came, after {@code lost} that were not seen. */
    public synchronized void frame(long count, long lost, long acquiredNs, long arrivalNs) {
        frames += lost + 1;
        skipped += lost;
        stuck = false;
        if (hasLast && count == lastCount + 1) {
            byArrival.recordValue(Math.clamp(arrivalNs - lastArrivalNs, 0, LONGEST_NS));
            if (acquiredNs > lastAcquiredNs && lastAcquiredNs > 0) {
                byAcquired.recordValue(Math.clamp(acquiredNs - lastAcquiredNs, 0, LONGEST_NS));
            } else {
                acquiredUsable = false; // a writer that does not stamp its frames, or a clock that was set
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

    /** A frame came, after {@code lost} others, but was overwritten before it had been looked at. */
    public synchronized void overwritten(long lost) {
        frames += lost + 1;
        skipped += lost + 1;
    }

    /** The writer seems to have died in the middle of a frame. */
    synchronized void stuck() {
        stuck = true;
    }

    /** A stream begins, with the counter it has: it has nothing to do with those before. */
    synchronized void begin(long count) {
        hasLast = false;
        hasBase = false;
        lastCount = count;
        stuck = false;
    }

    /** What was seen since the last call. */
    public synchronized Measurement take(long nowNs) {
        double seconds = (nowNs - startNs) / 1e9;
        Measurement taken = new Measurement(
                seconds,
                frames,
                rateHz(seconds),
                lastCount,
                skipped,
                acquiredUsable ? "acquired" : "arrival",
                acquiredUsable ? byAcquired : byArrival,
                stuck);
        byAcquired = empty();
        byArrival = empty();
        acquiredUsable = true;
        startNs = nowNs;
        frames = 0;
        skipped = 0;
        if (hasLast) {
            hasBase = true;
            baseCount = lastCount;
            baseArrivalNs = lastArrivalNs;
        }
        return taken;
    }

    /** From frame to frame: a slow stream shows its rate, and not how many of its frames fell into the measurement. */
    private double rateHz(double seconds) {
        if (frames == 0) {
            return 0;
        }
        return hasBase && lastCount > baseCount
                ? (lastCount - baseCount) / ((lastArrivalNs - baseArrivalNs) / 1e9)
                : frames / seconds;
    }
}
