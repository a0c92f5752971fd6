package org.shmrt.cli.record;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import org.shmrt.cli.verb.Converters;
import org.shmrt.record.RecordedStream;
import org.shmrt.record.Recording;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * A time in a recording: absolute, or after its first frame, of all streams.
 *
 * @param origin from where it counts
 * @param ns nanoseconds since 1970-01-01 UTC, or since the first frame
 */
record RecordedTime(Origin origin, long ns) {
    private static final long NS_PER_S = 1_000_000_000L;

    /** From where a time counts. */
    enum Origin {
        EPOCH,
        FIRST_FRAME
    }

    /** Nanoseconds since 1970-01-01 UTC. */
    long in(Recording recording) {
        return origin == Origin.EPOCH
                ? ns
                : ns
                        + recording.streams().stream()
                                .mapToLong(RecordedStream::startNs)
                                .min()
                                .orElseThrow();
    }

    /** {@code 2026-01-02T03:04:05.678} in UTC, or {@code 90s} after the first frame. */
    static final class Converter implements ITypeConverter<RecordedTime> {
        @Override
        public RecordedTime convert(String text) {
            if (Converters.ToNanoseconds.hasUnit(text)) {
                return new RecordedTime(Origin.FIRST_FRAME, new Converters.ToNanoseconds().convert(text));
            }
            try {
                String plain = text.endsWith("Z") ? text.substring(0, text.length() - 1) : text;
                Instant instant = LocalDateTime.parse(plain.contains("T") ? plain : plain + "T00:00:00")
                        .toInstant(ZoneOffset.UTC);
                return new RecordedTime(
                        Origin.EPOCH,
                        Math.addExact(Math.multiplyExact(instant.getEpochSecond(), NS_PER_S), instant.getNano()));
            } catch (DateTimeParseException | ArithmeticException e) {
                throw new TypeConversionException("'" + text + "' is not a time: write 2026-01-02T03:04:05.678 (UTC),"
                        + " or 90s for the time after the first frame");
            }
        }
    }
}
