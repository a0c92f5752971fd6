package org.shmrt.cli.record;

import java.util.regex.Pattern;
import org.shmrt.cli.verb.Converters;
import org.shmrt.record.RecorderBuilder;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * When a recorder begins a new file: after a number of frames, a time, or before it exceeds a size.
 *
 * @param unit of the amount
 * @param amount frames, nanoseconds or bytes
 */
record SplitPoint(Unit unit, long amount) {
    /** What is counted. */
    enum Unit {
        FRAMES,
        NANOSECONDS,
        BYTES
    }

    void applyTo(RecorderBuilder builder) {
        switch (unit) {
            case FRAMES -> builder.splitFrames(amount);
            case NANOSECONDS -> builder.splitNs(amount);
            case BYTES -> builder.splitBytes(amount);
        }
    }

    /** {@code 1000}, {@code 60s}, {@code 1GiB}. */
    static final class Converter implements ITypeConverter<SplitPoint> {
        private static final Pattern FRAMES = Pattern.compile("[0-9]{1,18}");
        private static final Pattern SIZE = Pattern.compile("[0-9]+([kKMG](i?B)?|i?B)");

        @Override
        public SplitPoint convert(String text) {
            if (FRAMES.matcher(text).matches()) {
                return new SplitPoint(Unit.FRAMES, Long.parseLong(text));
            }
            if (SIZE.matcher(text).matches()) {
                return new SplitPoint(Unit.BYTES, new Converters.ToByteCount().convert(text));
            }
            if (Converters.ToNanoseconds.hasUnit(text)) {
                return new SplitPoint(Unit.NANOSECONDS, new Converters.ToNanoseconds().convert(text));
            }
            throw new TypeConversionException(
                    "'" + text + "' is not a number of frames, a time or a size: write for example 1000, 60s or 1GiB");
        }
    }
}
