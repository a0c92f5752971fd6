package org.shmrt.bench.record;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.shmrt.bench.BenchCommand;
import org.shmrt.bench.report.Report;
import org.shmrt.bench.report.ReportOptions;
import org.shmrt.bench.report.Row;
import org.shmrt.bench.rig.report.Machine;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command line of the benchmark of recordings. */
@Command(
        name = "recording",
        mixinStandardHelpOptions = true,
        description = {
            "Compares the recorder with dd, a write while it is recorded with one that is not, and a replay with a"
                    + " timed writer.",
            "Give it an idle machine, and a directory on the disk that is meant."
        })
public final class RecordingBench implements Callable<Integer> {
    private static final double MAX_SECONDS = 3600;
    private static final String INTRODUCTION = """
        # Recordings

        The programs of a row ran alternately. A figure is the quotient of what ShmRT and the other program reached in the
        same pair of runs: the median over the pairs, the minimum and the maximum.
        """;

    /** The parts of the benchmark. */
    enum Part {
        DISK,
        LOAD,
        REPLAY
    }

    @Spec
    private CommandSpec spec;

    @Option(names = "--quick", description = "a second for each part: shows that it runs, not more")
    private boolean quick;

    @Option(names = "--pairs", paramLabel = "N", description = "runs of each program (5; with --quick 1)")
    private Integer pairs;

    @Option(names = "--seconds", paramLabel = "S", description = "duration of a run (5; with --quick 1)")
    private Double seconds;

    @Option(
            names = "--part",
            paramLabel = "PART",
            split = ",",
            description = "only these parts: ${COMPLETION-CANDIDATES}")
    private List<Part> parts;

    @Option(
            names = "--dir",
            paramLabel = "DIR",
            description = "directory for the recordings; default: that for temporary files")
    private Path directory = Path.of(System.getProperty("java.io.tmpdir"));

    @Mixin
    private ReportOptions output;

    private RecordingBench() {}

    /**
     * Runs the benchmark.
     *
     * @param args see {@code --help}
     */
    public static void main(String[] args) {
        System.exit(commandLine().execute(args));
    }

    static CommandLine commandLine() {
        return BenchCommand.of(new RecordingBench()).setCaseInsensitiveEnumValuesAllowed(true);
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        double duration = seconds != null ? seconds : quick ? 1 : 5;
        int runs = pairs != null ? pairs : quick ? 1 : 5;
        if (!(duration > 0 && duration <= MAX_SECONDS) || runs < 1) {
            throw new ParameterException(
                    spec.commandLine(), "--seconds must be greater than 0 and at most 3600, --pairs at least 1");
        }
        double busyBefore = Machine.busyProcessors();
        List<Row> rows = new ArrayList<>();
        Path own = Files.createTempDirectory(directory, "shmrt_recording_");
        try {
            RecordingParts all = new RecordingParts(own, duration, runs);
            for (Part part : parts == null ? EnumSet.allOf(Part.class) : EnumSet.copyOf(parts)) {
                System.err.println("recording: " + part.name().toLowerCase(Locale.ROOT));
                rows.addAll(
                        switch (part) {
                            case DISK -> all.disk();
                            case LOAD -> all.load();
                            case REPLAY -> all.replay();
                        });
            }
        } finally {
            Files.deleteIfExists(own);
        }
        Map<String, String> facts = Machine.facts();
        facts.put("directory", directory.toString());
        facts.put("pairs", Integer.toString(runs));
        facts.put("seconds", Double.toString(duration));
        facts.put("busy_processors_before", String.format(Locale.ROOT, "%.2f", busyBefore));
        facts.put(
                "command",
                "shm-bench/bin/recording "
                        + String.join(" ", spec.commandLine().getParseResult().originalArgs()));
        output.publish(new Report("recording", INTRODUCTION, rows, new LinkedHashSet<>(), facts));
        return 0;
    }
}
