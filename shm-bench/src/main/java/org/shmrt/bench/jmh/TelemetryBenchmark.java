package org.shmrt.bench.jmh;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.shmrt.telemetry.LoopCommand;
import org.shmrt.telemetry.LoopMeasure;
import org.shmrt.telemetry.TelemetryWriter;

/** What the page of a control loop costs in each step. */
public class TelemetryBenchmark extends CallBenchmark {
    /** For JMH. */
    public TelemetryBenchmark() {}

    /** The page of a loop, and times that vary as those of a loop do. */
    @State(Scope.Benchmark)
    public static class Page {
        private TelemetryWriter writer;
        private long step;

        /** For JMH. */
        public Page() {}

        /** Creates the page. */
        @Setup
        public void create() {
            writer = TelemetryWriter.create("jmh-" + ProcessHandle.current().pid());
        }

        /** Removes it. */
        @TearDown
        public void remove() {
            writer.close();
        }
    }

    /**
     * All that a step adds: five times, the end of the step, and a look for a command.
     *
     * @param page the page
     * @return the command
     */
    @Benchmark
    public LoopCommand step(Page page) {
        TelemetryWriter writer = page.writer;
        long ns = 5_000 + (page.step++ * 37 & 1023);
        writer.add(LoopMeasure.INTERVAL, 1_000_000 + ns);
        writer.add(LoopMeasure.COMPUTE, ns);
        writer.add(LoopMeasure.PUBLISH, ns >> 3);
        writer.add(LoopMeasure.WAKE, ns >> 2);
        writer.add(LoopMeasure.END_TO_END, 2 * ns);
        writer.endStep(page.step);
        return writer.command();
    }
}
