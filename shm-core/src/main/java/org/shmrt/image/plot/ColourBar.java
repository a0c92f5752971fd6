package org.shmrt.image.plot;

import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import org.shmrt.image.plot.PlotAxis.Tick;

/**
 * The key to the colours of a picture.
 *
 * @param rgb the colours from the lowest value to the highest, three bytes each
 * @param low value of the first colour; NaN if no value is finite
 * @param high value of the last colour
 * @param stretch maps the position of a value between the limits to that of its colour, both 0 to 1
 * @param label quantity and unit
 */
public record ColourBar(byte[] rgb, double low, double high, DoubleUnaryOperator stretch, String label) {
    private static final int REFINEMENTS = 5;
    private static final int WANTED_BETWEEN = 5;

    /** Position of a value along the bar, 0 at the lower end and 1 at the upper end. */
    double position(double value) {
        return stretch.applyAsDouble(Math.clamp((value - low) / (high - low), 0.0, 1.0));
    }

    /** Colour at a position of the bar, {@code 0xRRGGBB}. */
    int colour(double position) {
        int last = rgb.length / 3 - 1;
        int at = 3 * (int) Math.round(position * last);
        return (rgb[at] & 0xff) << 16 | (rgb[at + 1] & 0xff) << 8 | (rgb[at + 2] & 0xff);
    }

    /**
     * Chooses round values. Where the stretch moves low values apart, there are finer ones between them.
     *
     * @param gap smallest distance between two labels, as a part of the bar
     */
    List<Tick> ticks(double gap) {
        List<Tick> ticks = new ArrayList<>();
        if (low < high) {
            refine(ticks, high, Math.max(2, (int) (1 / gap / 1.5)), gap, REFINEMENTS);
        }
        return ticks;
    }

    private void refine(List<Tick> ticks, double to, int wanted, double gap, int refinements) {
        double lowest = to;
        for (Tick tick : PlotAxis.linear(low, to).ticks(wanted).reversed()) {
            double at = tick.value();
            if (at < low || at > to) {
                continue;
            }
            if (ticks.stream().allMatch(other -> Math.abs(position(other.value()) - position(at)) >= gap)) {
                ticks.add(tick);
            }
            lowest = at > low ? at : lowest;
        }
        if (refinements > 0 && lowest < to && position(lowest) > 2 * gap) {
            refine(ticks, lowest, WANTED_BETWEEN, gap, refinements - 1);
        }
    }
}
