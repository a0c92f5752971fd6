package org.shmrt.image.pixel;

import java.util.Arrays;
import org.shmrt.memory.DataType;
import org.shmrt.memory.MemoryImage;

/**
 * Maps the elements of one image linearly to grey levels: the smallest finite value to black, the largest to white. For
 * one thread at a time.
 */
public abstract sealed class GreyScale {
    private static final int RUN = 8192;
    private static final int WHITE = 255;

    final MemoryImage image;
    private final double low;
    private final double high;
    private final String lowText;
    private final String highText;

    private GreyScale(MemoryImage image, double low, double high, String lowText, String highText) {
        this.image = image;
        this.low = low;
        this.high = high;
        this.lowText = lowText;
        this.highText = highText;
    }

    /** Finds the smallest and the largest value of an image. */
    public static GreyScale of(MemoryImage image) {
        return image.type().isFloating() ? FloatScale.scan(image) : IntegerScale.scan(image);
    }

    /** The value that is mapped to black; NaN if no value is finite. */
    public double low() {
        return low;
    }

    /** The value that is mapped to white; NaN if no value is finite. */
    public double high() {
        return high;
    }

    /** The value that is mapped to black, exactly. */
    public String lowText() {
        return lowText;
    }

    /** The value that is mapped to white, exactly. */
    public String highText() {
        return highText;
    }

    /**
     * Maps a run of elements.
     *
     * @param first index of the first element
     * @param grey receives the grey levels; its length is that of the run
     */
    public abstract void map(long first, byte[] grey);

    /** Type of the values, for example {@code uint16} or {@code complex64 magnitude}. */
    public String quantity() {
        return image.type() + (image.type().isComplex() ? " magnitude" : "");
    }

    /** Scale of integers, computed without rounding, so that neighbouring values near 2^64 differ. */
    private static final class IntegerScale extends GreyScale {
        private final long low;
        private final long high;
        private long[] run = new long[0];

        private IntegerScale(MemoryImage image, long low, long high) {
            super(
                    image,
                    Elements.integerValue(image.type(), low),
                    Elements.integerValue(image.type(), high),
                    Elements.integerText(image.type(), low),
                    Elements.integerText(image.type(), high));
            this.low = low;
            this.high = high;
        }

        static IntegerScale scan(MemoryImage image) {
            if (image.type() == DataType.BOOL) {
                return new IntegerScale(image, 0, 1);
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
            return new IntegerScale(image, min, max);
        }

        @Override
        public void map(long first, byte[] grey) {
            if (low == high) {
                Arrays.fill(grey, (byte) 0);
                return;
            }
            if (run.length != grey.length) {
                run = new long[grey.length];
            }
            Elements.integers(image, first, run, grey.length);
            // the difference is correct as an unsigned number even if the subtraction overflows
            double range = Elements.unsigned(high - low);
            for (int i = 0; i < grey.length; i++) {
                grey[i] = (byte) (Elements.unsigned(run[i] - low) / range * WHITE + 0.5);
            }
        }
    }

    /** Scale of floating-point numbers. NaN becomes black, infinities are clipped. */
    private static final class FloatScale extends GreyScale {
        private double[] run = new double[0];

        private FloatScale(MemoryImage image, double low, double high) {
            super(image, low, high, text(image.type(), low), text(image.type(), high));
        }

        static FloatScale scan(MemoryImage image) {
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
            // adding 0 converts -0 to 0
            return min <= max
                    ? new FloatScale(image, min + 0.0, max + 0.0)
                    : new FloatScale(image, Double.NaN, Double.NaN);
        }

        private static String text(DataType type, double value) {
            boolean isShort = type == DataType.FLOAT32 || type == DataType.FLOAT16;
            return isShort ? Float.toString((float) value) : Double.toString(value);
        }

        @Override
        public void map(long first, byte[] grey) {
            if (run.length != grey.length) {
                run = new double[grey.length];
            }
            Elements.doubles(image, first, run, grey.length);
            // halved if the range would overflow
            double unit = Double.isInfinite(high() - low()) ? 0.5 : 1;
            double base = low() * unit;
            double range = high() * unit - base;
            for (int i = 0; i < grey.length; i++) {
                double value = run[i];
                if (Double.isInfinite(value)) {
                    grey[i] = (byte) (value > 0 ? WHITE : 0);
                } else if (range > 0) {
                    // the cast converts NaN to 0
                    grey[i] = (byte) (int) ((value * unit - base) / range * WHITE + 0.5);
                } else {
                    grey[i] = 0;
                }
            }
        }
    }
}
