package org.shmrt.cli.record;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.shmrt.cli.verb.ExitStatus;
import org.shmrt.cli.verb.ExpansionOption;
import org.shmrt.cli.verb.Quantity;
import org.shmrt.cli.verb.Verb;
import org.shmrt.record.ExtractResult;
import org.shmrt.record.RecordedStream;
import org.shmrt.record.Recording;
import org.shmrt.text.FileNames;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code shm extract}. */
@Command(
        name = "extract",
        description =
                "Copies some frames of a recording to a new FITS cube, with the table of their counters and times.")
public final class ExtractCommand extends Verb {
    private static final Pattern FRAMES = Pattern.compile("([0-9]{1,18})?:([0-9]{1,18})?");

    @Parameters(
            index = "0",
            paramLabel = "DIR|FILE",
            description = "The directory of a recording, or one of its files.")
    private Path source;

    @Parameters(
            index = "1",
            arity = "0..1",
            paramLabel = "STREAM",
            description = "Name of the recorded stream; needed if there are several.")
    private String stream;

    @Mixin
    private ExpansionOption expansion;

    @Option(
            names = "--from",
            paramLabel = "TIME",
            converter = RecordedTime.Converter.class,
            description = "First frame: the one that arrived at this time or later: 2026-01-02T03:04:05.678 in UTC, or"
                    + " 90s after the first frame.")
    private RecordedTime from;

    @Option(
            names = "--to",
            paramLabel = "TIME",
            converter = RecordedTime.Converter.class,
            description = "End: before the frames that arrived at this time.")
    private RecordedTime to;

    @Option(
            names = "--frames",
            paramLabel = "A:B",
            description = "The frames from A to before B, numbered from 0 in the recording of the stream.")
    private String frames;

    @Option(
            names = "--out",
            paramLabel = "FILE",
            required = true,
            description = "FILE.fits, or FILE.fits.fz with compressed pixels; an existing file is replaced.")
    private Path target;

    @Option(names = "--json", description = "Print the report as one line of JSON.")
    private boolean json;

    @Override
    public Integer call() {
        if (frames != null && (from != null || to != null)) {
            throw wrongUsage("--frames cannot be combined with --from and --to");
        }
        if (!target.toString().matches(".*\\.fits(\\.fz)?")) {
            throw wrongUsage("'" + FileNames.text(target)
                    + "' is not the name of a FITS file: it must end in .fits or .fits.fz");
        }
        try (Recording recording = Recording.open(source, expansion.bytes())) {
            RecordedStream chosen = chosen(recording);
            report(chosen, frames == null ? byTime(chosen, recording) : byIndex(chosen));
        }
        return ExitStatus.DONE;
    }

    private RecordedStream chosen(Recording recording) {
        if (stream != null) {
            return recording.stream(stream);
        }
        if (recording.streams().size() > 1) {
            throw wrongUsage(FileNames.text(source) + " has several streams: name one of "
                    + String.join(
                            ", ",
                            recording.streams().stream()
                                    .map(RecordedStream::name)
                                    .toList()));
        }
        return recording.streams().getFirst();
    }

    private ExtractResult byTime(RecordedStream chosen, Recording recording) {
        return chosen.extractTime(
                from == null ? Long.MIN_VALUE : from.in(recording),
                to == null ? Long.MAX_VALUE : to.in(recording),
                target);
    }

    private ExtractResult byIndex(RecordedStream chosen) {
        Matcher matcher = FRAMES.matcher(frames);
        if (!matcher.matches()) {
            throw wrongUsage("--frames " + frames + ": write A:B, for example 0:1000");
        }
        long first = matcher.group(1) == null ? 0 : Long.parseLong(matcher.group(1));
        long end = matcher.group(2) == null ? chosen.frames() : Long.parseLong(matcher.group(2));
        return chosen.extract(first, end, target);
    }

    private void report(RecordedStream chosen, ExtractResult result) {
        result.remarks().forEach(this::note);
        if (json) {
            Map<String, Object> line = new LinkedHashMap<>();
            line.put("stream", chosen.name());
            line.put("file", FileNames.text(target));
            line.put("frames", result.frames());
            line.put("dtype", chosen.type().toString());
            line.put("shape", chosen.shape().lengths());
            printJson(line);
            return;
        }
        print(FileNames.text(target) + ": " + Quantity.of(result.frames(), "frame") + " of " + chosen.shape() + " "
                + chosen.type());
    }
}
