package org.shmrt.bench.many;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.shmrt.bench.report.Row;
import org.shmrt.stream.FrameWriter;
import org.shmrt.stream.ImageStream;
import org.shmrt.stream.StreamSet;
import org.shmrt.stream.Verdict;
import org.shmrt.stream.WaitStrategy;

/** One thread that waits for many streams together. */
final class StreamSets {
    private static final int ROUNDS = 60;
    private static final long TIMEOUT_NS = 10_000_000_000L;
    private static final long PAUSE_NS = 3_000_000;
    private static final double PER_MILLE = 1000;

    private final Scaling scaling = new Scaling();

    /**
     * Measures.
     *
     * @param many the larger number of streams; a tenth of it is the smaller
     * @param seconds how long a set waits for nothing
     */
    List<Row> run(int many, int pairs, double seconds) throws InterruptedException {
        List<Long> idleAll = new ArrayList<>();
        List<Long> idleAny = new ArrayList<>();
        for (int pair = 0; pair < pairs; pair++) {
            for (boolean isMany : new boolean[] {false, true}) {
                int count = isMany ? many : OpenStreams.few(many);
                try (StreamFarm farm = new StreamFarm()) {
                    farm.create("milk", count);
                    List<ImageStream> open = farm.open();
                    try {
                        measure(
                                open,
                                isMany,
                                seconds,
                                isMany ? idleAll : new ArrayList<>(),
                                isMany ? idleAny : new ArrayList<>());
                    } finally {
                        open.forEach(ImageStream::close);
                    }
                }
            }
        }
        List<Row> rows = new ArrayList<>(scaling.rows());
        String of = "of one processor, in thousandths, by a set of " + many;
        rows.add(Row.count("set_all_idle", "processor time of an idle set, all", idleAll, OptionalDouble.empty(), of));
        rows.add(Row.count("set_any_idle", "processor time of an idle set, any", idleAny, OptionalDouble.empty(), of));
        return rows;
    }

    private void measure(List<ImageStream> open, boolean isMany, double seconds, List<Long> idleAll, List<Long> idleAny)
            throws InterruptedException {
        List<FrameWriter> writers = open.stream().map(ImageStream::writer).toList();
        ImageStream[] streams = open.toArray(ImageStream[]::new);
        try (StreamSet set = StreamSet.all(WaitStrategy.semaphore(), streams)) {
            long[] timesNs = rounds(set, writers, writers.size());
            scaling.add(
                    isMany,
                    "set_all",
                    "set of all: first write to match, a stream",
                    Row.Unit.NANOSECONDS,
                    timesNs[ROUNDS / 2] / streams.length);
            idleAll.add(idlePerMille(set, seconds));
        }
        try (StreamSet set = StreamSet.any(WaitStrategy.semaphore(), streams)) {
            scaling.add(
                    isMany,
                    "set_any",
                    "set of any: one write to its return",
                    Row.Unit.NANOSECONDS,
                    rounds(set, writers, 1)[ROUNDS / 2],
                    OptionalDouble.empty());
            idleAny.add(idlePerMille(set, seconds));
        }
    }

    /** Sorted times from the first of some writes to the return of the wait, which sleeps before. */
    private static long[] rounds(StreamSet set, List<FrameWriter> writers, int written) throws InterruptedException {
        long[] endNs = new long[ROUNDS];
        AtomicInteger returned = new AtomicInteger();
        Thread waiting = Thread.ofPlatform().start(() -> {
            for (int round = 0; round < ROUNDS; round++) {
                Verdict verdict = set.awaitNext(TIMEOUT_NS);
                endNs[round] = System.nanoTime();
                returned.incrementAndGet();
                if (!verdict.hasFrame()) {
                    throw new IllegalStateException("a set of " + set.size() + " streams got no frame: " + verdict);
                }
            }
        });
        long[] startNs = new long[ROUNDS];
        for (int round = 0; round < ROUNDS && waiting.isAlive(); round++) {
            do {
                LockSupport.parkNanos(PAUSE_NS); // until it sleeps again
            } while (returned.get() < round && waiting.isAlive());
            startNs[round] = System.nanoTime();
            for (int i = 0; i < written; i++) {
                FrameWriter writer = writers.get((round + i) % writers.size());
                writer.claim();
                writer.publish();
            }
        }
        waiting.join();
        long[] timesNs = new long[ROUNDS];
        Arrays.setAll(timesNs, i -> endNs[i] - startNs[i]);
        Arrays.sort(timesNs);
        if (timesNs[0] <= 0) {
            throw new IllegalStateException("a set of " + set.size() + " streams did not return each match");
        }
        return timesNs;
    }

    /** Thousandths of a processor that a set uses while nothing is written. */
    private static long idlePerMille(StreamSet set, double seconds) throws InterruptedException {
        long[] usedNs = new long[1];
        long waitNs = (long) (seconds * 1e9);
        Thread waiting = Thread.ofPlatform().start(() -> {
            long before = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
            Verdict ignored = set.awaitNext(waitNs);
            usedNs[0] = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - before;
        });
        waiting.join();
        return Math.round(usedNs[0] * PER_MILLE / waitNs);
    }
}
