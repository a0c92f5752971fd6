package org.shmrt.bench.jmh;

import org.openjdk.jmh.annotations.Benchmark;
import org.shmrt.stream.Verdict;

/**
 * Polls for a new frame when there is none: the cost of one iteration of a polling loop.
 */
public class PollBenchmark extends CallBenchmark {
    /** For JMH. */
    public PollBenchmark() {}

    /**
     * Polls once.
     *
     * @param state the stream
     * @return timed out
     */
    @Benchmark
    public Verdict nothingNew(StreamState state) {
        return state.reader.awaitNext(0);
    }
}
