package org.shmrt.bench.waiting;

import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.locks.LockSupport;
import org.shmrt.bench.Leftovers;
import org.shmrt.bench.TemporaryStream;
import org.shmrt.memory.DataType;
import org.shmrt.memory.Shape;
import org.shmrt.stream.FrameReader;
import org.shmrt.stream.FrameWriter;
import org.shmrt.stream.ImageStream;
import org.shmrt.stream.StreamSet;
import org.shmrt.stream.WaitStrategy;
import org.shmrt.stream.format.StreamSpec;

/**
 * Measures the wake-up of a thread that sleeps on the semaphores of several streams, against one that sleeps on a single
 * semaphore. Another thread publishes a frame of 64 bytes every 2 ms, on each of the streams in turn. The variants run
 * interleaved. Prints percentiles over all frames of all rounds.
 */
public final class SetWaitCosts {
    private static final int ROUNDS = 5;
    private static final int FRAMES = 400;
    private static final long PERIOD_NS = 2_000_000L;
    private static final long TIMEOUT_NS = 5_000_000_000L;
    private static final int MOST = 8;

    private final List<ImageStream> streams = new ArrayList<>();
    private final List<FrameWriter> writers = new ArrayList<>();
    private volatile long publishedNs;

    private SetWaitCosts() {}

    /** A way to wait for a frame of some streams. */
    private enum Variant {
        READER("one semaphore", 1),
        ONE("set of 1", 1),
        TWO("set of 2", 2),
        EIGHT("set of 8", MOST);

        private final String label;
        private final int streams;

        Variant(String label, int streams) {
            this.label = label;
            this.streams = streams;
        }
    }

    /** Waits for one frame. */
    private interface Wait extends AutoCloseable {
        boolean hasFrame();

        @Override
        void close();
    }

    /**
     * Measures and prints.
     *
     * @param arguments ignored
     * @throws ExecutionException if a frame did not arrive
     * @throws InterruptedException if the thread is interrupted
     */
    public static void main(String[] arguments) throws ExecutionException, InterruptedException {
        System.out.println("frame every 2 ms, " + ROUNDS + " rounds of " + FRAMES + ", interleaved; "
                + Runtime.getRuntime().availableProcessors() + " processors, load "
                + ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
        for (String format : List.of("dao", "milk")) {
            new SetWaitCosts().measure(format, System.out);
        }
    }

    private void measure(String format, PrintStream out) throws ExecutionException, InterruptedException {
        long[][] latenciesNs = new long[Variant.values().length][ROUNDS * FRAMES];
        try {
            for (int i = 0; i < MOST; i++) {
                Path path = TemporaryStream.memoryDirectory()
                        .resolve("shmrt_set" + i + "_" + ProcessHandle.current().pid() + ".im.shm");
                Leftovers.add(path);
                ImageStream stream = ImageStream.create(path, StreamSpec.of(format, DataType.UINT8, Shape.of(64)));
                streams.add(stream);
                writers.add(stream.writer());
            }
            for (int round = -1; round < ROUNDS; round++) {
                for (Variant variant : Variant.values()) {
                    // The first round warms up the JIT compiler.
                    run(variant, latenciesNs[variant.ordinal()], Math.max(0, round) * FRAMES);
                }
            }
        } finally {
            for (ImageStream stream : streams) {
                stream.close();
                ImageStream.remove(stream.path());
                Leftovers.forget(stream.path());
            }
        }
        out.printf(Locale.ROOT, "%n%-14s %10s %10s %10s%n", format, "p50 us", "p90 us", "p99 us");
        for (Variant variant : Variant.values()) {
            long[] sorted = latenciesNs[variant.ordinal()];
            Arrays.sort(sorted);
            out.printf(
                    Locale.ROOT,
                    "%-14s %10.1f %10.1f %10.1f%n",
                    variant.label,
                    sorted[sorted.length / 2] / 1e3,
                    sorted[sorted.length * 9 / 10] / 1e3,
                    sorted[sorted.length * 99 / 100] / 1e3);
        }
    }

    private Wait open(Variant variant) {
        if (variant == Variant.READER) {
            FrameReader reader = streams.get(0).reader(WaitStrategy.semaphore());
            return new Wait() {
                @Override
                public boolean hasFrame() {
                    return reader.awaitNewest(TIMEOUT_NS).hasFrame();
                }

                @Override
                public void close() {
                    reader.close();
                }
            };
        }
        StreamSet set = StreamSet.any(
                WaitStrategy.semaphore(), streams.subList(0, variant.streams).toArray(ImageStream[]::new));
        return new Wait() {
            @Override
            public boolean hasFrame() {
                return set.awaitNewest(TIMEOUT_NS).hasFrame();
            }

            @Override
            public void close() {
                set.close();
            }
        };
    }

    private void run(Variant variant, long[] latenciesNs, int first) throws ExecutionException, InterruptedException {
        try (Wait wait = open(variant)) {
            FutureTask<Void> waiting = new FutureTask<>(() -> read(wait, latenciesNs, first), null);
            Thread thread = Thread.ofPlatform().daemon().start(waiting);
            // A frame that is late is one of the measured latencies: the next one is published after it was received.
            for (int i = 0; i < FRAMES; i++) {
                LockSupport.parkNanos(PERIOD_NS);
                while (publishedNs != 0) {
                    if (waiting.isDone()) {
                        waiting.get();
                    }
                    Thread.onSpinWait();
                }
                FrameWriter writer = writers.get(i % variant.streams);
                writer.claim();
                publishedNs = System.nanoTime();
                writer.publish();
            }
            waiting.get();
            thread.join();
        }
    }

    private void read(Wait wait, long[] latenciesNs, int first) {
        for (int i = 0; i < FRAMES; i++) {
            if (!wait.hasFrame()) {
                throw new IllegalStateException("no frame arrived");
            }
            latenciesNs[first + i] = System.nanoTime() - publishedNs;
            publishedNs = 0;
        }
    }
}
