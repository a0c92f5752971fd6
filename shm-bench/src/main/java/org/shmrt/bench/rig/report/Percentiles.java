package org.shmrt.bench.rig.report;

import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramIterationValue;

/**
 * Percentiles finer than the clock. Where a clock steps by 10 ns, the median of round trips around 100 ns could
 * only be 100 or 110, and a ratio of two medians would jump by a tenth. So times are taken as spread evenly over
 * their step, which is how statisticians find the median of grouped data.
 */
public final class Percentiles {
    private Percentiles() {}

    /** The step of {@link System#nanoTime()}, which C's clock_gettime shares: 1, 10, 100 or 1000 ns. */
    public static long clockStepNs() {
        int looks = 10_000;
        long[] steps = {1000, 100, 10};
        int[] multiples = new int[steps.length];
        long lastNs = System.nanoTime();
        for (int i = 0; i < looks; i++) {
            long nowNs = System.nanoTime();
            for (int k = 0; k < steps.length; k++) {
                multiples[k] += (nowNs - lastNs) % steps[k] == 0 ? 1 : 0;
            }
            lastNs = nowNs;
        }
        // Most, not all: such clocks are scaled from a counter, and now and then rounding adds 1.
        for (int k = 0; k < steps.length; k++) {
            if (multiples[k] > looks * 6 / 10) {
                return steps[k];
            }
        }
        return 1;
    }

    /**
     * A percentile.
     *
     * @param percent 0 to 100
     * @param stepNs the clock's step
     * @return ns; 0 if nothing was recorded
     */
    public static double of(Histogram times, double percent, long stepNs) {
        double wanted = times.getTotalCount() * percent / 100;
        double before = 0;
        double inStep = 0;
        long step = 0;
        for (HistogramIterationValue value : times.recordedValues()) {
            long itsStep = times.lowestEquivalentValue(value.getValueIteratedTo()) / stepNs;
            if (itsStep != step) {
                if (before + inStep >= wanted) {
                    break;
                }
                before += inStep;
                inStep = 0;
                step = itsStep;
            }
            inStep += value.getCountAddedInThisIterationStep();
        }
        return inStep == 0 ? 0 : (step + (wanted - before) / inStep) * stepNs;
    }
}
