package org.shmrt.image;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import org.shmrt.files.OutputFile;
import org.shmrt.image.pixel.Elements;
import org.shmrt.image.pixel.GreyScale;
import org.shmrt.image.plot.LinePlot;
import org.shmrt.image.plot.PngEncoder;
import org.shmrt.memory.DataType;
import org.shmrt.memory.MemoryImage;
import org.shmrt.memory.Shape;

/**
 * Writes pictures of images for viewing. An image of rows x columns x 3 becomes a picture in colours: red, green and blue
 * of uint8 as they are, other types linear from the smallest to the largest value. An image with two axes becomes 8-bit grey with row 0 at the top, linear from
 * the smallest finite value (black) to the largest (white). The picture contains this range in a text chunk named
 * {@code Stretch}: {@code linear MIN..MAX of TYPE}. NaN becomes black, infinities are clipped, complex numbers are shown
 * as their magnitude, booleans become black and white, and an image with a single value becomes black. A vector becomes
 * a line plot, for which this Java needs the module java.desktop.
 *
 * <p>Stateless; safe for any thread. Methods block while they write.
 */
public final class PngFile {
    /** Common viewers and libraries fail above this size. */
    private static final long MAX_AXIS = 65_500;

    private static final long MAX_PIXELS = 1L << 31;
    /** Limit of the points of a line plot; a picture cannot show more. */
    private static final int MAX_POINTS = 16_384;

    /**
     * The values that became black and white.
     *
     * @param low smallest finite value, black; NaN if no value is finite
     * @param high largest finite value, white; NaN if no value is finite
     */
    public record Stretch(double low, double high) {}

    private PngFile() {}

    /**
     * Writes a picture. The file appears when it is complete.
     *
     * @param path the file; replaced if it exists
     * @param image image with one or two axes, or with three of which the last has length 3; leading axes of length 1
     *     are ignored
     * @return the values that became black and white; for a line plot, the range of its values
     * @throws IllegalArgumentException if the image has more axes, no elements, or is too large for a picture
     * @throws org.shmrt.error.ShmException if the file cannot be written
     */
    public static Stretch write(Path path, MemoryImage image) {
        GreyScale scale = picture(path, image).scale;
        return new Stretch(scale.low(), scale.high());
    }

    /**
     * Writes a picture.
     *
     * @return a remark for the user in one line
     */
    static String writeWithRemark(Path path, MemoryImage image) {
        Written written = picture(path, image);
        String low = written.scale.lowText();
        String high = written.scale.highText();
        String content = isVector(image.shape())
                ? "line plot of " + image.shape().elementCount() + " values, from " + low + " to " + high
                : isColour(image.shape())
                        ? "colours" + (isShownUnchanged(image) ? "" : " from " + low + " to " + high)
                        : "grey from " + low + " (black) to " + high + " (white)";
        return content + written.remark.map(text -> "; " + text).orElse("");
    }

    /** A picture that was written, and what the user should know about its file. */
    private record Written(GreyScale scale, Optional<String> remark) {}

    private static Written picture(Path path, MemoryImage image) {
        Shape shape = image.shape();
        if (shape.elementCount() == 0) {
            throw new IllegalArgumentException("an image of " + shape + " has no pixels: nothing can be drawn");
        }
        boolean isVector = isVector(shape);
        if (isColour(shape)) {
            return colours(path, image);
        }
        if (!isVector) {
            checkSize(shape);
        }
        GreyScale scale = GreyScale.of(image);
        if (isVector) {
            return new Written(scale, plot(image).write(path));
        } else {
            int height = (int) shape.length(shape.rank() - 2);
            int width = (int) shape.length(shape.rank() - 1);
            String stretch = "linear " + scale.lowText() + ".." + scale.highText() + " of " + scale.quantity();
            Optional<String> remark = OutputFile.write(
                    path,
                    out -> PngEncoder.write(
                            out,
                            width,
                            height,
                            PngEncoder.ColourType.GREY,
                            Map.of("Stretch", stretch),
                            (row, pixels) -> scale.map((long) row * width, pixels)));
            return new Written(scale, remark);
        }
    }

    private static boolean isColour(Shape shape) {
        return shape.rank() == 3 && shape.length(2) == 3 && shape.length(0) > 1;
    }

    private static boolean isShownUnchanged(MemoryImage image) {
        return image.type() == DataType.UINT8;
    }

    private static Written colours(Path path, MemoryImage image) {
        int height = (int) Math.min(Integer.MAX_VALUE, image.shape().length(0));
        int width = (int) Math.min(Integer.MAX_VALUE, image.shape().length(1));
        checkSize(Shape.of(image.shape().length(0), image.shape().length(1)));
        GreyScale scale = GreyScale.of(image);
        boolean unchanged = isShownUnchanged(image);
        String stretch =
                unchanged ? "none" : "linear " + scale.lowText() + ".." + scale.highText() + " of " + scale.quantity();
        long rowValues = 3L * width;
        PngEncoder.Rows rows = unchanged
                ? (row, pixels) -> MemorySegment.copy(
                        image.data(), ValueLayout.JAVA_BYTE, row * rowValues, pixels, 0, pixels.length)
                : (row, pixels) -> scale.map(row * rowValues, pixels);
        Optional<String> remark = OutputFile.write(
                path,
                out -> PngEncoder.write(
                        out, width, height, PngEncoder.ColourType.RGB, Map.of("Stretch", stretch), rows));
        return new Written(scale, remark);
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
                    + " axes, but a picture has 2, and 3 for colours, the last of length 3: select one slice of it");
        }
        for (long length : shape.lengths()) {
            if (length > MAX_AXIS) {
                throw new IllegalArgumentException("an image of " + shape + " has an axis longer than the limit of "
                        + MAX_AXIS + " pixels: select a section, or write .npy");
            }
        }
        if (shape.elementCount() > MAX_PIXELS) {
            throw new IllegalArgumentException("an image of " + shape + " has more than the limit of " + MAX_PIXELS
                    + " pixels: select a section, or write .npy");
        }
    }

    private static LinePlot plot(MemoryImage image) {
        long count = image.shape().elementCount();
        // The smallest and the largest element of each run are drawn in their order, so that no peak is lost.
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
        return new LinePlot(image.shape() + " " + image.type(), "index", quantity).series("", x, y);
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
