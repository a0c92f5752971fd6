package org.shmrt.bench.jmh;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
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
import org.shmrt.posix.MappedFile;
import org.shmrt.posix.Semaphore;
import org.shmrt.stream.format.SemaphoreLayout;

/**
 * A publication that posts all of a stream's semaphores, ten and the one for logging, beside one that finds them at the
 * cap: the difference is what eleven posts cost where nobody sleeps. DAO's are named and posted by the C library,
 * milk's lie in the file and are posted by Java.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(value = 2, jvmArgsAppend = "--enable-native-access=ALL-UNNAMED")
@Warmup(iterations = 3, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 500, timeUnit = TimeUnit.MILLISECONDS)
public class PostBenchmark {
    /** For JMH. */
    public PostBenchmark() {}

    /** The semaphores of the stream, mapped once more. */
    @State(Scope.Benchmark)
    public static class Tokens {
        private Arena arena;
        private MemorySegment[] semaphores;

        /** For JMH. */
        public Tokens() {}

        /**
         * Maps them.
         *
         * @param state the stream
         */
        @Setup
        public void map(StreamState state) {
            arena = Arena.ofShared();
            SemaphoreLayout layout = state.stream.layout().semaphores();
            List<MemorySegment> found = new ArrayList<>();
            if (layout.isInFile()) {
                MemorySegment file =
                        MappedFile.readWrite(state.stream.path(), arena).segment();
                for (int i = 0; i < layout.count(); i++) {
                    found.add(file.asSlice(layout.offset() + (long) i * Semaphore.BYTES, Semaphore.BYTES));
                }
                found.add(file.asSlice(layout.logOffset(), Semaphore.BYTES));
            } else {
                layout.names().forEach(name -> found.add(named(name)));
                found.add(named(layout.logName()));
            }
            semaphores = found.toArray(MemorySegment[]::new);
        }

        private MemorySegment named(String name) {
            return MappedFile.readWrite(Semaphore.file(name), arena).segment();
        }

        /** Takes all tokens away: glibc keeps the value in the first word, and there is no sleeper to count. */
        private void empty() {
            for (MemorySegment semaphore : semaphores) {
                semaphore.set(ValueLayout.JAVA_INT, 0, 0);
            }
        }

        /** Unmaps them. */
        @TearDown
        public void unmap() {
            arena.close();
        }
    }

    /**
     * All semaphores at their cap: each is looked at and none posted.
     *
     * @param state the stream
     * @return the frame's count
     */
    @Benchmark
    public long atCap(StreamState state) {
        state.writer.claim();
        return state.writer.publish();
    }

    /**
     * All semaphores empty.
     *
     * @param state the stream
     * @param tokens its semaphores
     * @return the frame's count
     */
    @Benchmark
    public long postAll(StreamState state, Tokens tokens) {
        tokens.empty();
        state.writer.claim();
        return state.writer.publish();
    }
}
