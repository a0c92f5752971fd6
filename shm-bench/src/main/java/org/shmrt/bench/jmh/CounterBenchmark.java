package org.shmrt.bench.jmh;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.shmrt.posix.MappedFile;
import org.shmrt.stream.inspect.StreamStatus;

/**
 * Reads of the frame counter in shared memory, alone and with all other fields of the header, and of the properties of a
 * reader's current frame.
 */
public class CounterBenchmark extends CallBenchmark {
    /** For JMH. */
    public CounterBenchmark() {}

    private static final VarHandle LONG = ValueLayout.JAVA_LONG.varHandle();

    /** A second mapping of the stream's file. */
    @State(Scope.Benchmark)
    public static class Header {
        private Arena arena;
        private MemorySegment file;
        private long cnt0Offset;

        /** For JMH. */
        public Header() {}

        /**
         * Maps it.
         *
         * @param state the stream
         */
        @Setup
        public void map(StreamState state) {
            arena = Arena.ofShared();
            file = MappedFile.readOnly(state.stream.path(), arena).segment();
            cnt0Offset = state.stream.layout().cnt0Offset();
        }

        /** Unmaps it. */
        @TearDown
        public void unmap() {
            arena.close();
        }
    }

    /**
     * The counter alone: the lower bound of every poll.
     *
     * @param header the file
     * @return the count
     */
    @Benchmark
    public long cnt0Acquire(Header header) {
        return (long) LONG.getAcquire(header.file, header.cnt0Offset);
    }

    /**
     * The count of the newest frame, without a reader.
     *
     * @param state the stream
     * @return its count
     */
    @Benchmark
    public long newestCount(StreamState state) {
        return state.counter.get();
    }

    /**
     * All counters and times.
     *
     * @param state the stream
     * @return counters and times
     */
    @Benchmark
    public StreamStatus status(StreamState state) {
        return state.stream.status();
    }

    /**
     * The current frame's count.
     *
     * @param state with a reader that has a frame
     * @return cnt0
     */
    @Benchmark
    public long count(StreamState state) {
        return state.reader.count();
    }

    /**
     * The current frame's second counter.
     *
     * @param state with a reader that has a frame
     * @return cnt1
     */
    @Benchmark
    public long cnt1(StreamState state) {
        return state.reader.cnt1();
    }

    /**
     * The current frame's id.
     *
     * @param state with a reader that has a frame
     * @return cnt2
     */
    @Benchmark
    public long frameId(StreamState state) {
        return state.reader.frameId();
    }

    /**
     * When the current frame was acquired.
     *
     * @param state with a reader that has a frame
     * @return nanoseconds
     */
    @Benchmark
    public long acquiredNs(StreamState state) {
        return state.reader.acquiredNs();
    }

    /**
     * Whether the writer of the current frame is known to keep the strict order of stores.
     *
     * @param state with a reader that has a frame
     * @return true
     */
    @Benchmark
    public boolean isStrict(StreamState state) {
        return state.reader.isStrict();
    }
}
