package org.shmrt.stream.engine;

/**
 * How long a reader sleeps if it cannot rely on a post to wake it, because it has no semaphore or others consume its
 * tokens. It learns the interval between frames. After a frame it sleeps for half of that interval, then checks eight times
 * per interval. Used by the reader's thread; nothing allocates.
 */
public final class LookInterval {
    /** Longest sleep: less than the interval of frames of up to about 900 Hz, whatever came before. */
    public static final long MAX_NS = 1_000_000L;
    /** Shortest sleep: Linux adds about as much to it. */
    public static final long MIN_NS = 50_000L;

    private static final int LOOKS = 8;

    private boolean any;
    private long arrivedNs;
    private long count;
    /** 0 until two frames have come. */
    private long intervalNs;

    /** A frame was found. */
    public void arrived(long nowNs, long newCount) {
        long frames = newCount - count;
        if (any && frames > 0) {
            long newNs = Math.max(MIN_NS, (nowNs - arrivedNs) / frames);
            // A shorter interval counts at once, a longer one slowly: frames of a burst must not be lost.
            intervalNs = intervalNs == 0 ? newNs : Math.min(newNs, intervalNs + intervalNs / LOOKS + 1);
        }
        any = true;
        arrivedNs = nowNs;
        count = newCount;
    }

    /** How long to sleep now. */
    public long sleepNs(long nowNs) {
        if (intervalNs == 0) {
            return MAX_NS;
        }
        long untilHalfNs = arrivedNs + intervalNs / 2 - nowNs;
        return Math.clamp(Math.max(untilHalfNs, intervalNs / LOOKS), MIN_NS, MAX_NS);
    }
}
