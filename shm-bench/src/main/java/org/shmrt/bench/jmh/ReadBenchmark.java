package org.shmrt.bench.jmh;

import java.lang.foreign.ValueLayout;
import org.openjdk.jmh.annotations.Benchmark;
import org.shmrt.stream.Verdict;

/**
 * Reads frames in the thread that wrote them, so they are in its cache. This is the cost of the checks without the
 * transfer between cores, which the latency rig measures.
 */
public class ReadBenchmark extends CallBenchmark {
    /** For JMH. */
    public ReadBenchmark() {}

    /**
     * Copies the newest frame out, and checks that no writer overtook the copy.
     *
     * @param state the stream
     * @return fresh
     */
    @Benchmark
    public Verdict verifiedCopy(SizedStreamState state) {
        return state.reader.readNewest(state.frame, 0);
    }

    /**
     * Publishes a frame by copy, then reads it by copy.
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
     * Reads one word of the newest frame in place, then validates.
     *
     * @param state the stream
     * @return the word, or 0 if the frame was overwritten in the meantime
     */
    @Benchmark
    public long zeroCopy(StreamState state) {
        state.reader.newest();
        long word = state.reader.frame().get(ValueLayout.JAVA_LONG_UNALIGNED, 0);
        return state.reader.validate() ? word : 0;
    }
}
