package org.shmrt.image;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.shmrt.files.OutputFile;
import org.shmrt.memory.MemoryImage;
import org.shmrt.memory.Shape;

/**
 * Pictures of images, for looking at: two axes become 8-bit grey, row 0 at the top, the smallest finite value
 * black and the largest white, linear between. The picture says so in a text chunk named {@code Stretch}:
 * {@code linear MIN..MAX of TYPE}. NaN is black, infinities are clipped, complex numbers are shown by their
 * magnitude, booleans are black and white, an image of one value only is black. A vector becomes a line plot.
 *
 * <p>Stateless; safe for any thread.
 */
public final class PngFile {
    /** Viewers and libraries give up at about this. */
    private static final long MAX_AXIS = 65_500;

    private static final long MAX_PIXELS = 1L << 31;
    /** Vectors are plotted from no more points than this: a picture shows no more. */
    private static final int MAX_POINTS = 16_384;

    /**
     * Which values became black and white.
     *
     * @param low the smallest finite value, black; NaN if there is none
     * @param high the largest finite value, white; NaN if there is none
     */
    public record Stretch(double low, double high) {}

    private PngFile() {}

    /**
     * Writes a picture; the file appears when it is complete.
     *
     * @param path the file, replaced if it exists
     * @param image one or two axes; leading axes of length 1 are ignored
     * @return the values that became black and white; of a line plot, the range of its values
     * @throws IllegalArgumentException if the image has more axes, no elements, or is too large for a picture
     * @throws org.shmrt.error.ShmException if the file cannot be written
     */
    public static Stretch write(Path path, MemoryImage image) {
        GreyScale scale = picture(path, image);
        return new Stretch(scale.low(), scale.high());
    }

    /**
     * Writes a picture.
     *
     * @return one line for the user
     */
    static String writeWithNote(Path path, MemoryImage image) {
        GreyScale scale = picture(path, image);
        if (isVector(image.shape())) {
            return "line plot of " + image.shape().elementCount() + " values, from " + scale.lowText() + " to "
                    + scale.highText();
        }
        return "grey from " + scale.lowText() + " (black) to " + scale.highText() + " (white)";
    }

    private static GreyScale picture(Path path, MemoryImage image) {
        Shape shape = image.shape();
        if (shape.elementCount() == 0) {
            throw new IllegalArgumentException("an image of " + shape + " has no pixels: there is nothing to draw");
        }
        boolean isVector = isVector(shape);
        if (!isVector) {
            checkSize(shape);
        }
        GreyScale scale = GreyScale.of(image);
        if (isVector) {
            plot(image).write(path);
        } else {
            int height = (int) shape.length(shape.rank() - 2);
            int width = (int) shape.length(shape.rank() - 1);
            String stretch = "linear " + scale.lowText() + ".." + scale.highText() + " of " + scale.quantity();
            OutputFile.write(
                    path,
                    out -> PngEncoder.write(
                            out,
                            width,
                            height,
                            PngEncoder.GREY,
                            Map.of("Stretch", stretch),
                            (row, pixels) -> scale.map((long) row * width, pixels)));
        }
        return scale;
    }

    private static boolean isVector(Shape shape) {
        return Arrays.stream(shape.lengths()).filter(length -> length != 1).count() <= 1
                && leadingOnes(shape) >= shape.rank() - 2;
    }

    private static int leadingOnes(Shape shape) {
        int axis = 0;
        while (axis < shape.rank() && shape.length(axis) == 1) {
            axis++;
        }
        return axis;
    }

    private static void checkSize(Shape shape) {
        if (leadingOnes(shape) < shape.rank() - 2) {
            throw new IllegalArgumentException("an image of " + shape + " has " + shape.rank()
                    + " axes, and a picture has 2: pick one slice of it");
        }
        for (long length : shape.lengths()) {
            if (length > MAX_AXIS) {
                throw new IllegalArgumentException("an image of " + shape + " has an axis longer than the " + MAX_AXIS
                        + " pixels of a picture: cut it, or write .npy");
            }
        }
        if (shape.elementCount() > MAX_PIXELS) {
            throw new IllegalArgumentException("an image of " + shape + " has more than the " + MAX_PIXELS
                    + " pixels of a picture: cut it, or write .npy");
        }
    }

    private static LinePlot plot(MemoryImage image) {
        long count = image.shape().elementCount();
        // Of each run of elements the smallest and the largest are drawn, in their order: no peak is lost.
        long run = (count + MAX_POINTS / 2 - 1) / (MAX_POINTS / 2);
        int points = count <= MAX_POINTS ? (int) count : (int) ((count + run - 1) / run) * 2;
        double[] x = new double[points];
        double[] y = new double[points];
        if (points == count) {
            Arrays.setAll(x, i -> i);
            Elements.doubles(image, 0, y, points);
        } else {
            for (int i = 0; i < points; i += 2) {
                extremes(image, i / 2 * run, Math.min(count, (i / 2 + 1) * run), x, y, i);
            }
        }
        String quantity = image.type().isComplex() ? "magnitude" : "value";
        return new LinePlot(image.shape() + " " + image.type(), "index", quantity).series(null, x, y);
    }

    private static void extremes(MemoryImage image, long first, long end, double[] x, double[] y, int into) {
        double[] values = new double[(int) Math.min(MAX_POINTS, end - first)];
        long lowest = first;
        long highest = first;
        double min = Double.NaN;
        double max = Double.NaN;
        for (long at = first; at < end; at += values.length) {
            int length = (int) Math.min(values.length, end - at);
            Elements.doubles(image, at, values, length);
            for (int i = 0; i < length; i++) {
                if (Double.isFinite(values[i]) && !(values[i] >= min)) {
                    min = values[i];
                    lowest = at + i;
                }
                if (Double.isFinite(values[i]) && !(values[i] <= max)) {
                    max = values[i];
                    highest = at + i;
                }
            }
        }
        boolean rising = lowest <= highest;
        x[into] = rising ? lowest : highest;
        y[into] = rising ? min : max;
        x[into + 1] = rising ? highest : lowest;
        y[into + 1] = rising ? max : min;
    }
}
