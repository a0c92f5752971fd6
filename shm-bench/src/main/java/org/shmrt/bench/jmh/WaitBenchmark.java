package org.shmrt.bench.jmh;

import org.agrona.concurrent.BusySpinIdleStrategy;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.shmrt.stream.FrameReader;
import org.shmrt.stream.Verdict;
import org.shmrt.stream.WaitStrategy;

/**
 * Waits with each strategy: one that finds a frame, and one that times out. A wait on a semaphore times out late, by the
 * kernel's timer slack of 50 microseconds.
 */
public class WaitBenchmark extends CallBenchmark {
    /** For JMH. */
    public WaitBenchmark() {}

    private static final long SHORT_NS = 2_000;

    /** A reader that waits. */
    @State(Scope.Benchmark)
    public static class Waiting {
        /** The wait strategy. */
        @Param({"spin", "idle", "semaphore", "hybrid"})
        public String wait;

        private FrameReader reader;

        /** For JMH. */
        public Waiting() {}

        /**
         * Opens it.
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
                        default -> throw new IllegalArgumentException("there is no wait strategy '" + wait + "'");
                    });
        }

        /** Closes it. */
        @TearDown
        public void close() {
            reader.close();
        }
    }

    /**
     * Publishes a frame, then waits for it, which ends immediately.
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
     * Publishes a frame and reads it, then waits for another one that does not arrive. The first frame left a token in the
     * semaphore, so a sleeping reader wakes up once without a new frame and sleeps again.
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
