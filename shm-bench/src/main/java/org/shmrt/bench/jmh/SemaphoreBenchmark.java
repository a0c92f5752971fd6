package org.shmrt.bench.jmh;

import java.lang.foreign.Arena;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.shmrt.posix.MappedFile;
import org.shmrt.posix.Permissions;
import org.shmrt.posix.Semaphore;

/**
 * A semaphore without sleeping threads: a named one with the C library, and the same one in mapped memory with Java.
 */
public class SemaphoreBenchmark extends CallBenchmark {
    /** For JMH. */
    public SemaphoreBenchmark() {}

    /** The semaphore. */
    @State(Scope.Benchmark)
    public static class Named {
        private final String name = "shmrt_bench_" + ProcessHandle.current().pid() + "_semaphore";
        private Arena arena;
        private Semaphore semaphore;
        private Semaphore mapped;

        /** For JMH. */
        public Named() {}

        /** Creates it. */
        @Setup
        public void create() {
            arena = Arena.ofShared();
            semaphore = Semaphore.create(name, Permissions.withUmask(0600), 0, arena);
            mapped = Semaphore.inMemory(
                    MappedFile.readWrite(Semaphore.file(name), arena).segment(), name);
        }

        /** Removes it. */
        @TearDown
        public void remove() {
            arena.close();
            Semaphore.unlink(name);
        }
    }

    /**
     * Posts and acquires.
     *
     * @param named the semaphore
     * @return true
     */
    @Benchmark
    public boolean postThenTryAcquire(Named named) {
        named.semaphore.post();
        return named.semaphore.tryAcquire();
    }

    /**
     * Posts and acquires, in mapped memory.
     *
     * @param named the semaphore
     * @return true
     */
    @Benchmark
    public boolean mappedPostThenTryAcquire(Named named) {
        named.mapped.post();
        return named.mapped.tryAcquire();
    }

    /**
     * Tries to acquire when the value is 0.
     *
     * @param named the semaphore
     * @return false
     */
    @Benchmark
    public boolean tryAcquireNone(Named named) {
        return named.semaphore.tryAcquire();
    }

    /**
     * Reads the value, as a writer does before each post.
     *
     * @param named the semaphore
     * @return 0
     */
    @Benchmark
    public int value(Named named) {
        return named.semaphore.value();
    }
}
