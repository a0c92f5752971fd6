package org.shmrt.bench.jmh;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.shmrt.bench.TemporaryStream;
import org.shmrt.posix.MappedFile;

/**
 * The cost of copying a frame, without the protocol: {@code MemorySegment.copy} into a mapped file. The difference to
 * {@link PublishBenchmark#copy} is the cost of the protocol.
 */
public class CopyBaseline extends CallBenchmark {
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
         * @param state the stream, which determines the size
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
