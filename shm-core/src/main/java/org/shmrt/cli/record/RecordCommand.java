package org.shmrt.cli.record;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.shmrt.cli.verb.Converters;
import org.shmrt.cli.verb.ErrorOutput;
import org.shmrt.cli.verb.ExitStatus;
import org.shmrt.cli.verb.Quantity;
import org.shmrt.cli.verb.StopSignal;
import org.shmrt.cli.verb.Terminal;
import org.shmrt.cli.verb.Verb;
import org.shmrt.record.Recorder;
import org.shmrt.record.RecorderBuilder;
import org.shmrt.record.RecorderStatus;
import org.shmrt.record.Recording;
import org.shmrt.record.RepairedFile;
import org.shmrt.record.service.RecorderService;
import org.shmrt.stream.inspect.StreamDirectory;
import org.shmrt.text.FileNames;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code shm record}. */
@Command(
        name = "record",
        description = {
            "Records streams to a directory until Ctrl-C: FITS cubes with a table of counters and times.",
            "No writer waits for the recorder. Frames that cannot be kept are counted as lost; then the status is 1.",
            "With --service NAME it runs as a service. shm record start NAME, shm record stop NAME and shm record"
                    + " status NAME then begin and end its recordings, and show what it does."
        })
public final class RecordCommand extends Verb {
    /** Ctrl-C waits for the files. */
    private static final Duration SAVING_LIMIT = Duration.ofMinutes(10);

    private static final long POLL_NS = 200_000_000L;

    @Parameters(
            paramLabel = "STREAM",
            arity = "0..*",
            description = "Paths or bare names; or start, stop or status and the name of a service.")
    private List<String> words = new ArrayList<>();

    @Option(names = "--out", paramLabel = "DIR", description = "Directory for the files; created if it is missing.")
    private Path directory;

    @Option(
            names = "--for",
            paramLabel = "TIME",
            converter = Converters.ToNanoseconds.class,
            description = "Stop after this time, for example 10s.")
    private Long forNs;

    @Option(names = "--count", paramLabel = "N", description = "Stop after N frames of each stream.")
    private Long count;

    @Option(names = "--until-stopped", description = "Record until Ctrl-C or a TERM signal; this is the default.")
    private boolean untilStopped;

    @Option(
            names = "--split",
            paramLabel = "LIMIT",
            converter = SplitPoint.Converter.class,
            description = "Begin a new file after a number of frames (1000), a time (60s) or a size (1GiB). Default:"
                    + " 1GiB, with --compress 256MiB.")
    private SplitPoint split;

    @Option(
            names = "--buffer",
            paramLabel = "SIZE",
            converter = Converters.ToByteCount.class,
            description = "Memory for frames that wait for the disk. Default: 512MiB.")
    private Long bufferBytes;

    @Option(
            names = "--keep",
            paramLabel = "SIZE",
            converter = Converters.ToByteCount.class,
            description = "Remove the oldest files of these streams in the directory when all together exceed this"
                    + " size. Default: keep all.")
    private Long keepBytes;

    @Option(
            names = "--format",
            paramLabel = "fits|npy",
            defaultValue = "fits",
            description = "fits, or npy, also for complex numbers. Default: fits.")
    private String format;

    @Option(names = "--compress", description = "Compress each file without loss when it is complete.")
    private boolean compress;

    @Option(names = "--wait", description = "Wait for streams that do not exist yet.")
    private boolean await;

    @Option(
            names = "--service",
            paramLabel = "NAME",
            description =
                    "Run as a service that shm record start, stop and status work on. It waits for streams that do"
                            + " not exist yet.")
    private String service;

    @Option(names = "--standby", description = "With --service: do not record before shm record start NAME.")
    private boolean standby;

    @Option(
            names = "--repair",
            paramLabel = "DIR",
            description = "Complete the files that a killed recorder has left in a directory, instead of recording.")
    private Path repair;

    @Option(names = "--json", description = "Print the summary as one line of JSON.")
    private boolean json;

    private boolean drawn;

    @Override
    public Integer call() {
        if (repair != null) {
            return repair();
        }
        if (!words.isEmpty() && ServiceWords.isVerb(words.getFirst())) {
            print(new ServiceWords(this, words).call(json ? ServiceWords.Output.JSON : ServiceWords.Output.TEXT));
            return ExitStatus.DONE;
        }
        checkOptions();
        RecorderBuilder builder = builder();
        if (service != null) {
            return serve(builder);
        }
        try (StopSignal signal = new StopSignal(SAVING_LIMIT)) {
            Recorder recorder = builder.start();
            try (recorder) {
                followUntilStopped(recorder, signal);
            }
            return report(recorder.status());
        }
    }

