package org.shmrt.bench.rig.report;

import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramIterationValue;

/**
 * Percentiles that are finer than the resolution of the clock. If a clock advances in steps of 10 ns, the median of round
 * trips of about 100 ns could only be 100 or 110, and a ratio of two medians would jump by a tenth. Times are therefore
 * treated as evenly distributed over their step, which is the usual median of grouped data.
 */
public final class Percentiles {
    private Percentiles() {}

    /** The step of {@link System#nanoTime()}, and of clock_gettime in C: 1, 10, 100 or 1000 ns. */
    public static long clockStepNs() {
        int samples = 10_000;
        long[] steps = {1000, 100, 10};
        int[] multiples = new int[steps.length];
        long lastNs = System.nanoTime();
        for (int i = 0; i < samples; i++) {
            long nowNs = System.nanoTime();
            for (int k = 0; k < steps.length; k++) {
                multiples[k] += (nowNs - lastNs) % steps[k] == 0 ? 1 : 0;
            }
            lastNs = nowNs;
        }
        // Most, not all: such clocks are scaled from a counter, and rounding sometimes adds 1.
        for (int k = 0; k < steps.length; k++) {
            if (multiples[k] > samples * 6 / 10) {
                return steps[k];
            }
        }
        return 1;
    }

    /**
     * A percentile.
     *
     * @param percent 0 to 100
     * @param stepNs step of the clock
     * @return ns; 0 if nothing was recorded
     */
    public static double of(Histogram times, double percent, long stepNs) {
        double wanted = times.getTotalCount() * percent / 100;
        double before = 0;
        double inStep = 0;
        long step = 0;
        for (HistogramIterationValue value : times.recordedValues()) {
            long valueStep = times.lowestEquivalentValue(value.getValueIteratedTo()) / stepNs;
            if (valueStep != step) {
                if (before + inStep >= wanted) {
                    break;
                }
                before += inStep;
                inStep = 0;
                step = valueStep;
            }
            inStep += value.getCountAddedInThisIterationStep();
        }
        return inStep == 0 ? 0 : (step + (wanted - before) / inStep) * stepNs;
    }
}
