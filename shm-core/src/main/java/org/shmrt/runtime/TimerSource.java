package org.shmrt.runtime;

import org.shmrt.posix.Clocks;

/** The moments of an absolute grid on the monotonic clock. Each wait counts and skips those that have passed. */
final class TimerSource extends TriggerSource {
    private final long periodNs;
    private final long phaseNs;
    private final long spinNs;
    private final boolean catchUp;
    private long dueNs;

    TimerSource(long periodNs, long phaseNs, long spinNs, LoopPlan plan) {
        this.periodNs = periodNs;
        this.phaseNs = phaseNs;
        this.spinNs = spinNs;
        catchUp = plan.overrunPolicy() == OverrunPolicy.CATCH_UP;
        dueNs = after(System.nanoTime());
    }

    /** The first moment of the grid after a time. */
    private long after(long ns) {
        return ns - Math.floorMod(ns - phaseNs, periodNs) + periodNs;
    }

    @Override
    Arrival await(long timeoutNs) {
        long nowNs = System.nanoTime();
        if (dueNs - nowNs > timeoutNs) {
            Clocks.sleepUntil(nowNs + timeoutNs);
            return Arrival.NOT_YET;
        }
        Clocks.sleepUntil(dueNs - spinNs);
        nowNs = System.nanoTime();
        while (nowNs < dueNs) {
            if (spinNs == 0) {
                return Arrival.NOT_YET; // woken early by a signal
            }
            Thread.onSpinWait();
            nowNs = System.nanoTime();
        }
        startNs = nowNs;
        wakeNs = nowNs - dueNs;
        skipped = 0;
        long nextNs = dueNs + periodNs;
        if (!catchUp && nextNs <= nowNs) {
            long laterNs = after(nowNs);
            skipped = (laterNs - nextNs) / periodNs;
            nextNs = laterNs;
        }
        dueNs = nextNs;
        return Arrival.READY;
    }
}
