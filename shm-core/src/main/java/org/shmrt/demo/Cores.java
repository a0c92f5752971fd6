package org.shmrt.demo;

import java.util.OptionalLong;
import org.shmrt.doctor.CpuBudget;
import org.shmrt.doctor.SystemFiles;
import org.shmrt.posix.Clocks;
import org.shmrt.posix.thread.Scheduling;
import org.shmrt.posix.thread.Scheduling.Priority;

/**
 * The processors that a run has, and how they are before it starts.
 *
 * @param budget how many it may use
 * @param busy how many of them other programs keep busy
 * @param lateNs how late a sleeping thread woke up in the worst case
 * @param lateWithPriorityNs the same with a real-time priority; empty if this user may not have one
 */
record Cores(CpuBudget budget, double busy, long lateNs, OptionalLong lateWithPriorityNs) {
    /** Below interrupt threads (50) and the loops of a real system, above all ordinary programs. */
    static final int PRIORITY = 10;

    /** Long enough for some ticks of the kernel's accounting, and for a hundred wake-ups. */
    private static final long PROBE_NS = 150_000_000;

    private static final long SLEEP_NS = 1_030_000;

    /** Measures for about a third of a second. */
    static Cores measure() throws InterruptedException {
        SystemFiles files = SystemFiles.local();
        CpuBudget budget = CpuBudget.of(files);
        CpuBudget.Load before = CpuBudget.Load.now(files);
        Probe probe = new Probe();
        Thread thread = new Thread(probe, "shm-demo-probe");
        thread.setDaemon(true);
        thread.start();
        thread.join();
        double busy = CpuBudget.Load.now(files).shareSince(before) * budget.cpus();
        return new Cores(budget, busy, probe.lateNs, probe.lateWithPriorityNs);
    }

    /** How many processors are free for the run. */
    double free() {
        return Math.max(0, Math.min(budget.cpus() - busy, budget.quota().orElse(budget.cpus())));
    }

    /** Whether other programs use most of the processors. */
    boolean areBusy() {
        return free() < 1 && busy > budget.cpus() / 2.0;
    }

    /** Sleeps again and again, first without and then with a real-time priority. */
    private static final class Probe implements Runnable {
        private volatile long lateNs;
        private volatile OptionalLong lateWithPriorityNs = OptionalLong.empty();

        @Override
        public void run() {
            worst(PROBE_NS / 10); // loads and links the code
            lateNs = worst(PROBE_NS);
            if (Scheduling.tryPriority(Scheduling.CALLER, Priority.fifo(PRIORITY))) {
                lateWithPriorityNs = OptionalLong.of(worst(PROBE_NS));
            }
        }

        private static long worst(long durationNs) {
            long worst = 0;
            long endNs = Clocks.monotonicNs() + durationNs;
            // At least once: a very busy machine may not let this thread begin in that time.
            do {
                long dueNs = Clocks.monotonicNs() + SLEEP_NS;
                Clocks.sleepUntil(dueNs);
                worst = Math.max(worst, Clocks.monotonicNs() - dueNs);
            } while (Clocks.monotonicNs() + SLEEP_NS < endNs);
            return worst;
        }
    }
}
