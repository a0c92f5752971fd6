package org.shmrt.image.picture;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import org.shmrt.image.colour.ColourMap;
import org.shmrt.image.colour.ColourScale;
import org.shmrt.image.colour.Limits;
import org.shmrt.image.colour.Stretch;
import org.shmrt.image.pixel.Elements;
import org.shmrt.image.plot.Raster;
import org.shmrt.memory.DataType;
import org.shmrt.memory.MemoryImage;

/** Turns the rows of images of one type into colours. Several images can share it, so that their colours compare. */
final class Colouring {
    private static final int CHANNELS = 3;
    private static final int RUN = 8192;

    private final ColourScale scale;
    private final double saturation;
    private final boolean unchanged;

    private Colouring(ColourScale scale, double saturation, boolean unchanged) {
        this.scale = scale;
        this.saturation = saturation;
        this.unchanged = unchanged;
    }

    /**
     * Finds the limits.
     *
     * @param all all elements that will be coloured
     * @param hasChannels whether they are red, green and blue
     */
    static Colouring of(MemoryImage all, boolean hasChannels, PictureStyle style) {
        boolean full =
                hasChannels && all.type() == DataType.UINT8 && style.limits().isEmpty();
        Limits limits = full ? new Limits.Fixed(0, 255) : style.limits().orElse(new Limits.MinMax());
        ColourScale scale = ColourScale.of(style.map(), style.stretch(), limits.of(all));
        double saturation = style.saturation().orElse(Double.POSITIVE_INFINITY);
        return new Colouring(
                scale.withSaturation(saturation),
                saturation,
                full && style.stretch() == Stretch.LINEAR && Double.isInfinite(saturation));
    }

    ColourScale scale() {
        return scale;
    }

    /** Whether the colours of the image are those of the picture. */
    boolean isUnchanged() {
        return unchanged;
    }

    /** The picture of an image with two axes, or three of which the last has the colours. */
    Raster raster(MemoryImage image) {
        long height = image.shape().length(0);
        long width = image.shape().length(1);
        Raster.checkSize(width, height);
        int elements = (int) (width * (image.shape().rank() == 3 ? CHANNELS : 1));
        double[] values = new double[elements];
        if (unchanged) {
            return new Raster(
                    (int) width,
                    (int) height,
                    (row, pixels) -> MemorySegment.copy(
                            image.data(), ValueLayout.JAVA_BYTE, (long) row * elements, pixels, 0, elements));
        }
        return new Raster((int) width, (int) height, (row, pixels) -> {
            Elements.doubles(image, (long) row * elements, values, elements);
            if (image.shape().rank() == 3) {
                channels(values, pixels);
            } else {
                scale.map(values, elements, pixels, 0);
            }
        });
    }

    /** Colours a pixel by its three values. It is marked if one of them is not finite or saturated. */
    private void channels(double[] values, byte[] pixels) {
        for (int i = 0; i < values.length; i += CHANNELS) {
            int mark = 0;
            for (int channel = 0; channel < CHANNELS; channel++) {
                mark = Math.max(mark, special(values[i + channel]));
                pixels[i + channel] = (byte) scale.level(values[i + channel]);
            }
            if (mark != 0) {
                int rgb = mark == ColourScale.NOT_FINITE ? ColourMap.NOT_FINITE_RGB : ColourMap.SATURATED_RGB;
                pixels[i] = (byte) (rgb >> 16);
                pixels[i + 1] = (byte) (rgb >> 8);
                pixels[i + 2] = (byte) rgb;
            }
        }
    }

    private int special(double value) {
        int index = scale.index(value);
        return index < ColourMap.COLOURS ? 0 : index;
    }

    /** Number of elements that are saturated. */
    long saturated(MemoryImage all) {
        if (Double.isInfinite(saturation)) {
            return 0;
        }
        long saturated = 0;
        double[] run = new double[RUN];
        long count = all.shape().elementCount();
        for (long first = 0; first < count; first += RUN) {
            int length = (int) Math.min(RUN, count - first);
            Elements.doubles(all, first, run, length);
            saturated += Arrays.stream(run, 0, length)
                    .filter(value -> scale.index(value) == ColourScale.SATURATED)
                    .count();
        }
        return saturated;
    }
}
