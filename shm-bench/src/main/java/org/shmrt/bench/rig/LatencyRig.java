package org.shmrt.bench.rig;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import org.shmrt.bench.BenchCommand;
import org.shmrt.bench.rig.process.CPrograms;
import org.shmrt.bench.rig.process.Cores;
import org.shmrt.bench.rig.report.Comparison;
import org.shmrt.bench.rig.report.Environment;
import org.shmrt.bench.rig.report.Machine;
import org.shmrt.bench.rig.report.Outcome;
import org.shmrt.bench.rig.report.Report;
import org.shmrt.bench.rig.report.ReportFiles;
import org.shmrt.bench.rig.scenario.Layout;
import org.shmrt.bench.rig.scenario.Plan;
import org.shmrt.bench.rig.scenario.Scenario;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Measures the round trip of a message between two processes, in Java and in C. */
@Command(
        name = "latency",
        subcommands = JitterCommand.class,
        mixinStandardHelpOptions = true,
        sortOptions = false,
        versionProvider = LatencyRig.Version.class,
        description = {
            "Measures round trips between two pinned processes through shared memory. Runs of ShmRT are interleaved"
                + " with runs of C programs, Agrona's ring buffer, Aeron IPC, Chronicle Queue, a MappedByteBuffer and"
                + " a Unix socket. Also measures the cost of publishing, and of copying a frame in and out compared"
                + " with a memcpy. The C programs are compiled at the start; without a compiler their rows are left"
                + " out. If SHMRT_DAO_REAL and SHMRT_MILK_REAL name directories with libdao.so and"
                + " libImageStreamIO.so, the original libraries are measured too."
        },
        exitCodeListHeading = "Exit status:%n",
        exitCodeList = {"0:measured", "1:a run failed, for example because a message was lost", "2:wrong usage"})
public final class LatencyRig implements Callable<Integer> {
    private static final double NS_PER_S = 1e9;
    private static final double MAX_SECONDS = 86_400;

    @Spec
    private CommandLine.Model.CommandSpec spec;

    @Option(names = "--quick", description = "measure only the main comparisons, in less than 2 minutes instead of 8")
    private boolean quick;

    @Option(names = "--json", description = "print one line of JSON instead of the table")
    private boolean json;

    @Option(names = "--pairs", paramLabel = "N", description = "runs of each scenario (15; with --quick 9)")
    private Integer pairs;

    @Option(names = "--seconds", paramLabel = "S", description = "duration of a run (0.15; with --quick 0.04)")
    private Double seconds;

    @Option(
            names = "--budget",
            paramLabel = "S",
            description = "time limit; the report names what is left out because of it (480; with --quick 80)")
    private Double budget;

    @Option(
            names = {"--scenario", "--exchange"},
            paramLabel = "NAME",
            split = ",",
            description = "measure only these scenarios, for example frame4k,frame4k_c; a wrong name lists all names")
    private List<String> scenarios;

    @Option(names = "--layout", paramLabel = "dao|milk", description = "format of the streams (milk)")
    private String layout = "milk";

    @Option(names = "--cores", paramLabel = "A,B", split = ",", description = "the cores of the two processes")
    private List<Integer> cores;

    @Option(names = "--no-c", description = "leave the C programs out")
    private boolean noC;

