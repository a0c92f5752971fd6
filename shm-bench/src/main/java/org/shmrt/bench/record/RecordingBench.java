package org.shmrt.bench.record;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.shmrt.bench.BenchCommand;
import org.shmrt.bench.Leftovers;
import org.shmrt.bench.report.Report;
import org.shmrt.bench.report.ReportOptions;
import org.shmrt.bench.report.Row;
import org.shmrt.bench.report.RunOptions;
import org.shmrt.bench.rig.report.Machine;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The command line of the benchmark of recordings. */
@Command(
        name = "recording",
        mixinStandardHelpOptions = true,
        description = {
            "Compares the recorder with dd, extracts of short and long recordings with dd, writes and a control loop"
                    + " that are recorded with ones that are not, and a replay with a timed writer.",
            "Give it an idle machine, and a directory on the disk that is meant."
        })
public final class RecordingBench implements Callable<Integer> {
    private static final String INTRODUCTION = """
        # Recordings

        The programs of a row ran alternately. A figure is the quotient of what ShmRT and the other program reached in the
        same pair of runs: the median over the pairs, the minimum and the maximum.
        """;

    /** The parts of the benchmark. */
    enum Part {
        DISK,
        LONG,
        LOAD,
        REPLAY,
        LOOP
    }

    @Mixin
    private RunOptions run;

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
        return BenchCommand.of(new RecordingBench());
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        run.check();
        double busyBefore = Machine.busyProcessors();
        List<Row> rows = new ArrayList<>();
        Path own = Files.createTempDirectory(directory, "shmrt_recording_");
        Leftovers.add(own);
        try {
            RecordingParts all = new RecordingParts(own, run.seconds(), run.pairs());
            for (Part part : BenchCommand.parts(parts, Part.class)) {
                System.err.println("recording: " + part.name().toLowerCase(Locale.ROOT));
                rows.addAll(
                        switch (part) {
                            case DISK -> all.disk();
                            case LONG -> all.longRecording();
                            case LOAD -> all.load();
                            case LOOP -> all.loop();
                            case REPLAY -> all.replay();
                        });
            }
        } finally {
            RecordingParts.remove(own); // what a part has left that failed
            Leftovers.forget(own);
        }
        Map<String, String> facts = run.facts(Map.of("directory", directory.toString()), busyBefore);
        output.publish(new Report("recording", INTRODUCTION, rows, new LinkedHashSet<>(), facts));
        return 0;
    }
}
