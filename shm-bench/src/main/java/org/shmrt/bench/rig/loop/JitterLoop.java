package org.shmrt.bench.rig.loop;

import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;
import org.shmrt.bench.rig.process.Cores;
import org.shmrt.bench.rig.report.RunCounters;

/**
 * A thread that sleeps until fixed times and records how late it wakes: what jitter.c does.
 */
public final class JitterLoop {
    /** Wake-ups before those recorded, until the loop is compiled. */
    private static final int WARMUP = 200;

    private JitterLoop() {}

    /**
     * Runs the loop and prints its books.
     *
     * @param args core, period in ns, how many wake-ups
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
        Histogram late = RunCounters.newHistogram();
        run(periodNs, WARMUP, late);
        late.reset();
        long startNs = System.nanoTime();
        run(periodNs, count, late);
        new RunCounters(count, count, 0, 0, System.nanoTime() - startNs, late).printTo(System.out);
    }

    private static void run(long periodNs, long count, Histogram late) {
        long wantedNs = System.nanoTime();
        for (long i = 0; i < count; i++) {
            wantedNs += periodNs;
            long nowNs;
            while ((nowNs = System.nanoTime()) - wantedNs < 0) {
                LockSupport.parkNanos(wantedNs - nowNs);
            }
            late.recordValue(nowNs - wantedNs);
        }
    }
}
