package org.shmrt.image.picture;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.OptionalDouble;
import org.shmrt.image.pixel.Elements;
import org.shmrt.memory.DataType;
import org.shmrt.memory.MemoryImage;
import org.shmrt.memory.Shape;

/** Changes the number of elements of a picture. For one thread. */
final class Resampling {
    private final MemoryImage image;
    private final int channels;
    private final int sourceWidth;
    private final int sourceHeight;
    private final double saturation;

    private Resampling(MemoryImage image, double saturation) {
        this.image = image;
        this.channels = image.shape().rank() == 3 ? (int) image.shape().length(2) : 1;
        this.sourceHeight = Math.toIntExact(image.shape().length(0));
        this.sourceWidth = Math.toIntExact(image.shape().length(1));
        this.saturation = saturation;
    }

    /**
     * An image of doubles with another size. An element of a smaller image is the mean of those it covers, or one of them
     * that is not finite or saturated; an element of a larger image is a copy.
     */
    static MemoryImage of(MemoryImage image, int width, int height, OptionalDouble saturation) {
        return new Resampling(image, saturation.orElse(Double.POSITIVE_INFINITY)).resized(width, height);
    }

    private MemoryImage resized(int width, int height) {
        Shape shape = channels == 1 ? Shape.of(height, width) : Shape.of(height, width, channels);
        MemorySegment data = Arena.ofAuto().allocate(shape.byteSize(DataType.FLOAT64), Double.BYTES);
        double[] row = new double[sourceWidth * channels];
        double[] values = new double[width * channels];
        long[] counts = new long[width * channels];
        for (int y = 0; y < height; y++) {
            Arrays.fill(values, 0);
            Arrays.fill(counts, 0);
            int top = first(y, sourceHeight, height);
            for (int source = top; source < Math.max(top + 1, first(y + 1, sourceHeight, height)); source++) {
                Elements.doubles(image, (long) source * row.length, row, row.length);
                add(row, values, counts, width);
            }
            for (int i = 0; i < values.length; i++) {
                data.setAtIndex(ValueLayout.JAVA_DOUBLE, (long) y * values.length + i, values[i]);
            }
        }
        return new MemoryImage(DataType.FLOAT64, shape, data);
    }

    private static int first(int index, int source, int target) {
        return (int) ((long) index * source / target);
    }

    /** Adds a row. A count of -1 marks a value that replaces the mean. */
    private void add(double[] row, double[] values, long[] counts, int width) {
        for (int x = 0; x < width; x++) {
            int left = first(x, sourceWidth, width);
            for (int source = left; source < Math.max(left + 1, first(x + 1, sourceWidth, width)); source++) {
                for (int channel = 0; channel < channels; channel++) {
                    include(row[source * channels + channel], values, counts, x * channels + channel);
                }
            }
        }
    }

    private void include(double value, double[] values, long[] counts, int at) {
        if (counts[at] < 0 && !Double.isFinite(values[at])) {
            return;
        }
        if (!Double.isFinite(value) || value >= saturation) {
            values[at] = value;
            counts[at] = -1;
        } else if (counts[at] >= 0) {
            // a sum of large values could overflow
            counts[at]++;
            values[at] += (value - values[at]) / counts[at];
        }
    }
}
