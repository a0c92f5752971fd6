package org.shmrt.bench.jmh;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
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
import org.shmrt.bench.TemporaryStream;
import org.shmrt.posix.MappedFile;

/**
 * What a frame costs to copy and nothing else: {@code MemorySegment.copy} into a mapped file. The difference to
 * {@link PublishBenchmark#copy} is the price of the protocol.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(value = 2, jvmArgsAppend = "--enable-native-access=ALL-UNNAMED")
@Warmup(iterations = 3, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 500, timeUnit = TimeUnit.MILLISECONDS)
public class CopyBaseline {
    /** For JMH. */
    public CopyBaseline() {}

    /** The mapped file of a stream, without the stream. */
    @State(Scope.Benchmark)
    public static class Target {
        private TemporaryStream temporary;
        private Arena arena;
        private MemorySegment target;

        /** For JMH. */
        public Target() {}

        /**
         * Maps a file of its own.
         *
         * @param state tells the size
         */
        @Setup
        public void map(SizedStreamState state) {
            temporary = TemporaryStream.create("copy", state.frameBytes);
            arena = Arena.ofShared();
            Path path = temporary.path();
            target = MappedFile.readWrite(path, arena)
                    .segment()
                    .asSlice(temporary.stream().layout().dataOffset(), state.frameBytes);
        }

        /** Removes it. */
        @TearDown
        public void remove() {
            arena.close();
            temporary.close();
        }
    }

    /**
     * One copy.
     *
     * @param state has the source
     * @param to has the target
     */
    @Benchmark
    public void copy(SizedStreamState state, Target to) {
        MemorySegment.copy(state.frame, 0, to.target, 0, state.frameBytes);
    }
}