    @Option(names = "--jvm-arg", paramLabel = "ARG", description = "an argument for the measured JVMs; can be repeated")
    private List<String> jvmArguments;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            description = "also write a report, histograms and plots to this directory")
    private Path out;

    @Option(
            names = "--results",
            paramLabel = "DIR",
            description = "as --out, to a subdirectory of DIR named after processor, kernel and Java")
    private Path results;

    /** For picocli. */
    public LatencyRig() {}

    /**
     * Runs the rig.
     *
     * @param args see {@code --help}
     */
    public static void main(String[] args) {
        System.exit(commandLine().execute(args));
    }

    /** The command. It reports wrong usage in one line. */
    static CommandLine commandLine() {
        return BenchCommand.of(new LatencyRig());
    }

    @Override
    public Integer call() {
        Plan plan = plan();
        List<Integer> chosen = cores == null ? Cores.choose() : cores;
        if (cores != null && (cores.size() != 2 || cores.get(0).equals(cores.get(1)))) {
            throw new ParameterException(spec.commandLine(), "--cores takes two different cores, for example 0,1");
        }
        if (chosen.isEmpty()) {
            System.err.println("latency: two spinning processes need two cores, but this process may use only one: see"
                    + " taskset(1)");
            return 1;
        }
        Path directory = results != null ? results.resolve(Machine.name()) : out;
        double busyBefore = Machine.busyProcessors();
        try (Measurement measurement = new Measurement(
                plan,
                chosen,
                jvmArguments == null ? List.of() : jvmArguments,
                noC ? Optional.<Path>empty() : CPrograms.compiler(),
                LatencyRig::progress)) {
            Thread onInterrupt = new Thread(measurement::close, "cleaner");
            Runtime.getRuntime().addShutdownHook(onInterrupt);
            if (directory != null) {
                Files.createDirectories(directory); // fail now, not after the measurement
            }
            List<Outcome> outcomes = measurement.run();
            Report report = new Report(
                    outcomes,
                    new Environment(
                            plan,
                            chosen,
                            measurement.compilerText(),
                            measurement.clockStepNs(),
                            busyBefore,
                            command()));
            if (directory != null) {
                new ReportFiles(directory, report).write();
            }
            System.out.print(json ? report.json() + "\n" : report.table());
            return report.failures().isEmpty() ? 0 : 1;
        } catch (IOException e) {
            System.err.println(
                    "latency: cannot write the report to " + directory + " (" + e + "): choose another directory");
            return 1;
        } catch (CancellationException e) {
            System.err.println("latency: " + e.getMessage());
            return 1;
        }
    }

    private String command() {
        return "shm-bench/bin/latency "
                + String.join(" ", spec.commandLine().getParseResult().originalArgs());
    }

    private Plan plan() {
        List<Scenario> wanted = new ArrayList<>();
        try {
            if (scenarios == null) {
                wanted.addAll(quick ? Comparison.quickScenarios() : Arrays.asList(Scenario.values()));
            } else {
                scenarios.forEach(id -> wanted.add(Scenario.parse(id)));
            }
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage());
        }
        double runSeconds = seconds != null ? seconds : quick ? 0.04 : 0.15;
        double budgetSeconds = budget != null ? budget : quick ? 80 : 480;
        int runs = pairs != null ? pairs : quick ? 9 : 15;
        if (!(runSeconds > 0 && runSeconds <= MAX_SECONDS && budgetSeconds > 0 && budgetSeconds <= MAX_SECONDS)
                || runs < 1) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--seconds and --budget must be greater than 0 and at most 86400, --pairs must be at least 1");
        }
        return new Plan(
                wanted, layout(), runs, (long) (runSeconds * NS_PER_S), (long) ((quick ? 0.4 : 1) * NS_PER_S), (long)
                        (budgetSeconds * NS_PER_S));
    }

    private Layout layout() {
        return Arrays.stream(Layout.values())
                .filter(one -> one.id().equals(layout))
                .findFirst()
                .orElseThrow(() -> new ParameterException(
                        spec.commandLine(), "there is no layout '" + layout + "': use dao or milk"));
    }

    private static void progress(String line) {
        System.err.println("latency: " + line);
    }

    /** The version in the manifest of the jar. */
    static final class Version implements CommandLine.IVersionProvider {
        Version() {}

        @Override
        public String[] getVersion() {
            String version = LatencyRig.class.getPackage().getImplementationVersion();
            return new String[] {
                "latency of ShmRT " + (version == null ? "(not from its jar)" : version), Machine.java()
            };
        }
    }
}
