package org.shmrt.image;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;

/** One axis of a plot: its range, and where its ticks stand. Immutable. */
final class PlotAxis {
    /** Beyond this the arithmetic of ranges overflows; lines there leave the picture. */
    private static final double LARGEST = 1e300;

    private static final double SMALLEST = 1e-290;
    /** Closer values cannot be told apart by labels of readable length. */
    private static final double NARROWEST = 1e-9;

    private static final int[] STEPS = {1, 2, 5, 10};
    private static final double ROUNDING = 1e-9;
    private static final double CLOSE = 0.03;
    private static final int PLAIN_CHARACTERS = 6;

    /**
     * A line across the plot.
     *
     * @param value where
     * @param label its text, null for a minor line
     */
    record Tick(double value, String label) {}

    final boolean logarithmic;
    final double low;
    final double high;

    private PlotAxis(double low, double high, boolean logarithmic) {
        this.low = low;
        this.high = high;
        this.logarithmic = logarithmic;
    }

    /**
     * An axis that shows all values between two. Not finite ones, or none above 0 on a logarithmic axis, mean
     * that there is nothing to show.
     */
    static PlotAxis linear(double min, double max) {
        if (!(min <= max)) {
            return new PlotAxis(0, 1, false);
        }
        double low = Math.clamp(min, -LARGEST, LARGEST);
        double high = Math.clamp(max, -LARGEST, LARGEST);
        double size = Math.max(Math.abs(low), Math.abs(high));
        if (high - low <= Math.max(size * NARROWEST, SMALLEST)) {
            double around = size <= SMALLEST ? 1 : size * 0.1;
            return new PlotAxis(low - around, high + around, false);
        }
        return new PlotAxis(low, high, false);
    }

    static PlotAxis logarithmic(double min, double max) {
        if (!(min <= max) || min <= 0) {
            return new PlotAxis(1, 10, true);
        }
        double low = Math.clamp(min, SMALLEST, LARGEST);
        double high = Math.clamp(max, SMALLEST, LARGEST);
        return high <= low * 1.01 ? new PlotAxis(low / 2, high * 2, true) : new PlotAxis(low, high, true);
    }

    /** This axis with its ends moved out to the next round values. */
    PlotAxis rounded(int wantedTicks) {
        if (logarithmic) {
            boolean decades = decades() > 2;
            return new PlotAxis(roundLog(low, decades, false), roundLog(high, decades, true), true);
        }
        Step step = Step.of(high - low, wantedTicks);
        double size = step.value(1).doubleValue();
        return new PlotAxis(
                step.value((long) Math.floor(low / size + ROUNDING)).doubleValue(),
                step.value((long) Math.ceil(high / size - ROUNDING)).doubleValue(),
                false);
    }

    /** This axis with those ends moved out that are close to a round value: 0 to 9.99 becomes 0 to 10. */
    PlotAxis nearlyRounded(int wantedTicks) {
        PlotAxis round = rounded(wantedTicks);
        return new PlotAxis(
                position(round.low) > -CLOSE ? round.low : low,
                position(round.high) < 1 + CLOSE ? round.high : high,
                logarithmic);
    }

    private static double roundLog(double value, boolean toDecade, boolean up) {
        int exponent = (int) Math.floor(Math.log10(value) + ROUNDING);
        double chosen = power(exponent);
        for (int step : STEPS) {
            double candidate = step * power(exponent);
            if (toDecade && step != 1 && step != 10) {
                continue;
            }
            if (up && candidate >= value * (1 - ROUNDING)) {
                return candidate;
            }
            if (!up && candidate <= value * (1 + ROUNDING)) {
                chosen = candidate;
            }
        }
        return up ? power(exponent + 1) : chosen;
    }

    private static double power(int exponent) {
        // Math.pow is one off in the last digit for some
        return Double.parseDouble("1e" + exponent);
    }

    private double decades() {
        return Math.log10(high) - Math.log10(low);
    }

    /** Where a value lies, 0 at the low end and 1 at the high end; NaN where it cannot be shown. */
    double position(double value) {
        if (!logarithmic) {
            return Double.isFinite(value) ? (value - low) / (high - low) : Double.NaN;
        }
        // differences of logarithms: the ratio of two values may overflow
        return Double.isFinite(value) && value > 0 ? (Math.log10(value) - Math.log10(low)) / decades() : Double.NaN;
    }

    /**
     * Round values along the axis.
     *
     * @param wanted about how many labels
     * @return from low to high
     */
    List<Tick> ticks(int wanted) {
        if (!logarithmic) {
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
                    ticks.add(new Tick(value, logLabel(digit, exponent)));
                } else if ((stride == 1 && decades() <= 8) || digit == 1) {
                    ticks.add(new Tick(value, null));
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
                .map(value -> new Tick(value.doubleValue(), usePlain ? plain(value, step) : withPower(value)))
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

    /** The distance of ticks: 1, 2 or 5 times a power of ten. */
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
