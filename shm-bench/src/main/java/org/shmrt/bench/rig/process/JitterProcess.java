package org.shmrt.bench.rig.process;

import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;

/** A thread that sleeps until fixed times and records how late it wakes up. The same as jitter.c. */
public final class JitterProcess {
    /** Wake-ups before the recorded ones, so that the loop is compiled. */
    private static final int WARMUP = 200;

    private JitterProcess() {}

    /**
     * Runs the loop and prints its counters.
     *
     * @param args core, period in ns, number of wake-ups
     */
    public static void main(String[] args) {
        try {
            Cores.pin(Integer.parseInt(args[0]));
        } catch (IllegalArgumentException e) {
            System.out.println("failed " + e.getMessage());
            return;
        }
        long periodNs = Long.parseLong(args[1]);
        long count = Long.parseLong(args[2]);
        Histogram lateness = RunCounters.newHistogram();
        run(periodNs, WARMUP, lateness);
        lateness.reset();
        long startNs = System.nanoTime();
        run(periodNs, count, lateness);
        new RunCounters(count, count, 0, 0, System.nanoTime() - startNs, lateness).printTo(System.out);
    }

    private static void run(long periodNs, long count, Histogram lateness) {
        long dueNs = System.nanoTime();
        for (long i = 0; i < count; i++) {
            dueNs += periodNs;
            long nowNs;
            while ((nowNs = System.nanoTime()) - dueNs < 0) {
                LockSupport.parkNanos(dueNs - nowNs);
            }
            lateness.recordValue(nowNs - dueNs);
        }
    }
}
