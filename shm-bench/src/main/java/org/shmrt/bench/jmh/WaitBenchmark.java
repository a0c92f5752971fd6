package org.shmrt.bench.jmh;

import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.BusySpinIdleStrategy;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.shmrt.stream.FrameReader;
import org.shmrt.stream.Verdict;
import org.shmrt.stream.WaitStrategy;

/**
 * Waits of each kind: one that finds its frame there, and one that ends without. A wait on a semaphore ends later than
 * it was asked to, by the kernel's timer slack of 50 microseconds.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(value = 2, jvmArgsAppend = "--enable-native-access=ALL-UNNAMED")
@Warmup(iterations = 3, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 500, timeUnit = TimeUnit.MILLISECONDS)
public class WaitBenchmark {
    /** For JMH. */
    public WaitBenchmark() {}

    private static final long SHORT_NS = 2_000;

    /** A reader that waits. */
    @State(Scope.Benchmark)
    public static class Waiting {
        /** How. */
        @Param({"spin", "idle", "semaphore", "hybrid"})
        public String wait;

        private FrameReader reader;

        /** For JMH. */
        public Waiting() {}

        /**
         * Makes it.
         *
         * @param state the stream
         */
        @Setup
        public void open(StreamState state) {
            reader = state.stream.reader(
                    switch (wait) {
                        case "spin" -> WaitStrategy.spin();
                        case "idle" -> WaitStrategy.idle(BusySpinIdleStrategy.INSTANCE);
                        case "semaphore" -> WaitStrategy.semaphore();
                        case "hybrid" -> WaitStrategy.hybrid(1_000);
                        default -> throw new IllegalArgumentException("no wait " + wait);
                    });
        }

        /** Closes it. */
        @TearDown
        public void close() {
            reader.close();
        }
    }

    /**
     * A frame published, then awaited by a reader that finds it at once.
     *
     * @param state the stream
     * @param waiting the reader
     * @return fresh
     */
    @Benchmark
    public Verdict nextFrame(StreamState state, Waiting waiting) {
        state.writer.claim();
        state.writer.publish();
        return waiting.reader.awaitNext(SHORT_NS);
    }

    /**
     * A frame published and awaited, then one more awaited that does not come. The first has left a token in the
     * semaphore, so a sleeping reader is woken once for nothing and sleeps again.
     *
     * @param state the stream
     * @param waiting the reader
     * @return timed out
     */
    @Benchmark
    public Verdict timedOut(StreamState state, Waiting waiting) {
        state.writer.claim();
        state.writer.publish();
        waiting.reader.awaitNext(0);
        return waiting.reader.awaitNext(SHORT_NS);
    }
}
