package org.shmrt.image;

import java.util.Arrays;
import org.shmrt.memory.DataType;
import org.shmrt.memory.MemoryImage;

/** Maps the elements of one image to grey: the smallest finite value to black, the largest to white. */
abstract sealed class GreyScale {
    private static final int RUN = 8192;
    private static final int WHITE = 255;

    final MemoryImage image;

    private GreyScale(MemoryImage image) {
        this.image = image;
    }

    static GreyScale of(MemoryImage image) {
        return image.type().isFloating() ? new Real(image) : new Whole(image);
    }

    /** What becomes black. */
    abstract double low();

    /** What becomes white. */
    abstract double high();

    /** What becomes black, exactly. */
    abstract String lowText();

    /** What becomes white, exactly. */
    abstract String highText();

    /**
     * Maps a run of elements.
     *
     * @param first index of the first one
     * @param grey to fill
     */
    abstract void map(long first, byte[] grey);

    /** What the numbers are, for example {@code uint16}. */
    String quantity() {
        return image.type() + (image.type().isComplex() ? " magnitude" : "");
    }

    /** Integers, without rounding: neighbouring values near 2^64 still differ. */
    private static final class Whole extends GreyScale {
        private final long low;
        private final long high;
        private long[] run = new long[0];

        Whole(MemoryImage image) {
            super(image);
            if (image.type() == DataType.BOOL) {
                low = 0;
                high = 1;
                return;
            }
            long min = Long.MAX_VALUE;
            long max = Long.MIN_VALUE;
            long[] values = new long[RUN];
            long count = image.shape().elementCount();
            for (long first = 0; first < count; first += RUN) {
                int length = (int) Math.min(RUN, count - first);
                Elements.integers(image, first, values, length);
                for (int i = 0; i < length; i++) {
                    min = Math.min(min, values[i]);
                    max = Math.max(max, values[i]);
                }
            }
            low = min;
            high = max;
        }

        @Override
        double low() {
            return Elements.integerValue(image.type(), low);
        }

        @Override
        double high() {
            return Elements.integerValue(image.type(), high);
        }

        @Override
        String lowText() {
            return Elements.integerText(image.type(), low);
        }

        @Override
        String highText() {
            return Elements.integerText(image.type(), high);
        }

        @Override
        void map(long first, byte[] grey) {
            if (low == high) {
                Arrays.fill(grey, (byte) 0);
                return;
            }
            if (run.length != grey.length) {
                run = new long[grey.length];
            }
            Elements.integers(image, first, run, grey.length);
            // differences are unsigned numbers, right also where the subtraction wraps
            double range = Elements.unsigned(high - low);
            for (int i = 0; i < grey.length; i++) {
                grey[i] = (byte) (Elements.unsigned(run[i] - low) / range * WHITE + 0.5);
            }
        }
    }

    /** Floating-point numbers: NaN is black, infinities are clipped. */
    private static final class Real extends GreyScale {
        private final double low;
        private final double high;
        private double[] run = new double[0];

        Real(MemoryImage image) {
            super(image);
            double min = Double.POSITIVE_INFINITY;
            double max = Double.NEGATIVE_INFINITY;
            double[] values = new double[RUN];
            long count = image.shape().elementCount();
            for (long first = 0; first < count; first += RUN) {
                int length = (int) Math.min(RUN, count - first);
                Elements.doubles(image, first, values, length);
                for (int i = 0; i < length; i++) {
                    if (Double.isFinite(values[i])) {
                        min = Math.min(min, values[i]);
                        max = Math.max(max, values[i]);
                    }
                }
            }
            boolean some = min <= max;
            // adding 0 turns -0 into 0
            low = some ? min + 0.0 : Double.NaN;
            high = some ? max + 0.0 : Double.NaN;
        }

        @Override
        double low() {
            return low;
        }

        @Override
        double high() {
            return high;
        }

        @Override
        String lowText() {
            return text(low);
        }

        @Override
        String highText() {
            return text(high);
        }

        private String text(double value) {
            boolean isShort = image.type() == DataType.FLOAT32 || image.type() == DataType.FLOAT16;
            return isShort ? Float.toString((float) value) : Double.toString(value);
        }

        @Override
        void map(long first, byte[] grey) {
            if (run.length != grey.length) {
                run = new double[grey.length];
            }
            Elements.doubles(image, first, run, grey.length);
            // halves where the range itself would overflow
            double unit = Double.isInfinite(high - low) ? 0.5 : 1;
            double base = low * unit;
            double range = high * unit - base;
            for (int i = 0; i < grey.length; i++) {
                double value = run[i];
                if (Double.isInfinite(value)) {
                    grey[i] = (byte) (value > 0 ? WHITE : 0);
                } else if (range > 0) {
                    // the cast makes 0 of NaN
                    grey[i] = (byte) (int) ((value * unit - base) / range * WHITE + 0.5);
                } else {
                    grey[i] = 0;
                }
            }
        }
    }
}
