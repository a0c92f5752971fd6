package org.shmrt.bench.determinism;

import org.shmrt.telemetry.LoopCommand;
import org.shmrt.telemetry.LoopMeasure;
import org.shmrt.telemetry.TelemetryWriter;

/** What the page of a loop costs in each step: five times, the end of the step, and a look for a command. */
final class TelemetryCost {
    private static final int BATCHES = 2_000;
    private static final int STEPS = 1_000;

    private TelemetryCost() {}

    /**
     * Prints the times of a step, each the mean of a batch.
     *
     * @param words the core
     */
    public static void main(String[] words) {
        RealTime.pin(Integer.parseInt(words[0]));
        Samples times = new Samples(BATCHES);
        try (TelemetryWriter page =
                TelemetryWriter.create("determinism-" + ProcessHandle.current().pid())) {
            int commands = 0;
            for (int batch = 0; batch < 2 * BATCHES; batch++) {
                long start = System.nanoTime();
                for (int step = 0; step < STEPS; step++) {
                    commands += step(page, 5_000 + (step * 37L & 1023)) == LoopCommand.RUN ? 1 : 0;
                }
                long ns = (System.nanoTime() - start) / STEPS;
                if (batch >= BATCHES) { // the first half is the warm-up
                    times.add(ns);
                }
            }
            System.out.println("NOTE " + commands + " steps of telemetry");
        }
        System.out.println(times.line("telemetry"));
    }

    private static LoopCommand step(TelemetryWriter page, long ns) {
        page.add(LoopMeasure.INTERVAL, 1_000_000 + ns);
        page.add(LoopMeasure.COMPUTE, ns);
        page.add(LoopMeasure.PUBLISH, ns >> 3);
        page.add(LoopMeasure.WAKE, ns >> 2);
        page.add(LoopMeasure.END_TO_END, 2 * ns);
        page.endStep(ns);
        return page.command();
    }
}
