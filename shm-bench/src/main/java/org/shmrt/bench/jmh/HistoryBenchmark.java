package org.shmrt.bench.jmh;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.shmrt.stream.FrameHistory;
import org.shmrt.stream.Verdict;

/**
 * Reads the frames that a stream still holds, as one array, and accesses a single slot.
 */
public class HistoryBenchmark extends CallBenchmark {
    /** For JMH. */
    public HistoryBenchmark() {}

    /** The history of a full stream. */
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
     * All available frames, oldest first.
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
