package org.shmrt.bench.jmh;

import java.lang.foreign.ValueLayout;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Warmup;
import org.shmrt.stream.Verdict;

/**
 * Frames read back by the thread that wrote them, so they lie in its own cache: the cost of the checks, not of
 * moving data between cores. The rig measures that.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(value = 2, jvmArgsAppend = "--enable-native-access=ALL-UNNAMED")
@Warmup(iterations = 3, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 500, timeUnit = TimeUnit.MILLISECONDS)
public class ReadBenchmark {
    /** For JMH. */
    public ReadBenchmark() {}

    /**
     * The newest frame copied out, checked against a writer that might have overtaken the copy.
     *
     * @param state the stream
     * @return fresh
     */
    @Benchmark
    public Verdict verifiedCopy(SizedStreamState state) {
        return state.reader.readNewest(state.frame, 0);
    }

    /**
     * A frame published by copy, then read by copy.
     *
     * @param state the stream
     * @return fresh
     */
    @Benchmark
    public Verdict writeThenRead(SizedStreamState state) {
        state.writer.write(state.frame);
        return state.reader.read(state.frame, 0);
    }

    /**
     * The newest frame used where it lies (one word of it), then validated.
     *
     * @param state the stream
     * @return the word, or 0 if the frame was overwritten meanwhile
     */
    @Benchmark
    public long zeroCopy(StreamState state) {
        state.reader.newest();
        long word = state.reader.frame().get(ValueLayout.JAVA_LONG_UNALIGNED, 0);
        return state.reader.validate() ? word : 0;
    }
}
