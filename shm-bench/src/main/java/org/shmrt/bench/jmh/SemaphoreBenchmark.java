package org.shmrt.bench.jmh;

import java.lang.foreign.Arena;
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

/**
 * A semaphore nobody sleeps on: a named one, which the C library works, and the same in mapped memory, which Java does.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(value = 2, jvmArgsAppend = "--enable-native-access=ALL-UNNAMED")
@Warmup(iterations = 3, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 500, timeUnit = TimeUnit.MILLISECONDS)
public class SemaphoreBenchmark {
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
            semaphore = Semaphore.create(name, 0600, false, 0, arena);
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
     * Adds one and takes it again.
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
     * Adds one and takes it again, in mapped memory.
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
     * Tries to take one where there is none.
     *
     * @param named the semaphore
     * @return false
     */
    @Benchmark
    public boolean tryAcquireNone(Named named) {
        return named.semaphore.tryAcquire();
    }

    /**
     * Looks at the value, as a writer does before each post.
     *
     * @param named the semaphore
     * @return 0
     */
    @Benchmark
    public int value(Named named) {
        return named.semaphore.value();
    }
}
