package org.shmrt.crash;

/**
 * Measures for how long the whole machine stood still, by a thread that sleeps for a moment again and again. Limits on
 * time are for the code, not for a machine with more to do than it can.
 */
@SuppressWarnings("ThreadPriorityCheck") // fewer stalls of its own, no more
final class Stalls {
    private static final long STEP_NS = 2_000_000L;
    private static final long LIMIT_NS = 1_000_000_000L;
    private static final int KEPT = 1 << 14;

    private static final long[] ENDS = new long[KEPT];
    private static final long[] LENGTHS = new long[KEPT];
    private static int next;
    private static long worstNs;

    static {
        Thread.ofPlatform().daemon().priority(Thread.MAX_PRIORITY).start(Stalls::watch);
    }

    private Stalls() {}

    private static void watch() {
        long lastNs = System.nanoTime();
        while (true) {
            java.util.concurrent.locks.LockSupport.parkNanos(STEP_NS);
            long nowNs = System.nanoTime();
            // A sleeper is late by some 0.1 ms on any machine.
            long overNs = nowNs - lastNs - STEP_NS;
            if (overNs > STEP_NS) {
                add(nowNs, overNs);
            }
            lastNs = nowNs;
        }
    }

    private static synchronized void add(long endNs, long lengthNs) {
        ENDS[next] = endNs;
        LENGTHS[next] = lengthNs;
        next = (next + 1) % KEPT;
    }

    /** Time from one moment to another, less that in which nothing ran; an error if it is more than a second. */
    static synchronized long lateness(long fromNs, long toNs) {
        long stoodStillNs = 0;
        for (int i = 0; i < KEPT; i++) {
            if (LENGTHS[i] > 0 && ENDS[i] - fromNs > 0 && ENDS[i] - LENGTHS[i] - toNs < 0) {
                stoodStillNs += LENGTHS[i];
            }
        }
        long lateNs = Math.max(0, toNs - fromNs - stoodStillNs);
        if (lateNs > LIMIT_NS) {
            throw new AssertionError("told " + lateNs / 1_000_000 + " ms after the fact, not within a second (and "
                    + stoodStillNs / 1_000_000 + " ms in which the machine stood still)");
        }
        worstNs = Math.max(worstNs, lateNs);
        return lateNs;
    }

    /** The longest time so far. */
    static synchronized long worstNs() {
        return worstNs;
    }
}
