package org.shmrt.cli.picture;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Supplier;
import org.shmrt.cli.verb.Verb;
import org.shmrt.image.ImageFiles;
import org.shmrt.image.colour.ColourMap;
import org.shmrt.image.picture.FramePicture;
import org.shmrt.image.picture.PictureShape;
import org.shmrt.image.picture.PictureStyle;
import org.shmrt.image.pixel.PixelStatistics;
import org.shmrt.memory.MemoryImage;
import org.shmrt.memory.Shape;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/**
 * How an image is written as PNG. Without any of these options, the picture is that of {@link ImageFiles}: 8-bit grey,
 * or a line plot.
 */
public final class PictureOptions {
    private static final String ENDING = ".png";
    private static final int MAX_SCALE = 1000;

    @Mixin
    private ColourOptions colours;

    @Option(
            names = "--scale",
            paramLabel = "N",
            description = "Draw each element as N x N pixels. Default: 1; with --annotate, small images are enlarged.")
    private Integer scale;

    @Option(names = "--annotate", description = "Add a title, axes and a colour bar to the picture.")
    private boolean annotate;

    @Option(names = "--sheet", description = "Draw all slices of a cube side by side, with the same limits.")
    private boolean sheet;

    @Mixin
    private SliceOption slice;

    /** {@code --slice}: a part of an image with three axes or more. */
    public static final class SliceOption {
        private static final String NAME = "--slice";

        @Option(
                names = NAME,
                paramLabel = "K",
                converter = ToIndices.class,
                description =
                        "Slice K of a cube, counted from 0, or from -1 at the end. Of a ring: its frame K, oldest "
                                + "first. K,L selects along the first two axes.")
        private Indices chosen;

        /** Indices of the first axes. */
        static final class Indices {
            private final int[] values;

            private Indices(int[] values) {
                this.values = values;
            }
        }

        static final class ToIndices implements ITypeConverter<Indices> {
            @Override
            public Indices convert(String text) {
                try {
                    return new Indices(Arrays.stream(text.split(",", -1))
                            .mapToInt(index -> Integer.parseInt(index.strip()))
                            .toArray());
                } catch (NumberFormatException e) {
                    throw new TypeConversionException("'" + text + "' is not an index: give an integer such as 3 or -1,"
                            + " or several with commas");
                }
            }
        }

        /** Whether the option was given. */
        public boolean isGiven() {
            return chosen != null;
        }

        /** The slice that was asked for, or the image if none was. */
        public MemoryImage of(MemoryImage image) {
            if (chosen == null) {
                return image;
            }
            Shape shape = image.shape();
            if (shape.rank() - chosen.values.length < 2) {
                throw new IllegalArgumentException(
                        NAME + ": an image of " + shape + " has no such slice: each index selects along one of the"
                                + " first axes, and at least two axes must remain");
            }
            return PictureShape.slice(image, chosen.values);
        }

        /** The same for frames that are stacked along the first axis, of which one can be a vector. */
        public MemoryImage ofStack(MemoryImage frames) {
            return chosen != null && chosen.values.length == 1 ? PictureShape.slice(frames, chosen.values) : of(frames);
        }

        /** Index of the frame that is selected from a stack, if one is. */
        public OptionalInt frame(int frames) {
            if (chosen == null) {
                return OptionalInt.empty();
            }
            return OptionalInt.of(chosen.values[0] < 0 ? chosen.values[0] + frames : chosen.values[0]);
        }
    }

    /** Whether a file name selects a picture. */
    public static boolean isPicture(String file) {
        return file.toLowerCase(Locale.ROOT).endsWith(ENDING);
    }

    /** The option {@code --slice}, which applies to every output. */
    public SliceOption slice() {
        return slice;
    }

    /** Refuses values that are not possible, and options for pictures if the output is none. */
    public void check(Verb verb, boolean isPicture) {
        if (!isPicture && !given().isEmpty()) {
            throw verb.wrongUsage(given().getFirst() + " changes a picture: write to a file that ends in " + ENDING);
        }
        if (scale != null && (scale < 1 || scale > MAX_SCALE)) {
            throw verb.wrongUsage("--scale " + scale + ": give a factor from 1 to " + MAX_SCALE);
        }
        if (sheet && slice.isGiven()) {
            throw verb.wrongUsage("--sheet draws all slices and --slice one: give only one of them");
        }
    }

    private List<String> given() {
        List<String> given = colours.given();
        if (scale != null) {
            given.add("--scale");
        }
        if (annotate) {
            given.add("--annotate");
        }
        if (sheet) {
            given.add("--sheet");
        }
        return given;
    }

    /**
     * Writes an image, of which the slice is already selected, in the format that the name of the file selects.
     *
     * @param caption texts, if they are drawn
     * @return a remark for the user in one line
     */
    public Optional<String> write(Path file, MemoryImage image, Supplier<Caption> caption) {
        if (!isPicture(file.toString())) {
            return ImageFiles.write(file, image);
        }
        Shape shape = image.shape();
        if (!sheet && !PictureShape.isVector(shape) && !PictureShape.isPicture(shape)) {
            throw new IllegalArgumentException("an image of " + shape + " has " + shape.rank()
                    + " axes, but a picture has 2, and 3 for colours, the last of length 3: select one slice with"
                    + " --slice K (0 to " + (shape.length(0) - 1) + "), or draw all with --sheet");
        }
        if (given().isEmpty()) {
            return ImageFiles.write(file, image).map(remark -> remark + notFinite(image));
        }
        return Optional.of(styled(file, image, caption));
    }

    private String styled(Path file, MemoryImage image, Supplier<Caption> caption) {
        if (!sheet && PictureShape.isVector(image.shape())) {
            throw new IllegalArgumentException("an image of " + image.shape()
                    + " is drawn as a line, which has no colours: write it without " + String.join(", ", given()));
        }
        if (colours.hasMap() && !sheet && PictureShape.isColour(image.shape())) {
            throw new IllegalArgumentException(
                    "an image of " + image.shape() + " has colours of its own: write it without --cmap");
        }
        PictureStyle style = colours.style(ColourMap.GREY, image.type());
        FramePicture picture = sheet ? FramePicture.sheet(image, style) : FramePicture.of(image, style);
        if (!annotate) {
            return picture.write(file, scale == null ? 1 : scale);
        }
        Caption texts = caption.get();
        return picture.writeAnnotated(file, scale == null ? 0 : scale, texts.title(), texts.unit());
    }

    private static String notFinite(MemoryImage image) {
        if (!image.type().isFloating()) {
            return "";
        }
        long count = PixelStatistics.of(image).notFinite();
        return count == 0
                ? ""
                : "; " + count + (count == 1 ? " value is" : " values are") + " not finite and not marked: --cmap marks"
                        + " them";
    }
}
