package org.shmrt.bench.report;

import java.util.Locale;
import java.util.Map;
import org.shmrt.bench.rig.report.Machine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The options that say how long and how often the programs of a benchmark run, and the facts of a run for its report. */
public final class RunOptions {
    private static final double MAX_SECONDS = 3600;
    private static final double SECONDS = 5;
    private static final int PAIRS = 5;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    @Option(names = "--quick", description = "a second for each program: shows that it runs, not more")
    private boolean quick;

    @Option(names = "--pairs", paramLabel = "N", description = "runs of each program (5; with --quick 1)")
    private Integer pairs;

    @Option(names = "--seconds", paramLabel = "S", description = "duration of a run (5; with --quick 1)")
    private Double seconds;

    /**
     * Checks the numbers.
     *
     * @throws ParameterException if one is out of its range
     */
    public void check() {
        if (!(seconds() > 0 && seconds() <= MAX_SECONDS) || pairs() < 1) {
            throw new ParameterException(
                    spec.commandLine(), "--seconds must be greater than 0 and at most 3600, --pairs at least 1");
        }
    }

    /** Duration of a run in seconds. */
    public double seconds() {
        return seconds != null ? seconds : quick ? 1 : SECONDS;
    }

    /** Runs of each program. */
    public int pairs() {
        return pairs != null ? pairs : quick ? 1 : PAIRS;
    }

    /**
     * The facts of the machine and of this run, in the order of the report.
     *
     * @param more facts of the benchmark, after those of the machine
     * @param busyBefore processors that were busy before it
     */
    public Map<String, String> facts(Map<String, String> more, double busyBefore) {
        Map<String, String> facts = Machine.facts();
        facts.putAll(more);
        facts.put("pairs", Integer.toString(pairs()));
        facts.put("seconds", Double.toString(seconds()));
        facts.put("busy_processors_before", String.format(Locale.ROOT, "%.2f", busyBefore));
        facts.put(
                "command",
                "shm-bench/bin/" + spec.name() + " "
                        + String.join(" ", spec.commandLine().getParseResult().originalArgs()));
        return facts;
    }
}
