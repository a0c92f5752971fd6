package org.shmrt.image.plot;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Range and ticks of one axis of a plot. Immutable. */
final class PlotAxis {
    /** Beyond this the arithmetic of ranges overflows; lines leave the picture there. */
    private static final double LARGEST = 1e300;

    private static final double SMALLEST = 1e-290;
    /** Labels of readable length cannot distinguish values that are closer. */
    private static final double NARROWEST = 1e-9;

    private static final int[] STEPS = {1, 2, 5, 10};
    private static final int[] DECADES = {1, 10};
    private static final double ROUNDING = 1e-9;
    private static final double CLOSE = 0.03;
    private static final int PLAIN_CHARACTERS = 6;

    /**
     * A grid line across the plot.
     *
     * @param value position on the axis
     * @param label text of a major line; empty for a minor one
     */
    record Tick(double value, Optional<String> label) {
        static Tick major(double value, String label) {
            return new Tick(value, Optional.of(label));
        }

        static Tick minor(double value) {
            return new Tick(value, Optional.empty());
        }
    }

    private final AxisScale scale;
    final double low;
    final double high;

    private PlotAxis(double low, double high, AxisScale scale) {
        this.low = low;
        this.high = high;
        this.scale = scale;
    }

    /**
     * A linear axis that shows all values between two. If a limit is not a number, there is nothing to show and the axis
     * is from 0 to 1.
     */
    static PlotAxis linear(double min, double max) {
        if (!(min <= max)) {
            return new PlotAxis(0, 1, AxisScale.LINEAR);
        }
        double low = Math.clamp(min, -LARGEST, LARGEST);
        double high = Math.clamp(max, -LARGEST, LARGEST);
        double size = Math.max(Math.abs(low), Math.abs(high));
        if (high - low <= Math.max(size * NARROWEST, SMALLEST)) {
            double around = size <= SMALLEST ? 1 : size * 0.1;
            return new PlotAxis(low - around, high + around, AxisScale.LINEAR);
        }
        return new PlotAxis(low, high, AxisScale.LINEAR);
    }

    /**
     * A logarithmic axis that shows all values between two. If a limit is not a number or not positive, there is nothing
     * to show and the axis is from 1 to 10.
     */
    static PlotAxis logarithmic(double min, double max) {
        if (!(min <= max) || min <= 0) {
            return new PlotAxis(1, 10, AxisScale.LOGARITHMIC);
        }
        double low = Math.clamp(min, SMALLEST, LARGEST);
        double high = Math.clamp(max, SMALLEST, LARGEST);
        return high <= low * 1.01
                ? new PlotAxis(low / 2, high * 2, AxisScale.LOGARITHMIC)
                : new PlotAxis(low, high, AxisScale.LOGARITHMIC);
    }

    /** This axis with both ends extended to the next round values. */
    PlotAxis rounded(int wantedTicks) {
        if (scale == AxisScale.LOGARITHMIC) {
            int[] steps = decades() > 2 ? DECADES : STEPS;
            return new PlotAxis(roundedDown(low, steps), roundedUp(high, steps), AxisScale.LOGARITHMIC);
        }
        Step step = Step.of(high - low, wantedTicks);
        double size = step.value(1).doubleValue();
        return new PlotAxis(
                step.value((long) Math.floor(low / size + ROUNDING)).doubleValue(),
                step.value((long) Math.ceil(high / size - ROUNDING)).doubleValue(),
                AxisScale.LINEAR);
    }

    /** This axis with an end extended if it is close to a round value: 0 to 9.99 becomes 0 to 10. */
    PlotAxis nearlyRounded(int wantedTicks) {
        PlotAxis round = rounded(wantedTicks);
        return new PlotAxis(
                position(round.low) > -CLOSE ? round.low : low,
                position(round.high) < 1 + CLOSE ? round.high : high,
                scale);
    }

    private static double roundedDown(double value, int[] steps) {
        int exponent = exponent(value);
        double rounded = power(exponent);
        for (int step : steps) {
            double candidate = step * power(exponent);
            rounded = candidate <= value * (1 + ROUNDING) ? candidate : rounded;
        }
        return rounded;
    }

    private static double roundedUp(double value, int[] steps) {
        int exponent = exponent(value);
        for (int step : steps) {
            double candidate = step * power(exponent);
            if (candidate >= value * (1 - ROUNDING)) {
                return candidate;
            }
        }
        return power(exponent + 1);
    }

    private static int exponent(double value) {
        return (int) Math.floor(Math.log10(value) + ROUNDING);
    }

