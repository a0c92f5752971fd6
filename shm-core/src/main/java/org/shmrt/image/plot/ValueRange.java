package org.shmrt.image.plot;

/** Range of the values that an axis can show; not-a-number limits if there are none. */
final class ValueRange {
    private final AxisScale scale;
    private double min = Double.NaN;
    private double max = Double.NaN;

    ValueRange(AxisScale scale) {
        this.scale = scale;
    }

    void include(double[] values) {
        for (double value : values) {
            if (scale.shows(value)) {
                // the negated comparisons hold for NaN too
                min = !(value >= min) ? value : min;
                max = !(value <= max) ? value : max;
            }
        }
    }

    PlotAxis axis() {
        return scale == AxisScale.LOGARITHMIC ? PlotAxis.logarithmic(min, max) : PlotAxis.linear(min, max);
    }
}
