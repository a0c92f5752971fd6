package org.shmrt.cli.picture;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import org.shmrt.memory.DataType;
import org.shmrt.stream.ImageStream;
import org.shmrt.stream.format.StreamClock;
import org.shmrt.stream.inspect.StreamDirectory;
import org.shmrt.stream.keyword.Keyword;

/**
 * Texts of an annotated picture.
 *
 * @param title what it shows
 * @param unit quantity and unit of the values
 */
public record Caption(String title, String unit) {
    /** FITS's keyword for the unit of the pixels. */
    private static final String UNIT_KEYWORD = "BUNIT";

    private static final long NS_PER_S = 1_000_000_000L;

    /** Name, counter and time of a frame; the unit is the stream's keyword BUNIT if it has one. */
    public static Caption ofFrame(ImageStream stream, long count, long acquiredNs) {
        return new Caption(
                StreamDirectory.name(stream.path()) + "   frame " + Long.toUnsignedString(count)
                        + utc(stream.layout().clock(), acquiredNs)
                                .map(time -> "   " + time)
                                .orElse(""),
                unit(stream));
    }

    /** Name of a stream and number of frames. */
    public static Caption ofFrames(ImageStream stream, int frames) {
        return new Caption(StreamDirectory.name(stream.path()) + "   " + frames + " frames", unit(stream));
    }

    /** Values whose unit is not known. */
    public static Caption of(String title, DataType type) {
        return new Caption(title, quantity(type));
    }

    private static String quantity(DataType type) {
        return type + (type.isComplex() ? " magnitude" : "");
    }

    private static String unit(ImageStream stream) {
        return stream.keywords().stream()
                .filter(keyword -> keyword.name().equals(UNIT_KEYWORD))
                .map(Keyword::value)
                .map(String::valueOf)
                .filter(unit -> !unit.isBlank())
                .findFirst()
                .orElse(quantity(stream.type()));
    }

    private static Optional<String> utc(StreamClock clock, long acquiredNs) {
        if (!clock.isPlausible(acquiredNs)) {
            return Optional.empty();
        }
        long ns = acquiredNs - clock.offsetNs();
        return Optional.of(Instant.ofEpochSecond(Math.floorDiv(ns, NS_PER_S), Math.floorMod(ns, NS_PER_S))
                .truncatedTo(ChronoUnit.MILLIS)
                .toString());
    }
}
