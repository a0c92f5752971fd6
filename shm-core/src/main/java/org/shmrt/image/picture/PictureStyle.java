package org.shmrt.image.picture;

import java.util.Optional;
import java.util.OptionalDouble;
import org.shmrt.image.colour.ColourMap;
import org.shmrt.image.colour.Limits;
import org.shmrt.image.colour.Stretch;

/**
 * How values become colours.
 *
 * @param map the colours; not used for images that have colours of their own
 * @param stretch the curve between the limits
 * @param limits values of the first and the last colour; empty for the default: the values of uint8 colours as they are,
 *     otherwise the smallest and the largest
 * @param saturation level from which values are marked as saturated
 */
public record PictureStyle(ColourMap map, Stretch stretch, Optional<Limits> limits, OptionalDouble saturation) {
    /** Linear grey from the smallest to the largest value. */
    public static final PictureStyle PLAIN =
            new PictureStyle(ColourMap.GREY, Stretch.LINEAR, Optional.empty(), OptionalDouble.empty());

    /** This style with another map. */
    public PictureStyle with(ColourMap other) {
        return new PictureStyle(other, stretch, limits, saturation);
    }
}