    private static double power(int exponent) {
        // Math.pow is wrong in the last digit for some exponents
        return Double.parseDouble("1e" + exponent);
    }

    private double decades() {
        return Math.log10(high) - Math.log10(low);
    }

    /** Position of a value, 0 at the low end and 1 at the high end; NaN if the axis cannot show it. */
    double position(double value) {
        if (!scale.shows(value)) {
            return Double.NaN;
        }
        // differences of logarithms, because the ratio of two values may overflow
        return scale == AxisScale.LINEAR
                ? (value - low) / (high - low)
                : (Math.log10(value) - Math.log10(low)) / decades();
    }

    /**
     * Chooses round values along the axis.
     *
     * @param wanted approximate number of labels
     * @return the ticks from low to high
     */
    List<Tick> ticks(int wanted) {
        if (scale == AxisScale.LINEAR) {
            return linearTicks(wanted);
        }
        if (decades() < 0.5) {
            return linearTicks(Math.min(wanted, 4));
        }
        int first = (int) Math.floor(Math.log10(low));
        int last = (int) Math.ceil(Math.log10(high));
        int stride = Math.max(1, (int) Math.ceil(decades() / wanted));
        boolean labelsBetween = decades() * 3 <= wanted || decades() < 1;
        List<Tick> ticks = new ArrayList<>();
        for (int exponent = first; exponent <= last; exponent++) {
            boolean labelled = Math.floorMod(exponent, stride) == 0;
            for (int digit = 1; digit <= 9; digit++) {
                double value = digit * power(exponent);
                if (value < low * (1 - ROUNDING) || value > high * (1 + ROUNDING)) {
                    continue;
                }
                if ((digit == 1 && labelled) || (labelsBetween && (digit == 2 || digit == 5))) {
                    ticks.add(Tick.major(value, logLabel(digit, exponent)));
                } else if ((stride == 1 && decades() <= 8) || digit == 1) {
                    ticks.add(Tick.minor(value));
                }
            }
        }
        return ticks;
    }

    private static String logLabel(int digit, int exponent) {
        boolean plain = exponent >= -3 && exponent <= 4;
        return plain ? new BigDecimal(digit).scaleByPowerOfTen(exponent).toPlainString() : digit + "e" + exponent;
    }

    private List<Tick> linearTicks(int wanted) {
        Step step = Step.of(high - low, wanted);
        double size = step.value(1).doubleValue();
        long first = (long) Math.ceil(low / size - ROUNDING);
        long last = (long) Math.floor(high / size + ROUNDING);
        List<BigDecimal> values = new ArrayList<>();
        int plainLength = 0;
        int powerLength = 0;
        for (long k = first; k <= last; k++) {
            BigDecimal value = step.value(k);
            values.add(value);
            if (Math.abs(step.exponent) < 20) {
                plainLength = Math.max(plainLength, plain(value, step).length());
            }
            powerLength = Math.max(powerLength, withPower(value).length());
        }
        boolean usePlain =
                Math.abs(step.exponent) < 20 && (plainLength <= PLAIN_CHARACTERS || plainLength <= powerLength + 1);
        return values.stream()
                .map(value -> Tick.major(value.doubleValue(), usePlain ? plain(value, step) : withPower(value)))
                .toList();
    }

    private static String plain(BigDecimal value, Step step) {
        return value.signum() == 0
                ? "0"
                : value.setScale(Math.max(0, -step.exponent)).toPlainString();
    }

    private static String withPower(BigDecimal value) {
        if (value.signum() == 0) {
            return "0";
        }
        BigDecimal digits = value.stripTrailingZeros();
        int exponent = digits.precision() - digits.scale() - 1;
        String mantissa = digits.scaleByPowerOfTen(-exponent).toPlainString();
        return exponent == 0 ? mantissa : mantissa + "e" + exponent;
    }

    /** Distance between ticks: 1, 2 or 5 times a power of ten. */
    private record Step(int digit, int exponent) {
        static Step of(double span, int wanted) {
            double raw = span / Math.max(1, wanted);
            int exponent = (int) Math.floor(Math.log10(raw));
            double digits = raw / power(exponent);
            for (int digit : STEPS) {
                if (digits <= digit * (1 + ROUNDING)) {
                    return digit == 10 ? new Step(1, exponent + 1) : new Step(digit, exponent);
                }
            }
            return new Step(1, exponent + 1);
        }

        BigDecimal value(long k) {
            return BigDecimal.valueOf(Math.multiplyExact(k, digit)).scaleByPowerOfTen(exponent);
        }
    }
}
