package org.shmrt.runtime;

import org.shmrt.posix.Clocks;

/**
 * Decides how long before the next frame a loop wakes up to spin. It expects frames on a grid, which follows early frames
 * at once and late ones slowly: after a frame that is late once, the next one is usually on time. The guard time follows
 * the loop's own late wake-ups: it is what 199 of 200 of them keep. Sleeping in each period also keeps a real-time thread
 * below the kernel's limit of 95 percent of a second. For the loop's thread.
 */
final class SpinGuard {
    private static final long FIRST_GUARD_NS = 100_000;
    private static final long SHORTEST_NS = 20_000;
    private static final long STEP_NS = 125;
    /** One late wake-up in 200 keeps the guard where it is: then the 99th percentile of the loop's wake-ups is a spin's. */
    private static final int ALLOWED = 199;

    private static final int SMOOTHING = 16;
    /** A frame that is there so soon after the wake-up may have come during the sleep. */
    private static final long AT_ONCE_NS = 3_000;
    /** Periods in a row far from the estimate that start a new estimate. */
    private static final int NEW_RATE = 8;

    private final boolean longSpin;
    private final Runnable prefetch;
    private long guardNs = FIRST_GUARD_NS;
    private long periodNs;
    private long arrivedNs;
    /** When the newest frame was due on the grid. */
    private long gridNs;

    private long count;
    private long wokeNs;
    private int outliers;

    /**
     * A guard that has learned nothing yet.
     *
     * @param longSpin whether to spin for most of the period, and sleep only as long as necessary
     * @param prefetch runs after each sleep; the guard time contains its duration
     */
    SpinGuard(boolean longSpin, Runnable prefetch) {
        this.longSpin = longSpin;
        this.prefetch = prefetch;
    }

    /** Sleeps until shortly before the next frame, but not beyond the limit. */
    void sleep(long latestNs) {
        wokeNs = 0;
        if (periodNs == 0) {
            return;
        }
        long guard = longSpin ? periodNs - periodNs / 8 : Math.min(guardNs, periodNs / 2);
        long dueNs = Math.min(gridNs + periodNs - guard, latestNs);
        long nowNs = System.nanoTime();
        if (dueNs - nowNs < SHORTEST_NS) {
            return;
        }
        Clocks.sleepUntil(dueNs);
        prefetch.run();
        wokeNs = System.nanoTime();
        learnGuard(wokeNs - dueNs);
    }

    private void learnGuard(long lateNs) {
        long change = lateNs + SHORTEST_NS > guardNs ? ALLOWED * STEP_NS : -STEP_NS;
        guardNs = Math.max(SHORTEST_NS, guardNs + change);
        guardNs = Math.min(guardNs, Math.max(SHORTEST_NS, periodNs / 2));
    }

    /** A frame was taken. */
    void arrived(long nowNs, long newCount) {
        long frames = newCount - count;
        boolean goesOn = count != 0 && frames > 0;
        long dueNs = gridNs + frames * periodNs;
        if (goesOn) {
            learnPeriod((nowNs - arrivedNs) / frames);
        }
        boolean slept = wokeNs != 0 && nowNs - wokeNs < AT_ONCE_NS;
        // It may have come at any time of the sleep: look for it earlier next time.
        arrivedNs = slept ? nowNs - Math.min(guardNs, periodNs / 4) : nowNs;
        long lateNs = arrivedNs - dueNs;
        boolean isLate = goesOn && lateNs > 0 && lateNs < periodNs / 2;
        gridNs = isLate ? dueNs + lateNs / SMOOTHING : arrivedNs;
        count = newCount;
    }

    private void learnPeriod(long measuredNs) {
        boolean far = Math.abs(measuredNs - periodNs) > periodNs / 4;
        outliers = far ? outliers + 1 : 0;
        if (periodNs == 0 || outliers >= NEW_RATE) {
            periodNs = measuredNs;
            outliers = 0;
        } else if (!far) {
            periodNs += (measuredNs - periodNs) / SMOOTHING;
        }
    }

    /** {@return when the newest frame was due} */
    long gridNs() {
        return gridNs;
    }

    long guardNs() {
        return guardNs;
    }

    long periodNs() {
        return periodNs;
    }
}
