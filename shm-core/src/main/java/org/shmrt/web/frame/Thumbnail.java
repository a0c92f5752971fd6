package org.shmrt.web.frame;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import org.shmrt.memory.DataType;
import org.shmrt.memory.Shape;

/**
 * A small grey picture of a frame.
 *
 * @param width columns
 * @param height rows
 * @param low the value shown as 0: the first percentile
 * @param high the value shown as 254: the 99th percentile
 * @param valid pixels that are finite
 * @param pixels row by row, 0 to 254 linear between low and high, {@link #NOT_FINITE} for a pixel that is not finite
 */
public record Thumbnail(int width, int height, double low, double high, int valid, byte[] pixels) {
    /** A pixel that is not finite. */
    public static final int NOT_FINITE = 255;

    private static final int WHITE = 254;
    private static final int BINS = 1024;
    private static final double LOW = 0.01;
    private static final double HIGH = 0.99;
    private static final int COLOURS = 3;
    private static final int COLOURS_AND_ALPHA = 4;

    private static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    /** The picture within a frame: pixel (y, x) is the element {@code y * columns * step + x * step + first}. */
    private record Plane(MemorySegment data, DataType type, long rows, long columns, long step, long first) {
        double at(long y, long x) {
            return value(data, type, (y * columns * step + x * step + first) * type.itemBytes());
        }
    }

    /** Whether a frame has the colours of a pixel next to each other. */
    private static boolean isColour(Shape shape) {
        return shape.rank() == COLOURS
                && shape.length(0) > COLOURS_AND_ALPHA
                && (shape.length(2) == COLOURS || shape.length(2) == COLOURS_AND_ALPHA);
    }

    /** Whether at most one axis is longer than 1: the page draws a line. */
    private static boolean isVector(Shape shape) {
        int longer = 0;
        for (int axis = 0; axis < shape.rank(); axis++) {
            longer += shape.length(axis) == 1 ? 0 : 1;
        }
        return longer < 2;
    }

    /** The slice of a frame that its picture shows. */
    static int slice(Frame.Source source) {
        Shape shape = source.shape();
        return shape.rank() <= 2 || isColour(shape) || isVector(shape) ? Frame.WHOLE : 0;
    }

    /** A picture of at most {@code size} rows and columns. */
    static Thumbnail of(Frame frame, int size) {
        int slice = slice(frame.source());
        Shape shape = frame.shape(slice);
        MemorySegment data = frame.pixels(slice);
        DataType type = frame.source().type();
        if (isVector(shape)) {
            return of(new Plane(data, type, 1, shape.elementCount(), 1, 0), size);
        }
        if (shape.rank() > 2) {
            return of(new Plane(data, type, shape.length(0), shape.length(1), shape.length(2), 1), size);
        }
        return of(new Plane(data, type, shape.length(0), shape.length(1), 1, 0), size);
    }

