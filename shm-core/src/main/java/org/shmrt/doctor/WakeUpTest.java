package org.shmrt.doctor;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.locks.LockSupport;
import org.shmrt.posix.Clocks;
import org.shmrt.posix.thread.Scheduling;
import org.shmrt.posix.thread.Scheduling.Priority;

/**
 * Measures how late a thread wakes up that sleeps until a given moment, about a thousand times a second: by
 * {@code clock_nanosleep} and by {@code parkNanos}, with ordinary and, where permitted, real-time priority. The four
 * series alternate every tenth of a second, so that they see the same load. Runs in a thread of its own, which sleeps
 * most of the time.
 */
public final class WakeUpTest {
    /** Not a multiple of the kernel's tick: a deadline on the tick is late, and a loop can avoid it. */
    private static final long PERIOD_NS = 1_030_000;

    private static final long SLICE_NS = 100_000_000;
    private static final int PRIORITY = 80;
    private static final int MAX_SAMPLES = 1 << 18;

    /** From these values on, a finding reports the latencies. */
    private static final long LATE_P50_NS = 200_000;

    private static final long LATE_P99_NS = 1_000_000;

    private WakeUpTest() {}

    /** How a thread sleeps. */
    public enum Method {
        CLOCK_NANOSLEEP,
        PARK_NANOS
    }

    /**
     * The latencies of one series.
     *
     * @param method how the thread slept
     * @param priority its real-time priority (FIFO), 0 for an ordinary thread
     * @param count number of wake-ups
     */
    public record Series(Method method, int priority, int count, long p50Ns, long p99Ns, long maxNs) {}

    /**
     * The whole measurement.
     *
     * @param cpu the requested processor
     * @param pinned whether the thread ran on it only
     * @param durationNs how long it took
     * @param series the series, at least the two with ordinary priority
     */
    public record Result(int cpu, boolean pinned, long durationNs, List<Series> series) {
        /** Whether a real-time priority was obtained. */
        public boolean hasRealTime() {
            return series.stream().anyMatch(one -> one.priority() > 0);
        }
    }

    /**
     * Measures.
     *
     * @param cpu the processor to measure on
     * @param durationNs for how long
     * @throws InterruptedException if this thread is interrupted
     */
    public static Result run(int cpu, long durationNs) throws InterruptedException {
        Measurement measurement = new Measurement(cpu, durationNs);
        Thread thread = new Thread(measurement, "wake-up");
        thread.setDaemon(true);
        thread.start();
        try {
            thread.join();
        } finally {
            measurement.stopped = true;
        }
        return measurement.result;
    }

    /** Adds what the measurement means. */
    public static void report(Result result, Findings findings) {
        // What a loop can have: the other series show what its choice would cost.
        Series best = result.series().stream()
                .min(Comparator.comparingLong(Series::p99Ns))
                .orElseThrow();
        String evidence = String.format(
                Locale.ROOT,
                "best of the series, %s: p50 %.1f us, p99 %.1f us, max %.1f us",
                best.priority() > 0 ? "FIFO " + best.priority() : "ordinary priority",
                best.p50Ns() / 1e3,
                best.p99Ns() / 1e3,
                best.maxNs() / 1e3);
        if (best.p50Ns() < LATE_P50_NS && best.p99Ns() < LATE_P99_NS) {
            findings.ok(FindingKind.WAKE_UP, "cpu " + result.cpu(), evidence);
            return;
        }
        findings.add(
                FindingKind.WAKE_UP,
                Severity.WARNING,
                "cpu " + result.cpu(),
                "threads wake up late",
                evidence,
                "a loop of 1 kHz that sleeps misses deadlines",
                best.priority() > 0
                        ? "shm doctor    # its findings about the processor and the kernel may say why"
                        : "# give loops a real-time priority (see rtprio-limit), or stop other programs");
    }

    private static final class Measurement implements Runnable {
        private final int cpu;
        private final long durationNs;
        private volatile boolean stopped;
        private volatile Result result;

        Measurement(int cpu, long durationNs) {
            this.cpu = cpu;
            this.durationNs = durationNs;
        }

        @Override
        public void run() {
            boolean pinned = Scheduling.tryAffinity(Scheduling.CALLER, cpu);
            boolean realTime = Scheduling.tryPriority(Scheduling.CALLER, Priority.fifo(PRIORITY));
            List<Recorder> recorders = new ArrayList<>();
            for (int priority : realTime ? new int[] {0, PRIORITY} : new int[] {0}) {
                for (Method method : Method.values()) {
                    recorders.add(new Recorder(method, priority));
                }
            }
            // Compiles the code, so that the first slice does not differ from the others.
            recorders.forEach(recorder -> recorder.measureUntil(Clocks.monotonicNs() + SLICE_NS / 10));
            recorders.forEach(Recorder::reset);
            long startNs = Clocks.monotonicNs();
            long endNs = startNs + durationNs;
            while (!stopped && Clocks.monotonicNs() < endNs) {
                for (Recorder recorder : recorders) {
                    long leftNs = endNs - Clocks.monotonicNs();
                    // Short measurements have short slices, so that each series gets its share.
                    recorder.measureUntil(
                            Clocks.monotonicNs() + Math.min(SLICE_NS, Math.max(leftNs, durationNs / 10) / 2));
                }
            }
            result = new Result(
                    cpu,
                    pinned,
                    Clocks.monotonicNs() - startNs,
                    recorders.stream().map(Recorder::series).toList());
        }
    }

    private static final class Recorder {
        private final Method method;
        private final int priority;
        private final long[] latenciesNs = new long[MAX_SAMPLES];
        private int count;

        Recorder(Method method, int priority) {
            this.method = method;
            this.priority = priority;
        }

        void reset() {
            count = 0;
        }

        void measureUntil(long endNs) {
            boolean ignored =
                    Scheduling.tryPriority(Scheduling.CALLER, priority > 0 ? Priority.fifo(priority) : Priority.NORMAL);
            do {
                long dueNs = Clocks.monotonicNs() + PERIOD_NS;
                long nowNs = Clocks.monotonicNs();
                while (nowNs < dueNs) {
                    if (method == Method.CLOCK_NANOSLEEP) {
                        Clocks.sleepUntil(dueNs);
                    } else {
                        LockSupport.parkNanos(dueNs - nowNs);
                    }
                    nowNs = Clocks.monotonicNs();
                }
                latenciesNs[count % MAX_SAMPLES] = nowNs - dueNs;
                count++;
            } while (Clocks.monotonicNs() < endNs);
        }

        Series series() {
            int kept = Math.min(count, MAX_SAMPLES);
            long[] sorted = Arrays.copyOf(latenciesNs, kept);
            Arrays.sort(sorted);
            return new Series(
                    method,
                    priority,
                    count,
                    quantile(sorted, 0.5),
                    quantile(sorted, 0.99),
                    kept == 0 ? 0 : sorted[kept - 1]);
        }

        private static long quantile(long[] sorted, double share) {
            return sorted.length == 0
                    ? 0
                    : sorted[(int) Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)];
        }
    }
}
