package org.shmrt.image.colour;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Curves from the position of a value between its limits to the position in the colour map; both are from 0 to 1. The
 * curves are those of ds9 and astropy. Immutable; safe for any thread.
 */
public enum Stretch {
    /** The position itself. */
    LINEAR {
        @Override
        public double apply(double position) {
            return position;
        }

        @Override
        public double inverse(double level) {
            return level;
        }
    },
    /** {@code log(1000 x + 1) / log(1001)}: shows faint structure near the lower limit. */
    LOG {
        @Override
        public double apply(double position) {
            return Math.log1p(LOG_FACTOR * position) / LOG_SCALE;
        }

        @Override
        public double inverse(double level) {
            return Math.expm1(level * LOG_SCALE) / LOG_FACTOR;
        }
    },
    /** The square root: evens out photon noise. */
    SQRT {
        @Override
        public double apply(double position) {
            return Math.sqrt(position);
        }

        @Override
        public double inverse(double level) {
            return level * level;
        }
    },
    /** {@code asinh(10 x) / asinh(10)}: linear near the lower limit, logarithmic above. */
    ASINH {
        @Override
        public double apply(double position) {
            return asinh(ASINH_FACTOR * position) / ASINH_SCALE;
        }

        @Override
        public double inverse(double level) {
            return Math.sinh(level * ASINH_SCALE) / ASINH_FACTOR;
        }
    };

    private static final double LOG_FACTOR = 1000;
    private static final double LOG_SCALE = Math.log1p(LOG_FACTOR);
    private static final double ASINH_FACTOR = 10;
    private static final double ASINH_SCALE = asinh(ASINH_FACTOR);

    /**
     * Maps a position.
     *
     * @param position 0 at the lower limit, 1 at the upper limit
     * @return position in the colour map, 0 to 1
     */
    public abstract double apply(double position);

    /** The position that {@link #apply} maps to a level of the colour map, both 0 to 1. */
    public abstract double inverse(double level);

    /** Name on the command line and in addresses, for example {@code asinh}. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The stretch with a label, in any case. */
    public static Optional<Stretch> named(String label) {
        return Arrays.stream(values())
                .filter(stretch -> stretch.name().equalsIgnoreCase(label))
                .findFirst();
    }

    /** The labels of all stretches, for messages. */
    public static String labels() {
        return Arrays.stream(values()).map(Stretch::label).collect(Collectors.joining(", "));
    }

    private static double asinh(double value) {
        return Math.log(value + Math.sqrt(value * value + 1));
    }
}
