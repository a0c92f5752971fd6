package org.shmrt.demo;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.shmrt.image.plot.LinePlot;
import org.shmrt.telemetry.LatencyHistogram;
import org.shmrt.telemetry.LoopMeasure;

/** The picture of where the time of a step goes: a histogram for each part. */
final class StepPicture {
    private static final double BINS_PER_DECADE = 16;

    /** The parts, under the names of the table where both have them. */
    private static final List<Part> PARTS = List.of(
            new Part(LoopMeasure.WAKE, LatencyStage.CAMERA_TO_LOOP.label),
            new Part(LoopMeasure.COMPUTE, LatencyStage.LOOP.label),
            new Part(LoopMeasure.PUBLISH, "publishes"),
            // not the end to end of the table, which begins when the frame was due and ends in the mirror
            new Part(LoopMeasure.END_TO_END, "these three"));

    private record Part(LoopMeasure measure, String label) {}

    private StepPicture() {}

    static LinePlot plot(RunPlan plan, StepTimes times) {
        LinePlot plot = new LinePlot(
                        String.format(
                                Locale.ROOT,
                                "Where the time of a step goes: %s Hz, %s, wait %s",
                                DemoReport.number(plan.rateHz()),
                                plan.format(),
                                plan.waiting().label()),
                        "time in us; the legend shows medians",
                        "% of the steps")
                .logX()
                .filled()
                .size(960, 600);
        double highest = 0;
        for (Part part : PARTS) {
            highest = Math.max(highest, add(plot, part.label(), times.of(part.measure())));
        }
        double periodUs = plan.periodNs() / 1e3;
        return plot.series(
                String.format(Locale.ROOT, "period %.0f us", periodUs),
                new double[] {periodUs, periodUs},
                new double[] {0, highest});
    }

    /** Adds the outline of a histogram, and returns its highest value. */
    private static double add(LinePlot plot, String name, LatencyHistogram times) {
        if (times.count() == 0) {
            return 0;
        }
        int first = bin(Math.max(1, times.percentileNs(0)));
        int bins = bin(Math.max(1, times.maxNs())) - first + 1;
        // each bin has a left and a right upper corner; one corner on the axis at each end
        double[] us = new double[2 * bins + 2];
        double[] percent = new double[us.length];
        long before = 0;
        for (int i = 0; i < bins; i++) {
            long upTo = times.countUpTo((long) edgeNs(first + i + 1) - 1);
            double share = 100.0 * (upTo - before) / times.count();
            before = upTo;
            us[2 * i + 1] = edgeNs(first + i) / 1e3;
            us[2 * i + 2] = edgeNs(first + i + 1) / 1e3;
            percent[2 * i + 1] = share;
            percent[2 * i + 2] = share;
        }
        us[0] = us[1];
        us[us.length - 1] = us[us.length - 2];
        plot.series(String.format(Locale.ROOT, "%s %.1f us", name, times.percentileNs(50) / 1e3), us, percent);
        return Arrays.stream(percent).max().orElse(0);
    }

    private static int bin(long ns) {
        return (int) Math.floor(Math.log10((double) ns) * BINS_PER_DECADE);
    }

    private static double edgeNs(int bin) {
        return Math.pow(10, bin / BINS_PER_DECADE);
    }
}
