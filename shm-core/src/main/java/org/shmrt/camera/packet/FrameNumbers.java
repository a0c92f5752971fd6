package org.shmrt.camera.packet;

/**
 * Turns the frame numbers of packets, which wrap around, into numbers that grow by 1 from frame to frame. For one thread.
 */
final class FrameNumbers {
    /** A larger step forward is a sender that has started again, and no loss. */
    private static final long MAX_LOSS = 1 << 20;
    /** A frame that is older than this is one of a sender that has started again, and no late packet. */
    private static final long MAX_DELAY = 64;

    private final int bits;
    private final double knownStep;
    private double step;
    private boolean started;
    private long lastRaw;
    private long lastUnwrapped;
    private long baseUnwrapped;
    private long base;
    private volatile long restarts;
    private boolean mayRestart;

    FrameNumbers(int bits, double knownStep) {
        this.bits = bits;
        this.knownStep = knownStep;
        this.step = knownStep;
    }

    /** The number of a frame. The first one is that of the sender, if its numbers grow by 1. */
    long of(long raw) {
        if (!started) {
            start(raw, knownStep == 1 ? raw : 0);
            return base;
        }
        boolean restartIsLikely = mayRestart;
        mayRestart = false;
        int unused = Long.SIZE - bits;
        long difference = ((raw - lastRaw) << unused) >> unused;
        if (difference == 0) {
            return number(lastUnwrapped);
        }
        if (step == 0 || (knownStep == 0 && difference > 0 && difference < step * 0.75)) {
            rebase((double) Math.abs(difference));
        }
        double frames = difference / step;
        if ((restartIsLikely && difference < 0)
                || frames > Math.min(MAX_LOSS, (1L << (bits - 2)) / step)
                || frames < -MAX_DELAY) {
            countRestart();
            start(raw, number(lastUnwrapped) + 1);
            return base;
        }
        if (difference > 0) {
            lastRaw = raw;
            lastUnwrapped += difference;
            return number(lastUnwrapped);
        }
        return number(lastUnwrapped + difference);
    }

    /** The next packet comes after a silence: one of an older frame is no late packet. */
    void allowRestart() {
        mayRestart = true;
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // one thread writes
    private void countRestart() {
        restarts++;
    }

    private void start(long raw, long number) {
        started = true;
        lastRaw = raw;
        lastUnwrapped = 0;
        baseUnwrapped = 0;
        base = number;
    }

    /** Continues from the last number with another step. */
    private void rebase(double newStep) {
        base = step == 0 ? base : number(lastUnwrapped);
        baseUnwrapped = lastUnwrapped;
        step = newStep;
    }

    private long number(long unwrapped) {
        return step == 0 ? base : base + Math.round((unwrapped - baseUnwrapped) / step);
    }

    /** How often the sender has started its numbers again. */
    long restarts() {
        return restarts;
    }
}
