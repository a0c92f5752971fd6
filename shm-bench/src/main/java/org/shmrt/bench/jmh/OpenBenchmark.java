package org.shmrt.bench.jmh;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Warmup;
import org.shmrt.memory.DataType;
import org.shmrt.stream.Access;
import org.shmrt.stream.ImageStream;

/**
 * A stream opened and closed: file mapped, header judged, and for writing its semaphores opened; DAO has eleven objects
 * for them.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(value = 2, jvmArgsAppend = "--enable-native-access=ALL-UNNAMED")
@Warmup(iterations = 3, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 500, timeUnit = TimeUnit.MILLISECONDS)
public class OpenBenchmark {
    /** For JMH. */
    public OpenBenchmark() {}

    /**
     * As a viewer does.
     *
     * @param state made the stream
     * @return type of its elements
     */
    @Benchmark
    public DataType readOnly(StreamState state) {
        return openAndClose(state, Access.READ_ONLY);
    }

    /**
     * As a writer and a reader that sleeps do.
     *
     * @param state made the stream
     * @return type of its elements
     */
    @Benchmark
    public DataType readWrite(StreamState state) {
        return openAndClose(state, Access.READ_WRITE);
    }

    private static DataType openAndClose(StreamState state, Access access) {
        try (ImageStream opened = ImageStream.open(state.stream.path(), access)) {
            return opened.type();
        }
    }
}
