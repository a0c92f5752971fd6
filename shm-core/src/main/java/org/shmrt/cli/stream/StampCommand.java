package org.shmrt.cli.stream;

import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import org.shmrt.cli.verb.Converters;
import org.shmrt.cli.verb.ExitStatus;
import org.shmrt.cli.verb.Verb;
import org.shmrt.stream.FrameWriter;
import org.shmrt.stream.ImageStream;
import org.shmrt.stream.NewestFrame;
import org.shmrt.stream.format.StreamClock;
import org.shmrt.text.FileNames;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.TypeConversionException;

/** {@code shm stamp}. */
@Command(
        name = "stamp",
        description = {
            "Stores a time with the newest frame, without a new frame.",
            "Pixels and count do not change, and no reader is woken."
        })
public final class StampCommand extends Verb {
    private static final long NS_PER_S = 1_000_000_000L;

    @Parameters(paramLabel = "STREAM", converter = Converters.ToStreamPath.class, description = "Path or bare name.")
    private Path stream;

    @Option(
            names = "--at",
            paramLabel = "TIME",
            converter = ToInstant.class,
            description = "The time, for example 2026-11-28T17:00:00.25Z. Default: now.")
    private Instant time;

    @Mixin
    private WriterOptions writing;

    static final class ToInstant implements ITypeConverter<Instant> {
        @Override
        public Instant convert(String text) {
            try {
                return Instant.parse(text);
            } catch (DateTimeException e) {
                throw new TypeConversionException(
                        "'" + text + "' is not a time in UTC: write for example 2026-11-28T17:00:00.25Z");
            }
        }
    }

    @Override
    public Integer call() {
        try (ImageStream opened = ImageStream.open(stream);
                FrameWriter writer = writing.writer(opened)) {
            StreamClock clock = opened.layout().clock();
            long acquiredNs = time == null ? clock.nowNs() : givenNs(clock);
            NewestFrame.of(writer).stamp(acquiredNs);
            print(FileNames.text(stream) + ": the time of frame "
                    + Long.toUnsignedString(opened.status().cnt0()) + " is now "
                    + Instant.ofEpochSecond(
                            Math.floorDiv(acquiredNs - clock.offsetNs(), NS_PER_S),
                            Math.floorMod(acquiredNs - clock.offsetNs(), NS_PER_S)));
        }
        return ExitStatus.DONE;
    }

    private long givenNs(StreamClock clock) {
        try {
            long ns = Math.addExact(Math.multiplyExact(time.getEpochSecond(), NS_PER_S), time.getNano());
            return Math.addExact(ns, clock.offsetNs());
        } catch (ArithmeticException e) {
            throw wrongUsage("--at " + time
                    + ": a stream stores nanoseconds in 64 bits: give a time between the years 1678" + " and 2262");
        }
    }
}
