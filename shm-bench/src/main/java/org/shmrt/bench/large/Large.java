package org.shmrt.bench.large;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
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
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command line of the benchmark of large frames. */
@Command(
        name = "large",
        mixinStandardHelpOptions = true,
        description = {
            "Compares large frames with plain copies, a large reservation with C, the loading of FITS files with a"
                    + " copy, and past frames in place with mapped memory.",
            "Give it an idle machine with some GB of free memory."
        })
public final class Large implements Callable<Integer> {
    private static final long MIB = 1L << 20;
    private static final long GIB = 1L << 30;
    private static final String INTRODUCTION = """
        # Large frames

        The two ways of a row alternated. A figure is the quotient of their medians in the same part of the run: the
        median over the pairs, the minimum and the maximum. Everything is in one thread.
        """;

    /** The parts of the benchmark. */
    enum Part {
        FRAME,
        RESERVE,
        FITS,
        HISTORY
    }

    @Spec
    private CommandSpec spec;

    @Mixin
    private RunOptions run;

    @Option(
            names = "--part",
            paramLabel = "PART",
            split = ",",
            description = "only these parts: ${COMPLETION-CANDIDATES}")
    private List<Part> parts;

    @Option(names = "--frame", paramLabel = "MIB", description = "size of a frame in MiB (64)")
    private int frameMib = 64;

    @Option(
            names = "--reserve",
            paramLabel = "GIB",
            description = "size of the reservation in GiB (10); less if there is not enough memory")
    private double reserveGib = 10;

    @Option(names = "--past", paramLabel = "MIB", description = "size of each of 16 past frames in MiB (4)")
    private int pastMib = 4;

    @Mixin
    private ReportOptions output;

    private Large() {}

    /**
     * Runs the benchmark.
     *
     * @param args see {@code --help}
     */
    public static void main(String[] args) {
        System.exit(commandLine().execute(args));
    }

    static CommandLine commandLine() {
        return BenchCommand.of(new Large());
    }

    @Override
    public Integer call() throws IOException {
        run.check();
        if (frameMib < 1 || pastMib < 1 || !(reserveGib >= 0.01 && reserveGib <= 1024)) {
            throw new ParameterException(
                    spec.commandLine(), "--frame and --past must be at least 1, --reserve 0.01 to 1024");
        }
        double busyBefore = Machine.busyProcessors();
        LargeParts all = new LargeParts(run.seconds(), run.pairs());
        List<Row> rows = new ArrayList<>();
        for (Part part : BenchCommand.parts(parts, Part.class)) {
            System.err.println("large: " + part.name().toLowerCase(Locale.ROOT));
            rows.addAll(
                    switch (part) {
                        case FRAME -> all.frames(frameMib * MIB);
                        case RESERVE -> all.reserve((long) (reserveGib * GIB), CPrograms.compiler());
                        case FITS -> all.fits();
                        case HISTORY -> all.history(pastMib * MIB);
                    });
        }
        Map<String, String> facts = run.facts(Map.of("streams_in", LargeParts.directory()), busyBefore);
        output.publish(new Report("large", INTRODUCTION, rows, Set.of(), facts));
        return 0;
    }
}
