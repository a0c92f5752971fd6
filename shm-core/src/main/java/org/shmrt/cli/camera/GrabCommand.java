package org.shmrt.cli.camera;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.shmrt.camera.FrameSource;
import org.shmrt.camera.SourceOptions;
import org.shmrt.cli.verb.Converters;
import org.shmrt.cli.verb.ExitStatus;
import org.shmrt.cli.verb.ExpansionOption;
import org.shmrt.cli.verb.Json;
import org.shmrt.cli.verb.Quantity;
import org.shmrt.cli.verb.StopSignal;
import org.shmrt.cli.verb.TimedOutException;
import org.shmrt.cli.verb.Verb;
import org.shmrt.error.ShmException;
import org.shmrt.memory.DataType;
import org.shmrt.memory.Shape;
import org.shmrt.stream.Access;
import org.shmrt.stream.ImageStream;
import org.shmrt.stream.format.StreamFormat;
import org.shmrt.text.FileNames;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code shm grab}. */
@Command(
        name = "grab",
        description = {
            "Moves the frames of a camera or another source into a stream, and counts what was lost.",
            "It creates the stream with the size and the type of the source, or uses an existing one that fits. It runs"
                    + " until the source ends, or until Ctrl-C."
        })
public final class GrabCommand extends Verb {
    /** How long Ctrl-C waits for the summary. */
    private static final Duration SUMMARY = Duration.ofSeconds(3);

