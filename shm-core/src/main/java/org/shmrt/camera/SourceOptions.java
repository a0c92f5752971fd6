package org.shmrt.camera;

import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.TreeSet;
import org.shmrt.memory.DataType;
import org.shmrt.memory.Shape;

/**
 * What a user asks of a source. A source refuses the options that do not apply to it. Immutable.
 *
 * @param shape shape of a frame, slowest axis first
 * @param type type of the elements
 * @param strideBytes bytes from one row of a raw frame to the next
 * @param rateHz frames per second
 * @param maxExpandedBytes largest image that a compressed file may expand to, bytes
 * @param settings further options by name, which only this kind of source knows
 */
public record SourceOptions(
        Optional<Shape> shape,
        Optional<DataType> type,
        OptionalLong strideBytes,
        OptionalDouble rateHz,
        long maxExpandedBytes,
        Map<String, String> settings) {

    /** What a compressed file may expand to by default, bytes: 1 GiB. */
    public static final long DEFAULT_MAX_EXPANDED_BYTES = 1L << 30;

    /** No options. */
    public static final SourceOptions NONE = new SourceOptions(
            Optional.empty(), Optional.empty(), OptionalLong.empty(), OptionalDouble.empty(), Map.of());

    /** Copies the settings and checks the numbers. */
    public SourceOptions {
        settings = Map.copyOf(settings);
        if (strideBytes.isPresent() && strideBytes.getAsLong() < 1) {
            throw new IllegalArgumentException(
                    "a stride of " + strideBytes.getAsLong() + ": a row has at least 1 byte");
        }
        if (rateHz.isPresent() && !(rateHz.getAsDouble() > 0 && rateHz.getAsDouble() <= 1e9)) {
            throw new IllegalArgumentException(
                    "a rate of " + rateHz.getAsDouble() + " Hz: it must be more than 0 and at most 1e9");
        }
    }

    /**
     * Options with the default limit for compressed files.
     *
     * @param shape as above
     * @param type as above
     * @param strideBytes as above
     * @param rateHz as above
     * @param settings as above
     */
    public SourceOptions(
            Optional<Shape> shape,
            Optional<DataType> type,
            OptionalLong strideBytes,
            OptionalDouble rateHz,
            Map<String, String> settings) {
        this(shape, type, strideBytes, rateHz, DEFAULT_MAX_EXPANDED_BYTES, settings);
    }

    /**
     * Checks that only known settings are given.
     *
     * @param source the source, for the message
     * @param known the names that it knows
     * @throws IllegalArgumentException if there is another one
     */
    public void checkSettings(String source, String... known) {
        for (String name : new TreeSet<>(settings.keySet())) {
            if (!Arrays.asList(known).contains(name)) {
                throw new IllegalArgumentException(source + " has no setting '" + name + "': "
                        + (known.length == 0 ? "it has none" : "use one of " + String.join(", ", known)));
            }
        }
    }

    /**
     * Checks that the form of the frames is not given, for sources that know it themselves.
     *
     * @param source the source, for the message
     * @throws IllegalArgumentException if shape, type or stride is given
     */
    public void checkFormIsNotGiven(String source) {
        if (shape.isPresent() || type.isPresent() || strideBytes.isPresent()) {
            throw new IllegalArgumentException(
                    source + " knows the size and the type of its frames: leave out shape, type and stride");
        }
    }

    /**
     * Checks that no rate is given, for sources whose rate cannot be set.
     *
     * @param source the source, for the message
     * @throws IllegalArgumentException if a rate is given
     */
    public void checkRateIsNotGiven(String source) {
        if (rateHz.isPresent()) {
            throw new IllegalArgumentException(source + " has its own rate: leave out the rate");
        }
    }
}
