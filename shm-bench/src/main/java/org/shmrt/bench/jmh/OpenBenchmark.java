package org.shmrt.bench.jmh;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.shmrt.memory.DataType;
import org.shmrt.stream.Access;
import org.shmrt.stream.ImageStream;

/**
 * Opens and closes a stream: maps the file, checks the header and, for writing, opens the semaphores. A DAO stream has
 * eleven of them, each in a separate file.
 */
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class OpenBenchmark extends CallBenchmark {
    /** For JMH. */
    public OpenBenchmark() {}

    /**
     * As a viewer.
     *
     * @param state the stream
     * @return type of its elements
     */
    @Benchmark
    public DataType readOnly(StreamState state) {
        return openAndClose(state, Access.READ_ONLY);
    }

    /**
     * As a writer, or as a reader that sleeps.
     *
     * @param state the stream
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
