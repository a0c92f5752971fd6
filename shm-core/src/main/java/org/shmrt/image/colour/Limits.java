package org.shmrt.image.colour;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.shmrt.memory.MemoryImage;

/** Ways to choose the values that get the first and the last colour of a map. Immutable; safe for any thread. */
public sealed interface Limits {
    /** The forms that {@link #parse} accepts, for messages. */
    String FORMS = "minmax, zscale, LOW,HIGH or pLOW,pHIGH";

    /**
     * The chosen values.
     *
     * @param low value of the first colour; NaN if no value is finite
     * @param high value of the last colour, at least {@code low}; NaN if no value is finite
     */
    record Range(double low, double high) {
        /** If no value is finite. */
        public static final Range NONE = new Range(Double.NaN, Double.NaN);
    }

    /** The smallest and the largest finite value; of booleans 0 and 1. */
    record MinMax() implements Limits {
        @Override
        public Range of(MemoryImage image) {
            return Samples.minMax(image);
        }
    }

    /**
     * Percentiles of the finite values, interpolated linearly as by numpy. Of images with more than 2^24 elements that
     * are not 8 or 16-bit integers, every n-th element is used.
     *
     * @param low percentile of the first colour, 0 to 100
     * @param high percentile of the last colour, above {@code low}, at most 100
     */
    record Percentiles(double low, double high) implements Limits {
        /** Checks the percentiles. */
        public Percentiles {
            if (!(low >= 0 && low < high && high <= 100)) {
                throw new IllegalArgumentException("percentiles " + low + " and " + high
                        + " are not possible: give two from 0 to 100, the lower one first");
            }
        }

        @Override
        public Range of(MemoryImage image) {
            return Samples.percentiles(image, low, high);
        }
    }

    /** The limits of IRAF's display task, with the contrast 0.25 and 1000 samples: for faint sources on a background. */
    record ZScale() implements Limits {
        @Override
        public Range of(MemoryImage image) {
            return ZScaleFit.range(Samples.strided(image, ZScaleFit.SAMPLES));
        }
    }

    /**
     * The same limits for each image.
     *
     * @param low value of the first colour
     * @param high value of the last colour, above {@code low}
     */
    record Fixed(double low, double high) implements Limits {
        /** Checks the limits. */
        public Fixed {
            if (!(low < high) || Double.isInfinite(low) || Double.isInfinite(high)) {
                throw new IllegalArgumentException(
                        "limits " + low + " and " + high + " are not possible: give two numbers, the lower one first");
            }
        }

        @Override
        public Range of(MemoryImage image) {
            return new Range(low, high);
        }
    }

    /** The limits for an image; of complex elements, for their magnitudes. */
    Range of(MemoryImage image);

    /**
     * Parses limits.
     *
     * @param text {@code minmax}, {@code zscale}, two numbers {@code LOW,HIGH}, or two percentiles {@code p1,p99}
     * @throws IllegalArgumentException if the text has none of these forms
     */
    static Limits parse(String text) {
        String form = text.strip().toLowerCase(Locale.ROOT);
        if (form.equals("minmax")) {
            return new MinMax();
        }
        if (form.equals("zscale")) {
            return new ZScale();
        }
        Matcher pair = Pattern.compile("(p?)([^,p]+),(p?)([^,p]+)").matcher(form);
        if (pair.matches() && pair.group(1).equals(pair.group(3))) {
            try {
                double low = Double.parseDouble(pair.group(2));
                double high = Double.parseDouble(pair.group(4));
                return pair.group(1).isEmpty() ? new Fixed(low, high) : new Percentiles(low, high);
            } catch (NumberFormatException e) {
                // reported below
            }
        }
        throw new IllegalArgumentException("'" + text + "' is not valid as limits: give " + FORMS);
    }
}
