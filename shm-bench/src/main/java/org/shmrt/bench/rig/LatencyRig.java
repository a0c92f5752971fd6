package org.shmrt.bench.rig;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * Measures how long a message takes from one process to another and back, in Java beside C.
 */
@Command(name = "latency", subcommands = JitterCommand.class, mixinStandardHelpOptions = true, sortOptions = false,
        description = {
    "Round trips between two pinned processes through shared memory: ShmRT by turns with programs in C, Agrona's "
        + "ring buffer and Aeron IPC. C is compiled on the spot; without a compiler its rows are left out."},
        exitCodeListHeading = "Exit status:%n",
        exitCodeList = {"0:measured", "1:a run failed, for example a message was lost", "2:wrong usage"})
public final class LatencyRig implements Callable<Integer> {
    private static final long LEAST_COUNT = 2_000;

    @Spec
    private CommandLine.Model.CommandSpec spec;

    @Option(names = "--quick", description = "3 short runs of what the targets name, instead of 5 of 1 s of all")
    private boolean quick;

    @Option(names = "--json", description = "one line of JSON instead of the table")
    private boolean json;

    @Option(names = "--pairs", paramLabel = "N", description = "runs of each exchange")
    private Integer pairs;

    @Option(names = "--seconds", paramLabel = "S", description = "length of a run")
    private Double seconds;

    @Option(names = "--exchange", paramLabel = "WORD", split = ",",
            description = "what is sent, and how: for example frame4k,frame4k_c; a wrong word lists all")
    private List<String> exchanges;

    @Option(names = "--layout", paramLabel = "dao|milk", description = "whose files the streams are (milk)")
    private String layout = "milk";

    @Option(names = "--cores", paramLabel = "A,B", split = ",", description = "where the two processes run")
    private List<Integer> cores;

    @Option(names = "--no-c", description = "leave the C side out")
    private boolean noC;

    @Option(names = "--jvm-arg", paramLabel = "ARG", description = "an argument for the two JVMs; may be repeated")
    private List<String> jvmArguments;

    @Option(names = "--out", paramLabel = "DIR",
            description = "a report, histograms and plots go to this folder too")
    private Path out;

    /** For picocli. */
    public LatencyRig() {
    }

    /**
     * Runs the rig.
     *
     * @param args see {@code --help}
     */
    public static void main(String[] args) {
        CommandLine commandLine = new CommandLine(new LatencyRig());
        commandLine.setParameterExceptionHandler((e, all) -> {
            System.err.println("latency: " + e.getMessage());
            return CommandLine.ExitCode.USAGE;
        });
        System.exit(commandLine.execute(args));
    }

    @Override
    public Integer call() {
        Plan plan = plan();
        List<Integer> where = cores == null ? Cores.choose() : cores;
        if (cores != null && cores.size() != 2) {
            throw new ParameterException(spec.commandLine(), "--cores takes two cores, for example 0,1");
        }
        if (where.isEmpty()) {
            System.err.println("latency: two processes that spin need two cores, and this one may use only one");
            return 1;
        }
        double loadBefore = Machine.load();
        try (Measurement measurement = new Measurement(plan, where, jvmArguments == null ? List.of() : jvmArguments,
                noC ? Optional.<Path>empty() : CPrograms.compiler(), this::progress)) {
            Thread onInterrupt = new Thread(measurement::close, "clear up");
            Runtime.getRuntime().addShutdownHook(onInterrupt);
            List<Outcome> outcomes = measurement.run();
            Report report = new Report(outcomes, new Setting(plan, where, measurement.compilerText(),
                    measurement.clockStepNs(), loadBefore, command()));
            progress("");
            if (out != null) {
                new ReportFiles(out, report).write();
            }
            System.out.print(json ? report.json() + "\n" : report.table());
            return report.failures().isEmpty() ? 0 : 1;
        } catch (IOException e) {
            System.err.println("latency: cannot write the report to " + out + ": " + e);
            return 1;
        } catch (CancellationException e) {
            System.err.println("latency: " + e.getMessage());
            return 1;
        }
    }

    private String command() {
        return "shm-bench/bin/latency " + String.join(" ", spec.commandLine().getParseResult().originalArgs());
    }

    private Plan plan() {
        List<Exchange> wanted = new ArrayList<>();
        try {
            if (exchanges == null) {
                wanted.addAll(quick ? Exchange.quick() : Arrays.asList(Exchange.values()));
            } else {
                exchanges.forEach(word -> wanted.add(Exchange.parse(word)));
            }
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage());
        }
        double runSeconds = seconds != null ? seconds : quick ? 0.2 : 1;
        int runs = pairs != null ? pairs : quick ? 3 : 5;
        if (!(runSeconds > 0) || runs < 1) {
            throw new ParameterException(spec.commandLine(), "--seconds and --pairs must be more than 0");
        }
        return new Plan(wanted, layout(), runs, (long) (runSeconds * 1e9), quick ? 800_000_000L : 3_000_000_000L,
                LEAST_COUNT);
    }

    private Layout layout() {
        return Arrays.stream(Layout.values()).filter(one -> one.word().equals(layout)).findFirst()
                .orElseThrow(() -> new ParameterException(spec.commandLine(),
                        "no layout is called '" + layout + "': use dao or milk"));
    }

    private void progress(String what) {
        if (!json && System.console() != null) {
            System.err.printf("\r%-60s\r%s", "", what);
        }
    }
}
