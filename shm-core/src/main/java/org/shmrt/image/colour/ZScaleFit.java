package org.shmrt.image.colour;

import java.util.Arrays;

/**
 * The zscale limits of IRAF, with the sampling and rejection of astropy's {@code ZScaleInterval}: fits a line to the
 * sorted samples, rejects those far from it, and extends the slope from the median, divided by the contrast.
 *
 * @see <a href="https://docs.astropy.org/en/stable/api/astropy.visualization.ZScaleInterval.html">ZScaleInterval</a>
 */
final class ZScaleFit {
    /** Samples taken from an image. */
    static final int SAMPLES = 1000;

    private static final double CONTRAST = 0.25;
    private static final double MAX_REJECTED = 0.5;
    private static final int MIN_SAMPLES = 5;
    private static final double REJECTION_SIGMAS = 2.5;
    private static final int MAX_ITERATIONS = 5;
    private static final double GROWTH = 0.01;

    private final double[] sorted;
    private boolean[] rejected;
    private double slope;
    private double intercept;

    private ZScaleFit(double[] sorted) {
        this.sorted = sorted;
        this.rejected = new boolean[sorted.length];
    }

    /** The limits for samples in any order; sorts the array. */
    static Limits.Range range(double[] samples) {
        if (samples.length == 0) {
            return Limits.Range.NONE;
        }
        Arrays.sort(samples);
        return new ZScaleFit(samples).range();
    }

    private Limits.Range range() {
        int count = sorted.length;
        double low = sorted[0];
        double high = sorted[count - 1];
        int needed = Math.max(MIN_SAMPLES, (int) (count * MAX_REJECTED));
        int kept = count;
        int before = count + 1;
        for (int i = 0; i < MAX_ITERATIONS && kept < before && kept >= needed; i++) {
            fit();
            reject();
            before = kept;
            kept = keptCount();
        }
        if (kept >= needed) {
            int centre = (count - 1) / 2;
            double median = (sorted[centre] + sorted[count / 2]) / 2;
            double step = slope / CONTRAST;
            low = Math.max(low, median - (centre - 1) * step);
            high = Math.min(high, median + (count - centre) * step);
        }
        // adding 0 converts -0 to 0
        return new Limits.Range(low + 0.0, Math.max(low, high) + 0.0);
    }

    private int keptCount() {
        int kept = 0;
        for (boolean isRejected : rejected) {
            kept += isRejected ? 0 : 1;
        }
        return kept;
    }

    /** Fits a line to the samples that are not rejected, by least squares around their mean. */
    private void fit() {
        double meanX = 0;
        double meanY = 0;
        int kept = keptCount();
        for (int i = 0; i < sorted.length; i++) {
            meanX += rejected[i] ? 0 : (double) i / kept;
            meanY += rejected[i] ? 0 : sorted[i] / kept;
        }
        double squares = 0;
        double products = 0;
        for (int i = 0; i < sorted.length; i++) {
            if (!rejected[i]) {
                squares += (i - meanX) * (i - meanX);
                products += (i - meanX) * (sorted[i] - meanY);
            }
        }
        slope = squares == 0 ? 0 : products / squares;
        intercept = meanY - slope * meanX;
    }

    /** Rejects the samples far from the line, and their neighbours. */
    private void reject() {
        double sum = 0;
        double squares = 0;
        int kept = keptCount();
        for (int i = 0; i < sorted.length; i++) {
            sum += rejected[i] ? 0 : residual(i) / kept;
        }
        for (int i = 0; i < sorted.length; i++) {
            squares += rejected[i] ? 0 : (residual(i) - sum) * (residual(i) - sum) / kept;
        }
        double threshold = REJECTION_SIGMAS * Math.sqrt(squares);
        for (int i = 0; i < sorted.length; i++) {
            rejected[i] |= Math.abs(residual(i)) > threshold;
        }
        grow(Math.max(1, (int) (sorted.length * GROWTH)));
    }

    private double residual(int i) {
        return sorted[i] - (slope * i + intercept);
    }

    /** Rejects each sample that has a rejected one within a window, as numpy's convolution of that width does. */
    private void grow(int width) {
        int after = (width - 1) / 2;
        boolean[] grown = new boolean[rejected.length];
        for (int i = 0; i < rejected.length; i++) {
            int end = Math.min(rejected.length - 1, i + after);
            for (int j = Math.max(0, i + after - width + 1); j <= end; j++) {
                grown[i] |= rejected[j];
            }
        }
        rejected = grown;
    }
}
