package org.shmrt.bench.jmh;

import java.util.List;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.shmrt.bench.TemporaryStream;
import org.shmrt.memory.DataType;
import org.shmrt.memory.Shape;
import org.shmrt.stream.FrameReader;
import org.shmrt.stream.FrameWriter;
import org.shmrt.stream.Verdict;
import org.shmrt.stream.WaitStrategy;
import org.shmrt.stream.convert.FrameSum;
import org.shmrt.stream.format.StreamSpec;

/**
 * Adds two streams of 4 KiB and publishes the sum in a third one.
 */
public class SumBenchmark extends CallBenchmark {
    /** For JMH. */
    public SumBenchmark() {}

    /** The three streams. */
    @State(Scope.Benchmark)
    public static class Streams {
        private TemporaryStream first;
        private TemporaryStream second;
        private TemporaryStream sum;
        private FrameWriter firstWriter;
        private FrameWriter secondWriter;
        private FrameSum adder;

        /** For JMH. */
        public Streams() {}

        /** Creates them. */
        @Setup
        public void create() {
            StreamSpec spec = StreamSpec.dao(DataType.FLOAT32, Shape.of(32, 32));
            first = TemporaryStream.create("first", spec);
            second = TemporaryStream.create("second", spec);
            sum = TemporaryStream.create("sum", spec);
            firstWriter = first.stream().writer();
            secondWriter = second.stream().writer();
            FrameReader one = first.stream().reader(WaitStrategy.spin());
            FrameReader other = second.stream().reader(WaitStrategy.spin());
            adder = FrameSum.of(sum.stream().writer(), List.of(one, other));
        }

        /** Removes them. */
        @TearDown
        public void remove() {
            first.close();
            second.close();
            sum.close();
        }
    }

    /**
     * Publishes a frame in each source, then their sum.
     *
     * @param streams the streams
     * @return fresh
     */
    @Benchmark
    public Verdict publishNewer(Streams streams) {
        streams.firstWriter.claim();
        streams.firstWriter.publish();
        streams.secondWriter.claim();
        streams.secondWriter.publish();
        return streams.adder.publishNewer(1_000_000);
    }

    /**
     * Publishes the sum of the newest frames.
     *
     * @param streams the streams
     * @return fresh
     */
    @Benchmark
    public Verdict publishNewest(Streams streams) {
        return streams.adder.publishNewest(1_000_000);
    }
}
