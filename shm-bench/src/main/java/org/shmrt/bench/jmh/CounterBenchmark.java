package org.shmrt.bench.jmh;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
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
import org.shmrt.posix.MappedRegion;
import org.shmrt.stream.inspect.StreamStatus;

/**
 * A look at the frame counter in shared memory, bare, and with everything else the header tells; and what a reader
 * tells of its current frame.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(value = 2, jvmArgsAppend = "--enable-native-access=ALL-UNNAMED")
@Warmup(iterations = 3, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 500, timeUnit = TimeUnit.MILLISECONDS)
public class CounterBenchmark {
    /** For JMH. */
    public CounterBenchmark() {}

    private static final VarHandle LONG = ValueLayout.JAVA_LONG.varHandle();

    /** The stream's file mapped once more. */
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
            file = MappedRegion.readOnly(state.stream.path(), arena).segment();
            cnt0Offset = state.stream.layout().cnt0Offset();
        }

        /** Unmaps it. */
        @TearDown
        public void unmap() {
            arena.close();
        }
    }

    /**
     * The counter alone, the floor under every poll.
     *
     * @param header the file
     * @return the count
     */
    @Benchmark
    public long cnt0Acquire(Header header) {
        return (long) LONG.getAcquire(header.file, header.cnt0Offset);
    }

    /**
     * The newest frame's count, asked for without a reader.
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
     * @return them
     */
    @Benchmark
    public StreamStatus status(StreamState state) {
        return state.stream.status();
    }

    /**
     * The current frame's count.
     *
     * @param state has a reader with a frame
     * @return cnt0
     */
    @Benchmark
    public long count(StreamState state) {
        return state.reader.count();
    }

    /**
     * The current frame's second counter.
     *
     * @param state has a reader with a frame
     * @return cnt1
     */
    @Benchmark
    public long cnt1(StreamState state) {
        return state.reader.cnt1();
    }

    /**
     * The current frame's id.
     *
     * @param state has a reader with a frame
     * @return cnt2
     */
    @Benchmark
    public long frameId(StreamState state) {
        return state.reader.frameId();
    }

    /**
     * When the current frame was acquired.
     *
     * @param state has a reader with a frame
     * @return nanoseconds
     */
    @Benchmark
    public long acquiredNs(StreamState state) {
        return state.reader.acquiredNs();
    }

    /**
     * Whether the current frame's writer is known to keep the strict order.
     *
     * @param state has a reader with a frame
     * @return true
     */
    @Benchmark
    public boolean isStrict(StreamState state) {
        return state.reader.isStrict();
    }
}