    private static Thumbnail of(Plane plane, int size) {
        if (plane.rows == 0 || plane.columns == 0) {
            return new Thumbnail(1, 1, 0, 0, 0, new byte[] {(byte) NOT_FINITE});
        }
        double scale = Math.max(1, Math.max(plane.rows, plane.columns) / (double) size);
        int width = (int) Math.max(1, Math.round(plane.columns / scale));
        int height = (int) Math.max(1, Math.round(plane.rows / scale));
        double[] means = new double[width * height];
        int valid = 0;
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                double mean = mean(plane, y, height, x, width);
                means[y * width + x] = mean;
                valid += Double.isFinite(mean) ? 1 : 0;
            }
        }
        double[] limits = limits(means, valid);
        return new Thumbnail(width, height, limits[0], limits[1], valid, grey(means, limits[0], limits[1]));
    }

    /** The mean of four pixels of the part of the frame that one pixel of the picture shows. */
    private static double mean(Plane plane, int y, int height, int x, int width) {
        double sum = 0;
        int finite = 0;
        for (int i = 0; i < 4; i++) {
            double value = plane.at(sample(y, height, i >> 1, plane.rows), sample(x, width, i & 1, plane.columns));
            if (Double.isFinite(value)) {
                sum += value;
                finite++;
            }
        }
        return finite == 0 ? Double.NaN : sum / finite;
    }

    /** The first or second sample of the pixels {@code i} of {@code n}: a quarter from either end. */
    private static long sample(int i, int n, int which, long length) {
        return Math.min(length - 1, (4L * i + 1 + 2L * which) * length / (4L * n));
    }

    /** The first and the 99th percentile, to a thousandth of the range between the outliers. */
    private static double[] limits(double[] values, int valid) {
        double low = Double.POSITIVE_INFINITY;
        double high = Double.NEGATIVE_INFINITY;
        for (double value : values) {
            if (Double.isFinite(value)) {
                low = Math.min(low, value);
                high = Math.max(high, value);
            }
        }
        if (valid == 0) {
            return new double[] {0, 0};
        }
        double[] limits = {low, high};
        for (int pass = 0; pass < 2 && limits[1] > limits[0]; pass++) {
            limits = narrowed(values, valid, limits[0], limits[1]);
        }
        return limits;
    }

    private static double[] narrowed(double[] values, int valid, double low, double high) {
        int[] bins = new int[BINS];
        double width = (high - low) / BINS;
        if (!(width > 0) || !Double.isFinite(width)) {
            return new double[] {low, high};
        }
        int below = 0;
        for (double value : values) {
            if (value < low) {
                below++;
            } else if (value <= high) {
                bins[(int) Math.min(BINS - 1, (value - low) / width)]++;
            }
        }
        double from = low;
        double to = high;
        int seen = below;
        boolean foundLow = below > LOW * valid;
        for (int i = 0; i < BINS; i++) {
            seen += bins[i];
            if (!foundLow && seen > LOW * valid) {
                from = low + i * width;
                foundLow = true;
            }
            if (seen >= HIGH * valid) {
                to = low + (i + 1) * width;
                break;
            }
        }
        return new double[] {from, to};
    }

    private static byte[] grey(double[] values, double low, double high) {
        byte[] grey = new byte[values.length];
        double scale = high > low ? WHITE / (high - low) : 0;
        for (int i = 0; i < values.length; i++) {
            grey[i] = (byte)
                    (Double.isFinite(values[i])
                            ? (int) Math.clamp(Math.rint((values[i] - low) * scale), 0, WHITE)
                            : NOT_FINITE);
        }
        return grey;
    }

    private static double value(MemorySegment data, DataType type, long at) {
        return switch (type) {
            case UINT8, BOOL -> data.get(ValueLayout.JAVA_BYTE, at) & 0xFF;
            case INT8 -> data.get(ValueLayout.JAVA_BYTE, at);
            case UINT16 -> data.get(SHORT, at) & 0xFFFF;
            case INT16 -> data.get(SHORT, at);
            case UINT32 -> data.get(INT, at) & 0xFFFF_FFFFL;
            case INT32 -> data.get(INT, at);
            case UINT64 -> unsigned(data.get(LONG, at));
            case INT64 -> data.get(LONG, at);
            case FLOAT16 -> Float.float16ToFloat(data.get(SHORT, at));
            case FLOAT32 -> Float.intBitsToFloat(data.get(INT, at));
            case FLOAT64 -> Double.longBitsToDouble(data.get(LONG, at));
            case COMPLEX64 ->
                Math.hypot(Float.intBitsToFloat(data.get(INT, at)), Float.intBitsToFloat(data.get(INT, at + 4)));
            case COMPLEX128 ->
                Math.hypot(
                        Double.longBitsToDouble(data.get(LONG, at)), Double.longBitsToDouble(data.get(LONG, at + 8)));
        };
    }

    private static double unsigned(long bits) {
        return bits >= 0 ? bits : (double) ((bits >>> 1) | (bits & 1)) * 2;
    }
}
