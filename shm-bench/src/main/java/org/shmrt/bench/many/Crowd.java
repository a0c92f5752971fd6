package org.shmrt.bench.many;

import com.sun.management.OperatingSystemMXBean;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.HdrHistogram.Histogram;
import org.agrona.concurrent.SleepingIdleStrategy;
import org.shmrt.bench.report.Row;
import org.shmrt.posix.Clocks;
import org.shmrt.stream.FrameReader;
import org.shmrt.stream.FrameWriter;
import org.shmrt.stream.ImageStream;
import org.shmrt.stream.Verdict;
import org.shmrt.stream.WaitStrategy;

/**
 * Many writers and readers on few cores: a stream for each pair of them, or one stream for all readers. Each
 * is a thread of this process, and each writer keeps a rate.
 */
final class Crowd {
    private static final long MANY_PERIOD_NS = 10_000_000;
    private static final long ONE_PERIOD_NS = 2_000_000;
    private static final long POLL_NS = 200_000;
    private static final long TIMEOUT_NS = 100_000_000;
    private static final double PER_MILLE = 1000;
    private static final double PERCENT = 99;
    private static final long MAX_NS = 60_000_000_000L;

    private final Scaling scaling = new Scaling();
    private final double seconds;

    Crowd(double seconds) {
        this.seconds = seconds;
    }

    /** Some writers and as many readers, each pair on a stream of its own. */
    List<Row> pairs(int many, int runs) throws InterruptedException {
        List<Long> lost = new ArrayList<>();
        for (int run = 0; run < runs; run++) {
            for (boolean isMany : new boolean[] {false, true}) {
                Result result = run(isMany ? many : OpenStreams.few(many), 1, MANY_PERIOD_NS, WaitStrategy::semaphore);
                result.addTo(scaling, isMany, "crowd", "frame of a writer and a reader");
                if (isMany) {
                    lost.add(result.missedPerMille);
                }
            }
        }
        List<Row> rows = new ArrayList<>(scaling.rows());
        rows.add(Row.count(
                "crowd_missed",
                "frames missed by " + many + " readers at 100 Hz, thousandths",
                lost,
                OptionalDouble.of(10),
                ""));
        return rows;
    }

    /**
     * One writer and some readers of its stream, which sleep on a semaphore of their own while there is one, and then
     * the same number that poll.
     */
    List<Row> readers(int many, int runs) throws InterruptedException {
        List<Row> rows = new ArrayList<>(readers(many, runs, "readers", "sleeping", WaitStrategy::semaphore));
        rows.addAll(
                readers(many, runs, "polling", "polling", () -> WaitStrategy.idle(new SleepingIdleStrategy(POLL_NS))));
        return rows;
    }

    private List<Row> readers(int many, int runs, String key, String how, Supplier<WaitStrategy> wait)
            throws InterruptedException {
        Scaling all = new Scaling();
        List<Long> lost = new ArrayList<>();
        for (int run = 0; run < runs; run++) {
            for (boolean isMany : new boolean[] {false, true}) {
                Result result = run(1, isMany ? many : Math.max(1, many / 8), ONE_PERIOD_NS, wait);
                result.addTo(all, isMany, key, "frame read by one of the " + how + " readers");
                if (isMany) {
                    lost.add(result.missedPerMille);
                }
            }
        }
        List<Row> rows = new ArrayList<>(all.rows());
        rows.add(Row.count(
                key + "_missed",
                "frames missed by " + many + " " + how + " readers at 500 Hz, thousandths",
                lost,
                OptionalDouble.of(10),
                ""));
        return rows;
    }

    /**
     * The result of a run.
     *
     * @param cpuNs processor time of the process for each frame that was read
     * @param p50Ns median time from the publication of a frame to its reader's return
     * @param p99Ns the 99th percentile
     * @param missedPerMille frames that a reader did not get, in thousandths
     */
    private record Result(long cpuNs, long p50Ns, long p99Ns, long missedPerMille) {
        void addTo(Scaling all, boolean isMany, String key, String title) {
            all.add(isMany, key + "_cpu", "processor time, " + title, Row.Unit.NANOSECONDS, cpuNs);
            all.add(isMany, key + "_p50", "latency p50, " + title, Row.Unit.NANOSECONDS, p50Ns, OptionalDouble.empty());
            all.add(isMany, key + "_p99", "latency p99, " + title, Row.Unit.NANOSECONDS, p99Ns, OptionalDouble.empty());
        }
    }

