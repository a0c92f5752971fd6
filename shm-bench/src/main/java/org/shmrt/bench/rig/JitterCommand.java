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
import org.shmrt.bench.rig.loop.JitterLoop;
import org.shmrt.bench.rig.process.CPrograms;
import org.shmrt.bench.rig.process.Cores;
import org.shmrt.bench.rig.process.RigProcess;
import org.shmrt.bench.rig.process.RunFailedException;
import org.shmrt.bench.rig.report.Machine;
import org.shmrt.bench.rig.report.RunCounters;
import org.shmrt.process.ChildProcess;
import org.shmrt.process.ChildProcessException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * How late a sleeping thread wakes at a fixed rate, in Java beside C: what cyclictest measures.
 */
@Command(
        name = "jitter",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        versionProvider = LatencyRig.Version.class,
        description = {
            "A loop that sleeps until fixed times and records how late it wakes: in Java (LockSupport.parkNanos) and"
                    + " in C (clock_nanosleep), one after the other, pinned to one core at ordinary priority."
        },
        exitCodeListHeading = "Exit status:%n",
        exitCodeList = {"0:measured", "1:a loop failed", "2:wrong usage"})
public final class JitterCommand implements Callable<Integer> {
    private static final long NS_PER_S = 1_000_000_000L;
    private static final long PATIENCE_S = 30;
    private static final double NS_PER_US = 1000;

    @Spec
    private CommandSpec spec;

    @Option(names = "--seconds", paramLabel = "S", description = "length of each of the two loops (10)")
    private double seconds = 10;

    @Option(names = "--rate", paramLabel = "HZ", description = "wake-ups a second (1000)")
    private double rateHz = 1000;

    @Option(names = "--core", paramLabel = "CPU", description = "where both run (the last of the two of a round trip)")
    private Integer core;

    @Option(names = "--json", description = "one line of JSON instead of the table")
    private boolean json;

    @Option(names = "--no-c", description = "leave C out")
    private boolean noC;

    /** For picocli. */
    public JitterCommand() {}

    @Override
    public Integer call() {
        long count = (long) (seconds * rateHz);
        if (!(rateHz > 0 && rateHz <= 1e6) || count < 1 || seconds > 1e6) {
            throw new ParameterException(
                    spec.commandLine(), "--rate must be 1 to 1000000, and --seconds long enough for one wake-up");
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
                        JitterLoop.class,
                        Integer.toString(cpu),
                        Long.toString(periodNs),
                        Long.toString(count))));
        rows.add(inC(cpu, periodNs, count));
        print(rows, periodNs, count, cpu, busyBefore);
        return rows.stream().anyMatch(row -> row.failure != null) ? 1 : 0;
    }

    private Row inC(int cpu, long periodNs, long count) {
        Optional<Path> compiler = noC ? Optional.empty() : CPrograms.compiler();
        if (compiler.isEmpty()) {
            return new Row("C", RunCounters.newHistogram(), null, "no C compiler (cc) is used, or there is none");
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
            return new Row("C", RunCounters.newHistogram(), null, e.getMessage());
        }
    }

    private Row row(String name, int cpu, long count, List<String> command) {
        long silenceNs = (long) (seconds * 2 + PATIENCE_S) * NS_PER_S;
        try (ChildProcess process = RigProcess.start("the loop in " + name + " on core " + cpu, command, silenceNs)) {
            RunCounters books = RunCounters.parse(process::line);
            String failure = books.roundTrips().getTotalCount() == count
                    ? null
                    : books.roundTrips().getTotalCount() + " of " + count + " wake-ups were recorded";
            return new Row(name, books.roundTrips(), failure, null);
        } catch (RunFailedException | ChildProcessException e) {
            return new Row(name, RunCounters.newHistogram(), e.getMessage(), null);
        }
    }

    private void print(List<Row> rows, long periodNs, long count, int cpu, double busyBefore) {
        if (json) {
            System.out.println(json(rows, periodNs, count, cpu, busyBefore));
            return;
        }
        System.out.printf(
                Locale.ROOT,
                "Lateness of %d wake-ups every %.1f µs on core %d, µs%n",
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
                System.out.printf("%-6s %s%n", row.name, row.failure == null ? "left out: " + row.skipped : "failed");
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
        rows.stream()
                .filter(row -> row.failure != null)
                .forEach(row -> System.out.println("FAILED " + row.name + ": " + row.failure));
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
            one.addProperty("failed", row.failure);
            one.addProperty("left_out", row.skipped);
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

    /** One language's loop: its times, why it failed or null, why it was left out or null. */
    private record Row(String name, Histogram times, String failure, String skipped) {
        double percentileUs(double percent) {
            return times.getValueAtPercentile(percent) / NS_PER_US;
        }
    }
}
