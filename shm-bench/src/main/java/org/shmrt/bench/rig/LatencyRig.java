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
@Command(name = "latency", mixinStandardHelpOptions = true, sortOptions = false, description = {
    "Round trips between two pinned processes that spin, through the same shared memory, in Java (ShmRT) and in C "
        + "by turns. C is compiled on the spot; without a compiler its columns are left out."},
        exitCodeListHeading = "Exit status:%n",
        exitCodeList = {"0:measured", "1:a run failed, for example a message was lost", "2:wrong usage"})
public final class LatencyRig implements Callable<Integer> {
    private static final long LEAST_COUNT = 2_000;

    @Spec
    private CommandLine.Model.CommandSpec spec;

    @Option(names = "--quick", description = "3 pairs of short runs instead of 5 of 1 s")
    private boolean quick;

    @Option(names = "--json", description = "one line of JSON instead of the table")
    private boolean json;

    @Option(names = "--pairs", paramLabel = "N", description = "runs of each side")
    private Integer pairs;

    @Option(names = "--seconds", paramLabel = "S", description = "length of a run")
    private Double seconds;

    @Option(names = "--exchange", paramLabel = "WORD", split = ",",
            description = "what is sent: counter, varhandle, frame64, frame4k, frame64k (all)")
    private List<String> exchanges;

    @Option(names = "--cores", paramLabel = "A,B", split = ",", description = "where the two processes run")
    private List<Integer> cores;

    @Option(names = "--no-c", description = "leave the C side out")
    private boolean noC;

    @Option(names = "--jvm-arg", paramLabel = "ARG", description = "an argument for the two JVMs; may be repeated")
    private List<String> jvmArguments;

    /** For picocli. */
    public LatencyRig() {
    }

    /**
     * Runs the rig.
     *
     * @param args see {@code --help}
     */
    public static void main(String[] args) {
        System.exit(new CommandLine(new LatencyRig()).execute(args));
    }

    @Override
    public Integer call() throws IOException {
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
            Report report = new Report(measurement.run(), plan, where, measurement.compilerText(), measurement.noC(),
                    measurement.clockStepNs(), loadBefore);
            progress("");
            System.out.print(json ? report.json() + "\n" : report.table());
            return report.failures().isEmpty() ? 0 : 1;
        } catch (CancellationException e) {
            System.err.println("latency: " + e.getMessage());
            return 1;
        }
    }

    private Plan plan() {
        List<Exchange> wanted = new ArrayList<>();
        try {
            if (exchanges == null) {
                wanted.addAll(Arrays.asList(Exchange.values()));
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
        return new Plan(wanted, runs, (long) (runSeconds * 1e9), quick ? 1_000_000_000L : 3_000_000_000L,
                LEAST_COUNT);
    }

    private void progress(String what) {
        if (!json && System.console() != null) {
            System.err.printf("\r%-60s\r%s", "", what);
        }
    }
}
