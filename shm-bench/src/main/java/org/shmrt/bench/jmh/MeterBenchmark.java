package org.shmrt.bench.jmh;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.shmrt.telemetry.ReaderMeter;

/** What a meter adds to the reading of a frame. */
public class MeterBenchmark extends CallBenchmark {
    /** For JMH. */
    public MeterBenchmark() {}

    /** A meter of the reader. */
    @State(Scope.Benchmark)
    public static class Meter {
        private ReaderMeter meter;
        private long nowNs;

        /** For JMH. */
        public Meter() {}

        /**
         * Creates it.
         *
         * @param state the stream
         */
        @Setup
        public void create(StreamState state) {
            meter = ReaderMeter.create("jmh" + ProcessHandle.current().pid(), state.reader);
            nowNs = state.stream.layout().clock().nowNs();
        }

        /** Removes its page. */
        @TearDown
        public void close() {
            meter.close();
        }
    }

    /**
     * With a time that the program has read already.
     *
     * @param meter the meter
     * @param state with a reader that has a frame
     */
    @Benchmark
    public void recordAt(Meter meter, StreamState state) {
        meter.nowNs += 1_000 + (meter.nowNs & 0xffff); // different buckets
        meter.meter.record(meter.nowNs);
    }

    /**
     * With a read of the clock.
     *
     * @param meter the meter
     * @param state with a reader that has a frame
     */
    @Benchmark
    public void record(Meter meter, StreamState state) {
        meter.meter.record();
    }
}
