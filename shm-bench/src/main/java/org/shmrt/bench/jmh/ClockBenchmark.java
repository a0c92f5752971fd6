package org.shmrt.bench.jmh;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Warmup;
import org.shmrt.posix.Clocks;

/**
 * The clock call that is part of every publication.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(value = 2, jvmArgsAppend = "--enable-native-access=ALL-UNNAMED")
@Warmup(iterations = 3, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 500, timeUnit = TimeUnit.MILLISECONDS)
public class ClockBenchmark {
    /** For JMH. */
    public ClockBenchmark() {}

    /**
     * Wall-clock time by a native call.
     *
     * @return nanoseconds since 1970
     */
    @Benchmark
    public long realtimeNs() {
        return Clocks.realtimeNs();
    }

    /**
     * The JDK's own monotonic clock, for comparison.
     *
     * @return nanoseconds
     */
    @Benchmark
    public long nanoTime() {
        return System.nanoTime();
    }
}