    private static final long POLL_NS = 200_000_000L;

    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "SOURCE",
            description =
                    "arv:NAME, a GigE or USB3 Vision camera; sim:ramp, sim:noise or sim:spots; ffmpeg:ARGUMENTS with"
                            + " an input; gst:PIPELINE without a sink; udp:PORT for packets, described by --set; FILE"
                            + " (raw, .y4m, .npy, .fits); - for raw frames or a y4m video on standard input.")
    private String source;

    @Parameters(
            index = "1",
            arity = "0..1",
            paramLabel = "STREAM",
            converter = Converters.ToStreamPath.class,
            description = "Path or bare name.")
    private Path stream;

    @Option(names = "--list", description = "Print the cameras that answer, one per line, instead of grabbing.")
    private boolean list;

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            description = "Format of the stream: dao or milk. Default: that of the existing stream, else dao.")
    private String format;

    @Option(
            names = "--layout",
            paramLabel = "NAME",
            description = "Layout of a new stream, as for shm create; an existing stream must have it.")
    private String layout;

    @Option(
            names = "--depth",
            paramLabel = "N",
            description = "Frames that a new stream keeps. Default: 4, or what the source needs. Frames are written in"
                    + " place in a dao stream of depth 2 or more.")
    private Integer depth;

    @Option(names = "--force", description = "Replace an existing stream of this name.")
    private boolean force;

    @Option(
            names = "--shape",
            paramLabel = "ROWSxCOLS",
            converter = Converters.ToShape.class,
            description = "Shape of a frame, for sources that do not know it, for example 480x640.")
    private Shape shape;

    @Option(
            names = "--dtype",
            paramLabel = "TYPE",
            converter = Converters.ToDataType.class,
            description = "Type of the elements, for sources that do not know it, for example u16.")
    private DataType type;

    @Option(
            names = "--stride",
            paramLabel = "BYTES",
            description = "Bytes from one row to the next in raw frames whose rows have padding.")
    private Long stride;

    @Option(
            names = "--rate",
            paramLabel = "HZ",
            description = "Frames per second: the rate of a simulated camera, and the nominal one of a source that"
                    + " does not know it.")
    private Double rateHz;

    @Mixin
    private ExpansionOption expansion;

    @Option(names = "--set", paramLabel = "NAME=VALUE", description = "A setting of the source; can be repeated.")
    private Map<String, String> settings = new LinkedHashMap<>();

    @Option(names = "--count", paramLabel = "N", description = "Stop after N frames.")
    private Long count;

    @Option(
            names = "--for",
            paramLabel = "TIME",
            converter = Converters.ToNanoseconds.class,
            description = "Stop after this time, for example 10s.")
    private Long forNs;

    @Option(
            names = "--timeout",
            paramLabel = "TIME",
            converter = Converters.ToNanoseconds.class,
            description = "Stop if no frame has arrived for this time; with --reconnect, open the source again."
                    + " Default: wait.")
    private Long timeoutNs;

    @Option(names = "--reconnect", description = "Open the source again, until Ctrl-C, if it fails or ends.")
    private boolean reconnect;

    @Option(names = "--strict", description = "Exit with status 1 if a frame was lost.")
    private boolean strict;

    @Option(names = "--json", description = "Print the summary as one line of JSON.")
    private boolean json;

    private LiveLine line;

    @Override
    public Integer call() {
        if (list) {
            List<String> cameras = FrameSource.list();
            cameras.forEach(this::print);
            if (cameras.isEmpty()) {
                note("no camera answers: check its power, its cable and the address of this machine's network card");
            }
            return ExitStatus.DONE;
        }
        checkOptions();
        GrabRun run = new GrabRun(new GrabRun.Plan(
                source,
                options(),
                stream,
                format(),
                Optional.ofNullable(layout),
                depth == null ? OptionalInt.empty() : OptionalInt.of(depth),
                force,
                count == null ? Long.MAX_VALUE : count,
                reconnect ? GrabRun.AtEnd.RECONNECT : GrabRun.AtEnd.STOP,
                this::remark));
        line = new LiveLine(err(), run);
        boolean timedOut = false;
        try (StopSignal signal = new StopSignal(SUMMARY);
                run) {
            run.start();
            try {
                signal.allowInterrupt();
                timedOut = !follow(run);
            } catch (InterruptedException e) {
                // Ctrl-C is the normal end
            } finally {
                signal.forbidInterrupt();
                line.erase();
            }
            run.close();
            return finish(run, timedOut, signal.isReceived());
        }
    }

    private void remark(String text) {
        line.erase();
        note(text);
    }

    private void checkOptions() {
        if (count != null && count < 1) {
            throw wrongUsage("--count " + count + ": grab at least 1 frame");
        }
        if (stream == null) {
            throw wrongUsage("a source and a stream are needed, for example sim:ramp and cam");
        }
        if (depth != null && depth < 1) {
            throw wrongUsage("--depth " + depth + ": a stream keeps at least 1 frame");
        }
        if (format != null && !StreamFormat.names().contains(format)) {
            throw wrongUsage("--format " + format + ": use " + String.join(" or ", StreamFormat.names()));
        }
    }

    private SourceOptions options() {
        return new SourceOptions(
                Optional.ofNullable(shape),
                Optional.ofNullable(type),
                stride == null ? OptionalLong.empty() : OptionalLong.of(stride),
                rateHz == null ? OptionalDouble.empty() : OptionalDouble.of(rateHz),
                expansion.bytes(),
                settings);
    }

    private String format() {
        if (format != null) {
            return format;
        }
        if (force || !Files.exists(stream)) {
            return "dao";
        }
        try (ImageStream existing = ImageStream.open(stream, Access.READ_ONLY)) {
            return existing.layout().format();
        }
    }

    /** Waits for the end; false if no frame arrived in time. */
    private boolean follow(GrabRun run) throws InterruptedException {
        long startNs = System.nanoTime();
        while (true) {
            long nowNs = System.nanoTime();
            long leftNs = forNs == null ? Long.MAX_VALUE : forNs - (nowNs - startNs);
            if (leftNs <= 0 || run.awaitEnd(Math.min(POLL_NS, leftNs))) {
                return true;
            }
            run.storeKeywords();
            line.draw();
            if (timeoutNs != null && run.sinceLastFrameNs() > timeoutNs) {
                if (!reconnect) {
                    return false;
                }
                run.restart("no frame for " + timeoutNs / 1e9 + " s");
            }
        }
    }

    private int finish(GrabRun run, boolean timedOut, boolean stopped) {
        GrabRun.Totals totals = run.totals();
        report(totals);
        if (run.failure().isPresent()) {
            throw run.failure().get();
        }
        if (timedOut) {
            throw new TimedOutException("no frame of " + source + " within " + timeoutNs / 1e9
                    + " s: is the camera running? " + Quantity.of(totals.frames(), "frame") + " came before");
        }
        if (totals.frames() == 0 && !stopped && forNs == null) {
            throw new ShmException(source + " ended before its first frame");
        }
        if (strict && totals.lost() > 0) {
            note(Quantity.of(totals.lost(), "frame") + " lost, and --strict allows none");
            return ExitStatus.FAILED;
        }
        return ExitStatus.DONE;
    }

    private void report(GrabRun.Totals totals) {
        if (json) {
            Map<String, Object> values = new LinkedHashMap<>();
            values.put("frames", totals.frames());
            values.put("lost", totals.lost());
            values.put("damaged", totals.damaged());
            values.put("late", totals.late());
            values.put("reconnected", totals.reconnected());
            values.put("cnt0", Json.unsigned(totals.cnt0()));
            values.put("seconds", totals.seconds());
            values.put("rate_hz", totals.rateHz());
            values.put("mb_per_s", totals.megabytesPerSecond());
            printJson(values);
            return;
        }
        print(FileNames.text(stream) + ": " + Quantity.of(totals.frames(), "frame")
                + String.format(Locale.ROOT, " at %.1f Hz, %.1f MB/s", totals.rateHz(), totals.megabytesPerSecond())
                + "; " + totals.lost() + " lost"
                + (totals.damaged() > 0 ? " (" + totals.damaged() + " of them damaged)" : "")
                + details(totals) + "; count is now " + Long.toUnsignedString(totals.cnt0()));
    }

    private static String details(GrabRun.Totals totals) {
        return ", " + totals.late() + " late"
                + (totals.reconnected() > 0 ? ", reconnected " + totals.reconnected() + " times" : "");
    }
}
