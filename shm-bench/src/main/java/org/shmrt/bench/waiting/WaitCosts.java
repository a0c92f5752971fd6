package org.shmrt.bench.waiting;

import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.agrona.concurrent.SleepingIdleStrategy;
import org.shmrt.bench.Leftovers;
import org.shmrt.bench.TemporaryStream;
import org.shmrt.memory.DataType;
import org.shmrt.memory.Shape;
import org.shmrt.stream.FrameReader;
import org.shmrt.stream.FrameWriter;
import org.shmrt.stream.ImageStream;
import org.shmrt.stream.Verdict;
import org.shmrt.stream.WaitStrategy;
import org.shmrt.stream.format.StreamSpec;

/**
 * Measures the wait strategies, interleaved, in each format: one thread publishes a frame of 64 bytes every 2 ms, another
 * one waits for it. Prints percentiles over all frames of all rounds.
 */
public final class WaitCosts {
    private static final int ROUNDS = 5;
    private static final int FRAMES = 200;
    private static final long PERIOD_NS = 2_000_000L;
    private static final long TIMEOUT_NS = 5_000_000_000L;

    private final Map<String, Supplier<WaitStrategy>> strategies = new LinkedHashMap<>();
    private final PrintStream out;

    private WaitCosts(PrintStream out) {
        this.out = out;
        strategies.put("spin", WaitStrategy::spin);
        strategies.put("hybrid, 50 us", () -> WaitStrategy.hybrid(50_000));
        strategies.put("semaphore", WaitStrategy::semaphore);
        strategies.put("idle, 50 us", () -> WaitStrategy.idle(new SleepingIdleStrategy(50_000)));
        strategies.put("idle, 1 ms", () -> WaitStrategy.idle(new SleepingIdleStrategy(1_000_000)));
    }

    /** The results of one strategy over all rounds. */
    private static final class Tally {
        private final long[] latenciesNs = new long[ROUNDS * FRAMES];
        private final double[] cpuShares = new double[ROUNDS];
        private int received;
        private long lost;
    }

    /**
     * Measures and prints.
     *
     * @param arguments ignored
     * @throws ExecutionException if a frame did not arrive
     * @throws InterruptedException if the thread is interrupted
     */
    public static void main(String[] arguments) throws ExecutionException, InterruptedException {
        WaitCosts costs = new WaitCosts(System.out);
        costs.out.println("frame every 2 ms, " + ROUNDS + " rounds of " + FRAMES + ", interleaved; "
                + Runtime.getRuntime().availableProcessors() + " processors, load "
                + ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
        costs.measure("dao");
        costs.measure("milk");
    }

    private void measure(String format) throws ExecutionException, InterruptedException {
        Map<String, Tally> tallies = new LinkedHashMap<>();
        Path path = TemporaryStream.memoryDirectory()
                .resolve("shmrt_wait_" + ProcessHandle.current().pid() + ".im.shm");
        Leftovers.add(path);
        try (ImageStream stream = ImageStream.create(path, StreamSpec.of(format, DataType.UINT8, Shape.of(64)));
                FrameWriter writer = stream.writer()) {
            for (int round = -1; round < ROUNDS; round++) {
                for (Map.Entry<String, Supplier<WaitStrategy>> strategy : strategies.entrySet()) {
                    // The first round warms up the JIT compiler.
                    Tally tally =
                            round < 0 ? new Tally() : tallies.computeIfAbsent(strategy.getKey(), name -> new Tally());
                    try (FrameReader reader = stream.reader(strategy.getValue().get())) {
                        run(writer, reader, tally, Math.max(0, round));
                    }
                }
            }
        } finally {
            ImageStream.remove(path);
            Leftovers.forget(path);
        }
        out.printf(Locale.ROOT, "%n%-14s %12s %12s %12s %8s%n", format, "p50 us", "p90 us", "core", "lost");
        tallies.forEach((name, tally) -> {
            long[] sorted = Arrays.copyOf(tally.latenciesNs, tally.received);
            Arrays.sort(sorted);
            Arrays.sort(tally.cpuShares);
            out.printf(
                    Locale.ROOT,
                    "%-14s %12.1f %12.1f %11.1f%% %8d%n",
                    name,
                    sorted[sorted.length / 2] / 1e3,
                    sorted[sorted.length * 9 / 10] / 1e3,
                    100 * tally.cpuShares[ROUNDS / 2],
                    tally.lost);
        });
    }

    private static void run(FrameWriter writer, FrameReader reader, Tally tally, int round)
            throws ExecutionException, InterruptedException {
        long[] publishedNs = new long[FRAMES + 1];
        long firstCount = reader.count() + 1;
        FutureTask<Void> reading = new FutureTask<>(() -> read(reader, firstCount, publishedNs, tally, round), null);
        Thread thread = Thread.ofPlatform().daemon().start(reading);
        for (int i = 0; i < FRAMES; i++) {
            LockSupport.parkNanos(PERIOD_NS);
            writer.claim();
            publishedNs[i] = System.nanoTime();
            writer.publish();
        }
        reading.get();
        thread.join();
    }

    private static void read(FrameReader reader, long firstCount, long[] publishedNs, Tally tally, int round) {
        long startNs = System.nanoTime();
        long startCpuNs = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
        int index = 0;
        while (index < FRAMES - 1) {
            Verdict verdict = reader.awaitNext(TIMEOUT_NS);
            if (!verdict.hasFrame()) {
                throw new IllegalStateException("no frame arrived: " + verdict);
            }
            index = (int) (reader.count() - firstCount);
            tally.latenciesNs[tally.received++] = System.nanoTime() - publishedNs[index];
            tally.lost += reader.lost();
        }
        tally.cpuShares[round] = (double) (ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - startCpuNs)
                / (System.nanoTime() - startNs);
    }
}
