package org.shmrt.cli.record;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.shmrt.cli.verb.ExitStatus;
import org.shmrt.cli.verb.ExpansionOption;
import org.shmrt.cli.verb.Quantity;
import org.shmrt.cli.verb.StopSignal;
import org.shmrt.cli.verb.Verb;
import org.shmrt.record.RecordedStream;
import org.shmrt.record.Recording;
import org.shmrt.record.ReplayBuilder;
import org.shmrt.record.Replayer;
import org.shmrt.stream.inspect.StreamDirectory;
import org.shmrt.text.FileNames;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code shm replay}. */
@Command(
        name = "replay",
        description = {
            "Writes recorded frames to streams, at the intervals at which they were acquired or at a constant rate.",
            "A missing stream is created as the recorded one was. A STREAM is a recorded name, or NAME=PATH to write it"
                    + " elsewhere. Default: all recorded streams."
        })
public final class ReplayCommand extends Verb {
    private static final Duration CLOSING_LIMIT = Duration.ofSeconds(3);
    private static final String MAX = "max";

    @Parameters(
            index = "0",
            paramLabel = "DIR|FILE",
            description = "The directory of a recording, or one of its files.")
    private Path source;

    @Parameters(index = "1..*", paramLabel = "STREAM", arity = "0..*", description = "NAME or NAME=PATH.")
    private List<String> streams = new ArrayList<>();

    @Option(
            names = "--speed",
            paramLabel = "FACTOR",
            defaultValue = "1",
            description = "1 as recorded, 0.5 at half the speed, max as fast as possible. Default: 1.")
    private String speed;

    @Option(
            names = "--rate",
            paramLabel = "HZ",
            description =
                    "Write the frames of each stream at this rate, and not at their recorded intervals. Needed for"
                            + " FITS cubes of other programs, which have no times.")
    private Double rateHz;

    @Option(names = "--loop", description = "Begin again after the last frame, until Ctrl-C.")
    private boolean loop;

    @Mixin
    private ExpansionOption expansion;

    @Option(
            names = "--from",
            paramLabel = "TIME",
            converter = RecordedTime.Converter.class,
            description =
                    "Begin with the frames that arrived at this time: 2026-01-02T03:04:05.678 in UTC, or 90s after"
                            + " the first frame.")
    private RecordedTime from;

    @Option(
            names = "--to",
            paramLabel = "TIME",
            converter = RecordedTime.Converter.class,
            description = "End before the frames that arrived at this time.")
    private RecordedTime to;

    @Option(names = "--recorded-times", description = "Publish frames with their recorded acquisition times.")
    private boolean recordedTimes;

    @Option(
            names = "--recorded-counts",
            description = "Publish frames with their recorded counts (cnt0), so that readers see what was lost.")
    private boolean recordedCounts;

    @Option(names = "--fresh-ids", description = "Number frames from 1 (cnt2) instead of by their recorded ids.")
    private boolean freshIds;

    @Option(names = "--json", description = "Print the summary as one line of JSON.")
    private boolean json;

    @Override
    public Integer call() {
        double factor = factor();
        try (Recording recording = Recording.open(source, expansion.bytes());
                Replayer replayer = builder(recording, factor).open();
                StopSignal signal = new StopSignal(CLOSING_LIMIT)) {
            signal.runUntilReceived(replayer::run);
            report(replayer);
            return ExitStatus.DONE;
        }
    }

    private double factor() {
        if (speed.equals(MAX)) {
            return Double.POSITIVE_INFINITY;
        }
        try {
            double factor = Double.parseDouble(speed);
            if (factor > 0) {
                return factor;
            }
        } catch (NumberFormatException e) {
            // refused below
        }
        throw wrongUsage("--speed " + speed + ": write a number above 0, or max");
    }

    private ReplayBuilder builder(Recording recording, double factor) {
        ReplayBuilder builder = Replayer.of(recording).speed(factor);
        if (rateHz != null) {
            builder.rateHz(rateHz);
        }
        List<String> wanted = streams.isEmpty()
                ? recording.streams().stream().map(RecordedStream::name).toList()
                : streams;
        for (String stream : wanted) {
            int equals = stream.indexOf('=');
            String name = equals < 0 ? stream : stream.substring(0, equals);
            builder.stream(name, StreamDirectory.resolve(equals < 0 ? stream : stream.substring(equals + 1)));
        }
        builder.between(
                from == null ? Long.MIN_VALUE : from.in(recording), to == null ? Long.MAX_VALUE : to.in(recording));
        if (loop) {
            builder.repeating();
        }
        if (recordedTimes) {
            builder.withRecordedTimes();
        }
        if (recordedCounts) {
            builder.withRecordedCounts();
        }
        if (freshIds) {
            builder.withFreshIds();
        }
        return builder;
    }

    private void report(Replayer replayer) {
        if (json) {
            Map<String, Object> line = new LinkedHashMap<>();
            line.put("source", FileNames.text(source));
            line.put("frames", replayer.published());
            line.put("max_late_ns", replayer.maxLateNs());
            printJson(line);
            return;
        }
        replayer.published()
                .forEach((name, frames) -> print(name + ": " + Quantity.of(frames, "frame")
                        + String.format(Locale.ROOT, ", at most %.3f ms late", replayer.maxLateNs() / 1e6)));
    }
}
