package org.shmrt.camera;

import java.util.OptionalDouble;
import org.shmrt.memory.DataType;
import org.shmrt.memory.Shape;

/**
 * What all frames of a source have in common. Immutable.
 *
 * @param type type of the elements
 * @param shape shape of a frame, slowest axis first: rows x columns, rows x columns x 3 for {@link Pixels#RGB},
 *     3 x rows x columns for {@link Pixels#RGB_PLANAR}; 1 to 3 axes, none of length 0
 * @param pixels meaning of the elements
 * @param significantBits bits of an element that carry information, for example 12 of a uint16; 0 if not known
 * @param rateHz nominal frames per second; empty if not known
 */
public record FrameFormat(DataType type, Shape shape, Pixels pixels, int significantBits, OptionalDouble rateHz) {
    /** The meaning of the elements of a frame. */
    public enum Pixels {
        /** One value per pixel. */
        MONO("mono"),
        /** Red, green and blue of a pixel are neighbours: the last axis has length 3. */
        RGB("rgb"),
        /** Three planes, red, green and blue: the first axis has length 3. */
        RGB_PLANAR("rgb planar"),
        /** One value per pixel behind a mosaic of colour filters; the first row starts with red, green. */
        BAYER_RG("bayer rg"),
        /** As {@link #BAYER_RG}, starting with green, red. */
        BAYER_GR("bayer gr"),
        /** As {@link #BAYER_RG}, starting with green, blue. */
        BAYER_GB("bayer gb"),
        /** As {@link #BAYER_RG}, starting with blue, green. */
        BAYER_BG("bayer bg");

        private final String keyword;

        Pixels(String keyword) {
            this.keyword = keyword;
        }

        /**
         * The value of the stream's keyword {@value Grabber#PIXELS_KEYWORD}.
         *
         * @return a short text
         */
        public String keyword() {
            return keyword;
        }
    }

    /** Checks that shape and pixels agree. */
    public FrameFormat {
        int rank = shape.rank();
        boolean valid = switch (pixels) {
            case RGB -> rank == 3 && shape.length(2) == 3;
            case RGB_PLANAR -> rank == 3 && shape.length(0) == 3;
            default -> rank >= 1 && rank <= 3;
        };
        if (!valid || shape.elementCount() == 0) {
            throw new IllegalArgumentException("frames of " + shape + " cannot have " + pixels.keyword()
                    + " pixels: a frame has 1 to 3 axes, none of length 0, and for colours one of length 3");
        }
    }

    /**
     * The format of frames with one value per pixel.
     *
     * @param type type of the elements
     * @param shape shape of a frame
     * @return the format, without a rate
     */
    public static FrameFormat mono(DataType type, Shape shape) {
        return new FrameFormat(type, shape, Pixels.MONO, 0, OptionalDouble.empty());
    }

    /**
     * The format of frames of which only the shape is known: colours if there are three axes, the last of length 3.
     *
     * @param type type of the elements
     * @param shape shape of a frame
     * @param rateHz nominal frames per second; empty if not known
     * @return the format
     */
    public static FrameFormat ofShape(DataType type, Shape shape, OptionalDouble rateHz) {
        boolean isColour = shape.rank() == 3 && shape.length(2) == 3;
        return new FrameFormat(type, shape, isColour ? Pixels.RGB : Pixels.MONO, 0, rateHz);
    }

    /**
     * A copy with a nominal rate.
     *
     * @param newRateHz frames per second
     * @return the format
     */
    public FrameFormat withRateHz(double newRateHz) {
        return new FrameFormat(type, shape, pixels, significantBits, OptionalDouble.of(newRateHz));
    }

    /**
     * Size of a frame.
     *
     * @return bytes
     */
    public long frameBytes() {
        return shape.byteSize(type);
    }

    @Override
    public String toString() {
        return shape + " " + type + (pixels == Pixels.MONO ? "" : " " + pixels.keyword);
    }
}
