package org.shmrt.cli.picture;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import org.shmrt.cli.verb.Converters;
import org.shmrt.image.colour.ColourMap;
import org.shmrt.image.colour.ColourScale;
import org.shmrt.image.colour.Limits;
import org.shmrt.image.colour.Stretch;
import org.shmrt.image.picture.PictureStyle;
import org.shmrt.memory.DataType;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** How values become colours: {@code --cmap}, {@code --stretch}, {@code --limits} and {@code --saturation}. */
public final class ColourOptions {
    private static final String LARGEST = "max";

    @Option(
            names = "--cmap",
            paramLabel = "NAME",
            converter = ToColourMap.class,
            description = "Colours of the values: grey, viridis, inferno, blue-red or cyclic. NaN and infinite values "
                    + "are magenta.")
    private ColourMap map;

    @Option(
            names = "--stretch",
            paramLabel = "NAME",
            converter = ToStretch.class,
            description = "Curve between the limits: linear, log, sqrt or asinh. Default: linear.")
    private Stretch stretch;

    @Option(
            names = "--limits",
            paramLabel = "LOW,HIGH",
            converter = ToLimits.class,
            description = "Values of the first and the last colour: LOW,HIGH, percentiles such as p1,p99, zscale, or "
                    + "minmax. Default: minmax.")
    private Limits limits;

    @Option(
            names = "--saturation",
            paramLabel = "LEVEL",
            description = "Mark values of at least LEVEL in cyan; max is the largest value of an integer type.")
    private String saturation;

    static final class ToColourMap implements ITypeConverter<ColourMap> {
        @Override
        public ColourMap convert(String text) {
            return ColourMap.named(text)
                    .orElseThrow(() -> new TypeConversionException(
                            "'" + text + "' is not a colour map: use " + ColourMap.labels()));
        }
    }

    static final class ToStretch implements ITypeConverter<Stretch> {
        @Override
        public Stretch convert(String text) {
            return Stretch.named(text)
                    .orElseThrow(() ->
                            new TypeConversionException("'" + text + "' is not a stretch: use " + Stretch.labels()));
        }
    }

    static final class ToLimits extends Converters.Parser<Limits> {
        ToLimits() {
            super(Limits::parse);
        }
    }

    /** The names of the options that were given. */
    List<String> given() {
        List<String> given = new ArrayList<>();
        addIfGiven(map, "--cmap", given);
        addIfGiven(stretch, "--stretch", given);
        addIfGiven(limits, "--limits", given);
        addIfGiven(saturation, "--saturation", given);
        return given;
    }

    private static void addIfGiven(Object value, String name, List<String> given) {
        if (value != null) {
            given.add(name);
        }
    }

    boolean hasMap() {
        return map != null;
    }

    /**
     * The style for images of a type.
     *
     * @throws IllegalArgumentException if the level of saturation is not a number that the type can reach
     */
    public PictureStyle style(ColourMap defaultMap, DataType type) {
        return new PictureStyle(
                map == null ? defaultMap : map,
                stretch == null ? Stretch.LINEAR : stretch,
                Optional.ofNullable(limits),
                level(type));
    }

    private OptionalDouble level(DataType type) {
        if (saturation == null) {
            return OptionalDouble.empty();
        }
        if (saturation.toLowerCase(Locale.ROOT).equals(LARGEST)) {
            return OptionalDouble.of(ColourScale.largest(type));
        }
        try {
            double level = Double.parseDouble(saturation);
            if (Double.isFinite(level)) {
                return OptionalDouble.of(level);
            }
        } catch (NumberFormatException e) {
            // reported below
        }
        throw new IllegalArgumentException(
                "--saturation " + saturation + " is not possible: give a number, or " + LARGEST);
    }
}
