package org.shmrt.bench.jmh;

import org.openjdk.jmh.annotations.Benchmark;
import org.shmrt.posix.Clocks;

/**
 * The clock call that is part of every publication.
 */
public class ClockBenchmark extends CallBenchmark {
    /** For JMH. */
    public ClockBenchmark() {}

    /**
     * Wall-clock time with a native call.
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
