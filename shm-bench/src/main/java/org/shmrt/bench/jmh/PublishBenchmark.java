package org.shmrt.bench.jmh;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.openjdk.jmh.annotations.Benchmark;

/**
 * Publishes a frame while no reader waits. Each publication reads the clock and checks the eleven semaphores of the
 * stream.
 */
public class PublishBenchmark extends CallBenchmark {
    /** For JMH. */
    public PublishBenchmark() {}

    /**
     * Copies a frame into the stream.
     *
     * @param state the stream
     * @return the frame's count
     */
    @Benchmark
    public long copy(SizedStreamState state) {
        return state.writer.write(state.frame);
    }

    /**
     * Creates a frame in place. Only one word of it is written, so this is the cost of the protocol.
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
     * Copies a frame into the stream without a notification.
     *
     * @param state the stream
     */
    @Benchmark
    public void quietly(SizedStreamState state) {
        state.writer.writeQuietly(state.frame);
    }
}
