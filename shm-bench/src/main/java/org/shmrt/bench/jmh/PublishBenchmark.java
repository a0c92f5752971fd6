package org.shmrt.bench.jmh;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Warmup;

/**
 * A frame published, with nobody waiting. Each publication takes the time (a clock call) and looks at the
 * stream's eleven semaphores.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(value = 2, jvmArgsAppend = "--enable-native-access=ALL-UNNAMED")
@Warmup(iterations = 3, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 500, timeUnit = TimeUnit.MILLISECONDS)
public class PublishBenchmark {
    /** For JMH. */
    public PublishBenchmark() {}

    /**
     * A frame copied into the stream.
     *
     * @param state the stream
     * @return the frame's count
     */
    @Benchmark
    public long copy(SizedStreamState state) {
        return state.writer.write(state.frame);
    }

    /**
     * A frame made in the stream's own memory. Only one word of it is written, so what is left is the protocol.
     *
     * @param state the stream
     * @return the frame's count
     */
    @Benchmark
    public long inPlace(SizedStreamState state) {
        MemorySegment frame = state.writer.claim();
        frame.set(ValueLayout.JAVA_LONG_UNALIGNED, 0, 42);
        return state.writer.publish();
    }

    /**
     * A frame copied to its place with nobody told.
     *
     * @param state the stream
     */
    @Benchmark
    public void quietly(SizedStreamState state) {
        state.writer.writeQuietly(state.frame);
    }
}
