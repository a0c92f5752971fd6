package org.shmrt.bench.rig;

import com.google.gson.Gson;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.HdrHistogram.Histogram;
import org.shmrt.bench.rig.process.CPrograms;
import org.shmrt.bench.rig.process.Cores;
import org.shmrt.bench.rig.process.JitterProcess;
import org.shmrt.bench.rig.process.RigProcess;
import org.shmrt.bench.rig.process.RunCounters;
import org.shmrt.bench.rig.process.RunFailedException;
import org.shmrt.bench.rig.report.Machine;
import org.shmrt.process.ChildProcess;
import org.shmrt.process.ChildProcessException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Measures how late a sleeping thread wakes up at a fixed rate, in Java and in C, as cyclictest does. */
@Command(
        name = "jitter",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        versionProvider = LatencyRig.Version.class,
        description = {
            "Runs a loop that sleeps until fixed times and records how late it wakes up: first in Java"
                    + " (LockSupport.parkNanos), then in C (clock_nanosleep), pinned to one core at normal priority."
        },
        exitCodeListHeading = "Exit status:%n",
        exitCodeList = {"0:measured", "1:a loop failed", "2:wrong usage"})
public final class JitterCommand implements Callable<Integer> {
    private static final long NS_PER_S = 1_000_000_000L;
    private static final long SLACK_S = 30;
    private static final double NS_PER_US = 1000;

    @Spec
    private CommandSpec spec;

    @Option(names = "--seconds", paramLabel = "S", description = "duration of each of the two loops (10)")
    private double seconds = 10;

    @Option(names = "--rate", paramLabel = "HZ", description = "wake-ups per second (1000)")
    private double rateHz = 1000;

    @Option(
            names = "--core",
            paramLabel = "CPU",
            description = "the core of both loops (the second core of a round trip)")
    private Integer core;

    @Option(names = "--json", description = "print one line of JSON instead of the table")
    private boolean json;

    @Option(names = "--no-c", description = "leave the C program out")
    private boolean noC;

    /** For picocli. */
    public JitterCommand() {}

