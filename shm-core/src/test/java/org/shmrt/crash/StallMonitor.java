package org.shmrt.crash;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.locks.LockSupport;

/**
 * Measures for how long the machine stalled, by a thread that repeatedly sleeps for a short time. Time limits apply to
 * the code under test, not to an overloaded machine.
 */
@SuppressWarnings("ThreadPriorityCheck") // a higher priority only reduces false stalls
final class StallMonitor {
    private static final long STEP_NS = 2_000_000L;
    private static final long LIMIT_NS = 1_000_000_000L;
    private static final int CAPACITY = 1 << 14;

    private static final long[] ENDS = new long[CAPACITY];
    private static final long[] LENGTHS = new long[CAPACITY];
    private static int next;
    private static long worstNs;

    static {
        Thread.ofPlatform().daemon().priority(Thread.MAX_PRIORITY).start(StallMonitor::watch);
    }

    private StallMonitor() {}

    private static void watch() {
        long lastNs = System.nanoTime();
        while (true) {
            LockSupport.parkNanos(STEP_NS);
            long nowNs = System.nanoTime();
            // Any sleep ends about 0.1 ms late.
            long excessNs = nowNs - lastNs - STEP_NS;
            if (excessNs > STEP_NS) {
                add(nowNs, excessNs);
            }
            lastNs = nowNs;
        }
    }

    private static synchronized void add(long endNs, long lengthNs) {
        ENDS[next] = endNs;
        LENGTHS[next] = lengthNs;
        next = (next + 1) % CAPACITY;
    }

    /**
     * Returns the time between two moments without stalls and without the time that the observing thread had to wait
     * for a core; fails if it exceeds one second.
     */
    static synchronized long lateness(long fromNs, long toNs, long queuedNs) {
        long stalledNs = 0;
        for (int i = 0; i < CAPACITY; i++) {
            if (LENGTHS[i] > 0 && ENDS[i] - fromNs > 0 && ENDS[i] - LENGTHS[i] - toNs < 0) {
                stalledNs += LENGTHS[i];
            }
        }
        long lateNs = Math.max(0, toNs - fromNs - stalledNs - queuedNs);
        if (lateNs > LIMIT_NS) {
            throw new AssertionError("notified " + lateNs / 1_000_000 + " ms after the event, more than a second; the "
                    + stalledNs / 1_000_000 + " ms for which the machine stalled and the " + queuedNs / 1_000_000
                    + " ms for which the thread waited for a core do not count");
        }
        worstNs = Math.max(worstNs, lateNs);
        return lateNs;
    }

    /** For how long the calling thread has been ready to run without a core, since its start; see proc(5). */
    static long queuedNs() {
        try {
            return Long.parseLong(
                    Files.readString(Path.of("/proc/thread-self/schedstat")).split("\\s+")[1]);
        } catch (IOException e) {
            return 0; // a kernel without scheduler statistics
        }
    }

    /** The longest result so far. */
    static synchronized long worstNs() {
        return worstNs;
    }
}