    private void followUntilStopped(Recorder recorder, StopSignal signal) {
        try {
            signal.runUntilReceived(() -> follow(recorder));
        } finally {
            erase();
        }
    }

    private void checkOptions() {
        if (words.isEmpty()) {
            throw wrongUsage("name at least one stream");
        }
        if (directory == null) {
            throw wrongUsage("name a directory for the files: --out DIR");
        }
        if (standby && service == null) {
            throw wrongUsage("--standby requires --service");
        }
        if (count != null && count < 1) {
            throw wrongUsage("--count " + count + ": record at least 1 frame");
        }
        if (!List.of("fits", "npy").contains(format)) {
            throw wrongUsage("--format " + format + ": use fits or npy");
        }
        if (compress && format.equals("npy")) {
            throw wrongUsage("--compress cannot be combined with --format npy");
        }
        if (untilStopped && (forNs != null || count != null)) {
            throw wrongUsage("--until-stopped cannot be combined with " + (forNs != null ? "--for" : "--count"));
        }
    }

    private RecorderBuilder builder() {
        RecorderBuilder builder = Recorder.into(directory);
        words.forEach(word -> builder.stream(checkNamed(StreamDirectory.resolve(word))));
        if (forNs != null) {
            builder.maxNs(forNs);
        }
        if (count != null) {
            builder.maxFrames(count);
        }
        if (split != null) {
            split.applyTo(builder);
        }
        if (bufferBytes != null) {
            builder.bufferBytes(bufferBytes);
        }
        if (keepBytes != null) {
            builder.keepBytes(keepBytes);
        }
        if (format.equals("npy")) {
            builder.npy();
        }
        if (compress) {
            builder.compressed();
        }
        if (await || service != null) {
            builder.awaitingStreams();
        }
        return builder;
    }

    /** Runs until Ctrl-C or a TERM signal, which are its normal end. */
    private int serve(RecorderBuilder builder) {
        RecorderService.Beginning beginning =
                standby ? RecorderService.Beginning.STANDBY : RecorderService.Beginning.RECORDING;
        try (StopSignal signal = new StopSignal(SAVING_LIMIT);
                RecorderService running = new RecorderService(service, builder, beginning)) {
            signal.runUntilReceived(() -> running.run(this::reportOne));
            running.end(this::reportOne);
            return ExitStatus.DONE;
        }
    }

    private void reportOne(RecorderStatus status) {
        if (json) {
            printJson(RecordReport.json(status, FileNames.text(directory)));
        } else {
            printAll(RecordReport.lines(status));
        }
        status.findings().forEach(this::note);
    }

    private void follow(Recorder recorder) throws InterruptedException {
        boolean shown = ErrorOutput.isTerminal(err());
        while (!recorder.awaitEnd(POLL_NS)) {
            if (shown) {
                err().print(Terminal.ERASE_LINE + RecordReport.progress(recorder.status()));
                err().flush();
                drawn = true;
            }
        }
    }

    private void erase() {
        if (drawn) {
            err().print(Terminal.ERASE_LINE);
            err().flush();
        }
    }

    private int report(RecorderStatus status) {
        reportOne(status);
        return status.lost() > 0 || !status.findings().isEmpty() ? ExitStatus.FAILED : ExitStatus.DONE;
    }

    private int repair() {
        if (!words.isEmpty()) {
            throw wrongUsage("--repair repairs a directory: it cannot be combined with streams");
        }
        List<RepairedFile> files = Recording.repair(repair);
        if (json) {
            printJson(Map.of("files", files.stream().map(RecordCommand::json).toList()));
        } else if (files.isEmpty()) {
            print(FileNames.text(repair) + ": all files are complete");
        } else {
            printAll(files.stream().map(RecordCommand::line).toList());
        }
        return files.stream().anyMatch(file -> file.outcome() == RepairedFile.Outcome.FAILED)
                ? ExitStatus.FAILED
                : ExitStatus.DONE;
    }

    private static String line(RepairedFile file) {
        return FileNames.text(file.file()) + ": "
                + switch (file.outcome()) {
                    case COMPLETED -> "completed, " + Quantity.of(file.frames(), "frame");
                    case REMOVED -> "removed, because " + file.reason();
                    case SKIPPED -> "not repaired, because " + file.reason();
                    case FAILED -> "cannot be repaired: " + file.reason();
                };
    }

    private static Map<String, Object> json(RepairedFile file) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("file", FileNames.text(file.file()));
        json.put("outcome", file.outcome().name().toLowerCase(Locale.ROOT));
        json.put("frames", file.frames());
        json.put("reason", file.reason());
        return json;
    }
}