    private Result run(int streams, int readersEach, long periodNs, Supplier<WaitStrategy> wait)
            throws InterruptedException {
        OperatingSystemMXBean system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        AtomicBoolean over = new AtomicBoolean();
        List<Reading> readings = new ArrayList<>();
        List<Writing> writings = new ArrayList<>();
        try (StreamFarm farm = new StreamFarm()) {
            farm.create("milk", streams);
            List<ImageStream> open = farm.open();
            try {
                for (ImageStream stream : open) {
                    for (int i = 0; i < readersEach; i++) {
                        readings.add(new Reading(stream.reader(wait.get()), over));
                    }
                }
                long startNs = Clocks.monotonicNs() + periodNs;
                for (int i = 0; i < open.size(); i++) {
                    // spread over the period, as independent programs are
                    long firstNs = startNs + periodNs * i / open.size();
                    writings.add(
                            new Writing(open.get(i).writer(), firstNs, periodNs, (long) (seconds * 1e9 / periodNs)));
                }
                long cpuBefore = system.getProcessCpuTime();
                List<Thread> readerThreads =
                        readings.stream().map(Thread.ofPlatform()::start).toList();
                List<Thread> writerThreads =
                        writings.stream().map(Thread.ofPlatform()::start).toList();
                for (Thread thread : writerThreads) {
                    thread.join();
                }
                long cpuNs = system.getProcessCpuTime() - cpuBefore;
                over.set(true);
                for (Thread thread : readerThreads) {
                    thread.join();
                }
                return result(readings, writings, readersEach, cpuNs);
            } finally {
                over.set(true);
                open.forEach(ImageStream::close);
            }
        }
    }

    private static Result result(List<Reading> readings, List<Writing> writings, int readersEach, long cpuNs) {
        Histogram all = new Histogram(MAX_NS, 3);
        readings.forEach(reading -> all.add(reading.latencyNs));
        long written = writings.stream().mapToLong(writing -> writing.frames).sum() * readersEach;
        long read = all.getTotalCount();
        return new Result(
                cpuNs / Math.max(1, read),
                all.getValueAtPercentile(50),
                all.getValueAtPercentile(PERCENT),
                Math.round((written - read) * PER_MILLE / written));
    }

    /** A writer that keeps a rate, and stores the time in each frame. */
    private static final class Writing implements Runnable {
        private final FrameWriter writer;
        private final long firstNs;
        private final long periodNs;
        private final long frames;

        Writing(FrameWriter writer, long firstNs, long periodNs, long frames) {
            this.writer = writer;
            this.firstNs = firstNs;
            this.periodNs = periodNs;
            this.frames = Math.max(1, frames);
        }

        @Override
        public void run() {
            for (long i = 0; i < frames; i++) {
                Clocks.sleepUntil(firstNs + i * periodNs);
                writer.claim().set(ValueLayout.JAVA_LONG, 0, System.nanoTime());
                writer.publish();
            }
        }
    }

    /** A reader that sleeps until a frame comes. */
    private static final class Reading implements Runnable {
        private final FrameReader reader;
        private final AtomicBoolean over;
        private final Histogram latencyNs = new Histogram(MAX_NS, 3);

        Reading(FrameReader reader, AtomicBoolean over) {
            this.reader = reader;
            this.over = over;
        }

        @Override
        public void run() {
            while (!over.get()) {
                Verdict verdict = reader.awaitNext(TIMEOUT_NS);
                MemorySegment frame = reader.frame();
                if (verdict.hasFrame()) {
                    long writtenNs = frame.get(ValueLayout.JAVA_LONG, 0);
                    if (reader.validate()) {
                        latencyNs.recordValue(Math.clamp(System.nanoTime() - writtenNs, 0, MAX_NS));
                    }
                }
            }
        }
    }
}
