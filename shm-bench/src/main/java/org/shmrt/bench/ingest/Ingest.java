package org.shmrt.bench.ingest;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import org.shmrt.bench.BenchCommand;
import org.shmrt.bench.report.Report;
import org.shmrt.bench.report.ReportOptions;
import org.shmrt.bench.report.Row;
import org.shmrt.bench.report.RunOptions;
import org.shmrt.bench.rig.process.CPrograms;
import org.shmrt.bench.rig.report.Machine;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The command line of the ingest benchmark. */
@Command(
        name = "ingest",
        mixinStandardHelpOptions = true,
        description = {
            "Compares shm grab with programs that only receive: raw frames from a pipe with cat, UDP packets with a"
                + " loop of recvmmsg in C, a camera whose frames are assembled in the stream with one whose frames are"
                + " copied.",
            "Give it an idle machine."
        })
public final class Ingest implements Callable<Integer> {
    private static final List<String> PROGRAMS = List.of("raw_writer", "packet_sender", "packet_receiver");
    private static final List<String> FLAGS = List.of("-std=gnu11", "-O2", "-pthread");
    private static final String INTRODUCTION = """
        # How fast frames come in

        The programs of a row ran alternately. A figure is the quotient of what shm grab and the other program reached
        in the same pair of runs: the median over the pairs, the minimum and the maximum.
        """;

    /** The parts of the benchmark. */
    enum Part {
        PIPE,
        UDP,
        ARAVIS
    }

    @Mixin
    private RunOptions run;

    @Option(
            names = "--part",
            paramLabel = "PART",
            split = ",",
            description = "only these parts: ${COMPLETION-CANDIDATES}")
    private List<Part> parts;

    @Mixin
    private ReportOptions output;

    private Ingest() {}

    /**
     * Runs the benchmark.
     *
     * @param args see {@code --help}
     */
    public static void main(String[] args) {
        System.exit(commandLine().execute(args));
    }

    static CommandLine commandLine() {
        return BenchCommand.of(new Ingest());
    }

    @Override
    public Integer call() throws IOException {
        run.check();
        Path compiler = CPrograms.compiler().orElse(null);
        if (compiler == null) {
            System.err.println("ingest: there is no C compiler to compare with: install one, for example gcc");
            return 1;
        }
        double busyBefore = Machine.busyProcessors();
        Set<String> notes = new LinkedHashSet<>();
        List<Row> rows = new ArrayList<>();
        try (CPrograms programs = CPrograms.compile(compiler, PROGRAMS, FLAGS);
                Workplace workplace = new Workplace(programs, run.seconds(), run.pairs(), notes)) {
            for (Part part : BenchCommand.parts(parts, Part.class)) {
                rows.addAll(
                        switch (part) {
                            case PIPE -> new RawPipe(workplace).run();
                            case UDP -> new Packets(workplace).run();
                            case ARAVIS -> new CameraFrames(workplace).run();
                        });
            }
            Map<String, String> facts = run.facts(Map.of("c", programs.description()), busyBefore);
            Report report = new Report("ingest", INTRODUCTION, rows, notes, facts);
            output.publish(report);
            return 0;
        }
    }
}
