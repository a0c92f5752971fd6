package org.shmrt.bench.determinism;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import org.shmrt.bench.BenchCommand;
import org.shmrt.bench.report.Report;
import org.shmrt.bench.report.ReportOptions;
import org.shmrt.bench.report.Row;
import org.shmrt.bench.rig.process.CPrograms;
import org.shmrt.bench.rig.process.Cores;
import org.shmrt.bench.rig.report.Machine;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command line of the determinism benchmark. */
@Command(
        name = "determinism",
        mixinStandardHelpOptions = true,
        description = {
            "Compares loops in Java with loops in C: how late they wake, and the step of a control loop.",
            "Give it an idle machine and the right to real-time priority (root, or rtprio and memlock in limits.conf)."
        })
public final class Determinism implements Callable<Integer> {
    private static final List<String> PROGRAMS = List.of("periodic_loop", "frame_writer", "control_step");
    private static final List<String> FLAGS = List.of("-std=gnu11", "-O3", "-march=native", "-pthread");
    private static final double MAX_SECONDS = 86_400;
    private static final String INTRODUCTION = """
        # Determinism of loops in Java and in C

        The programs of a row ran alternately. A figure is the quotient of Java's percentile and the other program's
        in the same pair of runs: the median over the pairs, the minimum and the maximum. The times are medians over
        the pairs in µs. Counts are those of one run. A maximum, and a p99.99 of few samples, is mostly the machine's.
        """;

    @Spec
    private CommandSpec spec;

    @Option(names = "--quick", description = "a few seconds for each part: shows that it runs, not more")
    private boolean quick;

    @Option(names = "--pairs", paramLabel = "N", description = "runs of each program (5; with --quick 1)")
    private Integer pairs;

    @Option(names = "--seconds", paramLabel = "S", description = "duration of a run (60; with --quick 1)")
    private Double seconds;

    @Option(
            names = "--starts",
            paramLabel = "N",
            description = "JVMs started for the large product (20; with --quick 1)")
    private Integer starts;

    @Option(
            names = "--part",
            paramLabel = "PART",
            split = ",",
            description = "only these parts: ${COMPLETION-CANDIDATES}")
    private List<Plan.Part> parts;

    @Option(
            names = "--cores",
            paramLabel = "LOOP,OTHER",
            split = ",",
            description = "core of the loop, core of the rest")
    private List<Integer> cores;

    @Mixin
    private ReportOptions output;

    private Determinism() {}

    /**
     * Runs the benchmark.
     *
     * @param args see {@code --help}
     */
    public static void main(String[] args) {
        System.exit(commandLine().execute(args));
    }

    static CommandLine commandLine() {
        return BenchCommand.of(new Determinism());
    }

    @Override
    public Integer call() throws IOException {
        Plan plan = plan();
        Path compiler = CPrograms.compiler().orElse(null);
        if (compiler == null) {
            System.err.println("determinism: there is no C compiler to compare with: install one, for example gcc");
            return 1;
        }
        double busyBefore = Machine.busyProcessors();
        try (CPrograms programs = CPrograms.compile(compiler, PROGRAMS, FLAGS);
                Session session = new Session(plan, programs, line -> System.err.println("determinism: " + line))) {
            List<Row> rows = session.run();
            Report report = new Report(
                    "determinism",
                    INTRODUCTION,
                    rows,
                    session.notes(),
                    facts(plan, programs.description(), busyBefore));
            output.publish(report);
            return 0;
        }
    }

    private Map<String, String> facts(Plan plan, String compiler, double busyBefore) {
        Map<String, String> facts = Machine.facts();
        facts.put("c", compiler);
        facts.put("loop_core", Integer.toString(plan.loopCore()));
        facts.put("other_core", Integer.toString(plan.otherCore()));
        facts.put("pairs", Integer.toString(plan.pairs()));
        facts.put("seconds", Double.toString(plan.seconds()));
        facts.put("starts", Integer.toString(plan.starts()));
        facts.put("busy_processors_before", String.format(Locale.ROOT, "%.2f", busyBefore));
        facts.put("command", command());
        return facts;
    }

    private String command() {
        return "shm-bench/bin/determinism "
                + String.join(" ", spec.commandLine().getParseResult().originalArgs());
    }

    private Plan plan() {
        List<Integer> chosen = cores == null ? Cores.choose().reversed() : cores;
        if (chosen.size() != 2 || chosen.get(0).equals(chosen.get(1))) {
            throw new ParameterException(spec.commandLine(), "two different cores are needed, for example --cores 1,0");
        }
        Set<Plan.Part> wanted = BenchCommand.parts(parts, Plan.Part.class);
        double duration = seconds != null ? seconds : quick ? 1 : 60;
        int runs = pairs != null ? pairs : quick ? 1 : 5;
        int jvms = starts != null ? starts : quick ? 1 : 20;
        if (!(duration > 0 && duration <= MAX_SECONDS) || runs < 1 || jvms < 1) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--seconds must be greater than 0 and at most 86400, --pairs and --starts at least 1");
        }
        return new Plan(wanted, runs, duration, jvms, chosen.get(0), chosen.get(1));
    }
}
