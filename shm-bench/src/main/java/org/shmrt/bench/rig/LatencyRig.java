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
import org.shmrt.bench.rig.process.CPrograms;
import org.shmrt.bench.rig.process.Cores;
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

/**
 * Measures how long a message takes from one process to another and back, in Java beside C.
 */
@Command(
        name = "latency",
        subcommands = JitterCommand.class,
        mixinStandardHelpOptions = true,
        sortOptions = false,
        versionProvider = LatencyRig.Version.class,
        description = {
            "Round trips between two pinned processes through shared memory: ShmRT by turns with programs in C,"
                    + " Agrona's ring buffer, Aeron IPC, Chronicle Queue, a MappedByteBuffer and a Unix socket; what it"
                    + " costs to publish; and what a frame's way in and out costs beside a memcpy. C is compiled on the"
                    + " spot; without a compiler its rows are left out. SHMRT_DAO_REAL and SHMRT_MILK_REAL name"
                    + " directories with libdao.so and libImageStreamIO.so, which then join."
        },
        exitCodeListHeading = "Exit status:%n",
        exitCodeList = {"0:measured", "1:a run failed, for example a message was lost", "2:wrong usage"})
public final class LatencyRig implements Callable<Integer> {
    private static final double NS_PER_S = 1e9;
    private static final double MOST_SECONDS = 86_400;

    @Spec
    private CommandLine.Model.CommandSpec spec;

    @Option(names = "--quick", description = "what the targets name, in less than 2 minutes, instead of all in 8")
    private boolean quick;

    @Option(names = "--json", description = "one line of JSON instead of the table")
    private boolean json;

    @Option(names = "--pairs", paramLabel = "N", description = "runs of each exchange (15, quick 9)")
    private Integer pairs;

    @Option(names = "--seconds", paramLabel = "S", description = "length of a run (0.15, quick 0.04)")
    private Double seconds;

    @Option(
            names = "--budget",
            paramLabel = "S",
            description = "what does not fit in so many seconds is left out, and said so (480, quick 80)")
    private Double budget;

    @Option(
            names = "--exchange",
            paramLabel = "WORD",
            split = ",",
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

    @Option(names = "--out", paramLabel = "DIR", description = "a report, histograms and plots go to this folder too")
    private Path out;

    @Option(
            names = "--results",
            paramLabel = "DIR",
            description = "as --out, in a folder of DIR named after processor, kernel and Java")
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

    /** The command; whatever is wrong with its words is said in one line. */
    static CommandLine commandLine() {
        CommandLine commandLine = new CommandLine(new LatencyRig());
        commandLine.setParameterExceptionHandler((e, all) -> {
            String name = e.getCommandLine().getCommandSpec().qualifiedName();
            System.err.println(name + ": " + e.getMessage().lines().findFirst().orElse("wrong usage") + " (see " + name
                    + " --help)");
            return CommandLine.ExitCode.USAGE;
        });
        commandLine.setExecutionExceptionHandler((e, itself, parsed) -> {
            System.err.println("latency: " + e);
            return CommandLine.ExitCode.SOFTWARE;
        });
        return commandLine;
    }

    @Override
    public Integer call() {
        Plan plan = plan();
        List<Integer> where = cores == null ? Cores.choose() : cores;
        if (cores != null && (cores.size() != 2 || cores.get(0).equals(cores.get(1)))) {
            throw new ParameterException(spec.commandLine(), "--cores takes two different cores, for example 0,1");
        }
        if (where.isEmpty()) {
            System.err.println("latency: two processes that spin need two cores, and this one may use only one");
            return 1;
        }
        Path folder = results != null ? results.resolve(Machine.name()) : out;
        double busyBefore = Machine.busyProcessors();
        try (Measurement measurement = new Measurement(
                plan,
                where,
                jvmArguments == null ? List.of() : jvmArguments,
                noC ? Optional.<Path>empty() : CPrograms.compiler(),
                LatencyRig::progress)) {
            Thread onInterrupt = new Thread(measurement::close, "clear up");
            Runtime.getRuntime().addShutdownHook(onInterrupt);
            if (folder != null) {
                Files.createDirectories(folder); // better to fail now than after all has been measured
            }
            List<Outcome> outcomes = measurement.run();
            Report report = new Report(
                    outcomes,
                    new Environment(
                            plan, where, measurement.compilerText(), measurement.clockStepNs(), busyBefore, command()));
            if (folder != null) {
                new ReportFiles(folder, report).write();
            }
            System.out.print(json ? report.json() + "\n" : report.table());
            return report.failures().isEmpty() ? 0 : 1;
        } catch (IOException e) {
            System.err.println("latency: cannot write the report to " + folder + " (" + e + "): name another folder");
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
            if (exchanges == null) {
                wanted.addAll(quick ? Scenario.quick() : Arrays.asList(Scenario.values()));
            } else {
                exchanges.forEach(word -> wanted.add(Scenario.parse(word)));
            }
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage());
        }
        double runSeconds = seconds != null ? seconds : quick ? 0.04 : 0.15;
        double budgetSeconds = budget != null ? budget : quick ? 80 : 480;
        int runs = pairs != null ? pairs : quick ? 9 : 15;
        if (!(runSeconds > 0 && runSeconds <= MOST_SECONDS && budgetSeconds > 0 && budgetSeconds <= MOST_SECONDS)
                || runs < 1) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--seconds and --budget must be more than 0 and at most 86400, --pairs more than 0");
        }
        return new Plan(
                wanted, layout(), runs, (long) (runSeconds * NS_PER_S), (long) ((quick ? 0.4 : 1) * NS_PER_S), (long)
                        (budgetSeconds * NS_PER_S));
    }

    private Layout layout() {
        return Arrays.stream(Layout.values())
                .filter(one -> one.word().equals(layout))
                .findFirst()
                .orElseThrow(() -> new ParameterException(
                        spec.commandLine(), "no layout is called '" + layout + "': use dao or milk"));
    }

    private static void progress(String what) {
        System.err.println("latency: " + what);
    }

    /** The version of the jar, which the manifest of the build bears. */
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
