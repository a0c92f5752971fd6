package org.shmrt.bench.jmh;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.shmrt.posix.MappedFile;
import org.shmrt.posix.Semaphore;
import org.shmrt.stream.format.SemaphoreLayout;

/**
 * Publishes a frame and posts all semaphores of the stream (ten, and the one for logging), compared with a publication
 * that finds them all at the cap. The difference is the cost of eleven posts without a sleeping reader. DAO's semaphores
 * are named and posted by the C library; milk's are in the file and posted by Java.
 */
public class PostBenchmark extends CallBenchmark {
    /** For JMH. */
    public PostBenchmark() {}

    /** A second mapping of the stream's semaphores. */
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

        /** Removes all tokens: glibc keeps the value in the first word, and no reader sleeps. */
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
     * All semaphores are at the cap: each is checked and none is posted.
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
     * All semaphores are empty: each is posted.
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
