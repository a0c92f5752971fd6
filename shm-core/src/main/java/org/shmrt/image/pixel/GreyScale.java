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

    private GreyScale(MemoryImage image) {
        this.image = image;
    }

    /** Finds the smallest and the largest value of an image. */
    public static GreyScale of(MemoryImage image) {
        return image.type().isFloating() ? new FloatScale(image) : new IntegerScale(image);
    }

    /** The value that is mapped to black; NaN if no value is finite. */
    public abstract double low();

    /** The value that is mapped to white; NaN if no value is finite. */
    public abstract double high();

    /** The value that is mapped to black, exactly. */
    public abstract String lowText();

    /** The value that is mapped to white, exactly. */
    public abstract String highText();

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

        IntegerScale(MemoryImage image) {
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
        public double low() {
            return Elements.integerValue(image.type(), low);
        }

        @Override
        public double high() {
            return Elements.integerValue(image.type(), high);
        }

        @Override
        public String lowText() {
            return Elements.integerText(image.type(), low);
        }

        @Override
        public String highText() {
            return Elements.integerText(image.type(), high);
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
        private final double low;
        private final double high;
        private double[] run = new double[0];

        FloatScale(MemoryImage image) {
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
            // adding 0 converts -0 to 0
            low = some ? min + 0.0 : Double.NaN;
            high = some ? max + 0.0 : Double.NaN;
        }

        @Override
        public double low() {
            return low;
        }

        @Override
        public double high() {
            return high;
        }

        @Override
        public String lowText() {
            return text(low);
        }

        @Override
        public String highText() {
            return text(high);
        }

        private String text(double value) {
            boolean isShort = image.type() == DataType.FLOAT32 || image.type() == DataType.FLOAT16;
            return isShort ? Float.toString((float) value) : Double.toString(value);
        }

        @Override
        public void map(long first, byte[] grey) {
            if (run.length != grey.length) {
                run = new double[grey.length];
            }
            Elements.doubles(image, first, run, grey.length);
            // halved if the range would overflow
            double unit = Double.isInfinite(high - low) ? 0.5 : 1;
            double base = low * unit;
            double range = high * unit - base;
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