    @Override
    public Integer call() {
        long count = (long) (seconds * rateHz);
        if (!(rateHz > 0 && rateHz <= 1e6) || count < 1 || seconds > 1e6) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--rate must be 1 to 1000000, and --seconds long enough for at least one wake-up");
        }
        long periodNs = (long) (NS_PER_S / rateHz);
        List<Integer> cores = Cores.choose();
        int cpu = core != null ? core : cores.isEmpty() ? 0 : cores.getLast();
        double busyBefore = Machine.busyProcessors();
        List<Row> rows = new ArrayList<>();
        rows.add(row(
                "Java",
                cpu,
                count,
                RigProcess.java(
                        List.of(),
                        JitterProcess.class,
                        Integer.toString(cpu),
                        Long.toString(periodNs),
                        Long.toString(count))));
        rows.add(rowOfC(cpu, periodNs, count));
        print(rows, periodNs, count, cpu, busyBefore);
        return rows.stream().anyMatch(row -> row.failure.isPresent()) ? 1 : 0;
    }

    private Row rowOfC(int cpu, long periodNs, long count) {
        Optional<Path> compiler = noC ? Optional.empty() : CPrograms.compiler();
        if (compiler.isEmpty()) {
            return Row.skipped("C", Measurement.NO_COMPILER);
        }
        try (CPrograms programs = CPrograms.compile(compiler.get())) {
            return row(
                    "C",
                    cpu,
                    count,
                    List.of(
                            programs.path(CPrograms.JITTER),
                            Integer.toString(cpu),
                            Long.toString(periodNs),
                            Long.toString(count)));
        } catch (IOException e) {
            return Row.skipped("C", e.getMessage());
        }
    }

    private Row row(String name, int cpu, long count, List<String> command) {
        long silenceNs = ((long) (seconds * 2 + SLACK_S)) * NS_PER_S;
        try (ChildProcess process = RigProcess.start("the loop in " + name + " on core " + cpu, command, silenceNs)) {
            RunCounters counters = RunCounters.parse(process::line);
            long recorded = counters.roundTrips().getTotalCount();
            return new Row(
                    name,
                    counters.roundTrips(),
                    recorded == count
                            ? Optional.empty()
                            : Optional.of("only " + recorded + " of " + count + " wake-ups were recorded"),
                    Optional.empty());
        } catch (RunFailedException | ChildProcessException e) {
            return new Row(name, RunCounters.newHistogram(), Optional.of(e.getMessage()), Optional.empty());
        }
    }

    private void print(List<Row> rows, long periodNs, long count, int cpu, double busyBefore) {
        if (json) {
            System.out.println(json(rows, periodNs, count, cpu, busyBefore));
            return;
        }
        System.out.printf(
                Locale.ROOT,
                "Lateness of %d wake-ups every %.1f µs on core %d, in µs%n",
                count,
                periodNs / NS_PER_US,
                cpu);
        System.out.printf(
                Locale.ROOT,
                "%s, %d processors (%.1f busy before), %s%n%s%n",
                Machine.processor(),
                Machine.processors(),
                busyBefore,
                Machine.kernel(),
                Machine.java());
        System.out.printf(Locale.ROOT, "%-6s %10s %10s %10s %10s %10s%n", "", "min", "p50", "p99", "p99.9", "max");
        for (Row row : rows) {
            if (row.times.getTotalCount() == 0) {
                System.out.printf(
                        "%-6s %s%n",
                        row.name,
                        row.skipReason.map(reason -> "left out: " + reason).orElse("failed"));
            } else {
                System.out.printf(
                        Locale.ROOT,
                        "%-6s %10.1f %10.1f %10.1f %10.1f %10.1f%n",
                        row.name,
                        row.times.getMinValue() / NS_PER_US,
                        row.percentileUs(50),
                        row.percentileUs(99),
                        row.percentileUs(99.9),
                        row.times.getMaxValue() / NS_PER_US);
            }
        }
        rows.forEach(
                row -> row.failure.ifPresent(failure -> System.out.println("FAILED " + row.name + ": " + failure)));
    }

    private static String json(List<Row> rows, long periodNs, long count, int cpu, double busyBefore) {
        JsonObject all = new JsonObject();
        all.addProperty("period_ns", periodNs);
        all.addProperty("count", count);
        all.addProperty("core", cpu);
        JsonArray array = new JsonArray();
        for (Row row : rows) {
            JsonObject one = new JsonObject();
            one.addProperty("name", row.name);
            one.addProperty("measured", row.times.getTotalCount());
            one.addProperty("p50_us", row.percentileUs(50));
            one.addProperty("p99_us", row.percentileUs(99));
            one.addProperty("p999_us", row.percentileUs(99.9));
            one.addProperty("max_us", row.times.getMaxValue() / NS_PER_US);
            one.addProperty("failed", row.failure.orElse(null));
            one.addProperty("left_out", row.skipReason.orElse(null));
            array.add(one);
        }
        all.add("rows", array);
        JsonObject machine = new JsonObject();
        for (Map.Entry<String, String> fact : Machine.facts().entrySet()) {
            machine.addProperty(fact.getKey(), fact.getValue());
        }
        machine.addProperty("busy_processors_before", busyBefore);
        all.add("machine", machine);
        return new Gson().toJson(all);
    }

    /** The result of the loop in one language. */
    private record Row(String name, Histogram times, Optional<String> failure, Optional<String> skipReason) {
        static Row skipped(String name, String reason) {
            return new Row(name, RunCounters.newHistogram(), Optional.empty(), Optional.of(reason));
        }

        double percentileUs(double percent) {
            return times.getValueAtPercentile(percent) / NS_PER_US;
        }
    }
}
