package org.shmrt.bench.jmh;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.shmrt.stream.FrameHistory;
import org.shmrt.stream.Verdict;

/**
 * The frames a stream still holds, copied out as one array, and one slot looked at.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(value = 2, jvmArgsAppend = "--enable-native-access=ALL-UNNAMED")
@Warmup(iterations = 3, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 500, timeUnit = TimeUnit.MILLISECONDS)
public class HistoryBenchmark {
    /** For JMH. */
    public HistoryBenchmark() {}

    /** The history of a stream that is full. */
    @State(Scope.Benchmark)
    public static class Past {
        private Arena arena;
        private FrameHistory history;
        private MemorySegment cube;

        /** For JMH. */
        public Past() {}

        /**
         * Fills the stream.
         *
         * @param state the stream
         */
        @Setup
        public void fill(StreamState state) {
            arena = Arena.ofShared();
            history = state.stream.history();
            for (int i = 0; i < history.capacity(); i++) {
                state.writer.write(state.frame);
            }
            cube = arena.allocate(history.capacity() * history.frameBytes(), 64);
        }

        /** Frees the copy. */
        @TearDown
        public void free() {
            arena.close();
        }
    }

    /**
     * All frames there are, oldest first.
     *
     * @param past the stream's history
     * @return fresh
     */
    @Benchmark
    public Verdict read(Past past) {
        return past.history.read(past.cube, 0);
    }

    /**
     * The frame in the first slot.
     *
     * @param state the stream
     * @return fresh
     */
    @Benchmark
    public Verdict takeSlot(StreamState state) {
        return state.reader.takeSlot(0);
    }
}
