package org.shmrt.bench.determinism;

import java.util.List;
import org.shmrt.posix.Clocks;
import org.shmrt.posix.thread.ThreadUsage;

/** The program of {@code periodic_loop.c} in Java: how late a periodic loop wakes. */
final class PeriodicLoop {
    /** Off the tick of the kernel. */
    private static final long PHASE_NS = 137_000;

    private static final int QUICK_PERIOD_NS = 20_000;
    private static final int QUICK_TURNS = 30_000;

    private PeriodicLoop() {}

    /**
     * Runs the loop.
     *
     * @param words period in ns, count, guard in ns, core of the loop, core of all other threads, priority
     */
    public static void main(String[] words) throws Exception {
        long period = Long.parseLong(words[0]);
        int count = Integer.parseInt(words[1]);
        long guard = Long.parseLong(words[2]);
        int core = Integer.parseInt(words[3]);
        int priority = Integer.parseInt(words[5]);
        RealTime.prepareProcess(Integer.parseInt(words[4]));
        Samples late = new Samples(Math.max(count, QUICK_TURNS));
        Thread loop = new Thread(
                () -> {
                    RealTime.pin(core);
                    RealTime.raise(priority);
                    run(Math.min(period, QUICK_PERIOD_NS), QUICK_TURNS, Math.min(guard, QUICK_PERIOD_NS / 10), late);
                    late.clear();
                    run(period, Math.min(count, (int) (2_000_000_000L / period)), guard, late);
                    late.clear();
                    ThreadUsage before = ThreadUsage.now();
                    run(period, count, guard, late);
                    List<String> usage = RealTime.counts(before);
                    RealTime.drop();
                    usage.forEach(System.out::println);
                },
                "loop");
        loop.start();
        loop.join();
        System.out.println(late.line("wake"));
    }

    private static void run(long period, int count, long guard, Samples late) {
        long next = (System.nanoTime() / period + 2) * period + PHASE_NS;
        for (int i = 0; i < count; i++) {
            Clocks.sleepUntil(next - guard);
            long now = System.nanoTime();
            while (now < next) {
                Thread.onSpinWait();
                now = System.nanoTime();
            }
            late.add(now - next);
            next += period;
            while (next < now) {
                next += period;
            }
        }
    }
}
