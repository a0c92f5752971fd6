package org.shmrt.bench.determinism;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Consumer;
import org.shmrt.bench.Leftovers;
import org.shmrt.bench.TemporaryStream;
import org.shmrt.bench.report.Row;
import org.shmrt.bench.rig.process.CPrograms;
import org.shmrt.bench.rig.process.RigProcess;
import org.shmrt.process.ChildProcess;
import org.shmrt.process.ChildProcessException;

/** Runs the programs of the benchmark alternately, and computes the rows of the report. */
final class Session implements AutoCloseable {
    static final long KILO_HERTZ_NS = 1_000_000;
    private static final long FOUR_KILO_HERTZ_NS = 250_000;
    static final long GUARD_NS = 100_000;
    static final long SILENCE_NS = 600_000_000_000L;
    private static final int PRODUCT_ROUNDS = 200;

    private static final List<String> JVM_FLAGS =
            List.of("--add-modules=jdk.incubator.vector", "-XX:-UsePerfData", "-XX:+AlwaysPreTouch");
    private static final List<String> HEAP = List.of("-Xms256m", "-Xmx256m");
    private static final List<String> SMALL_HEAP = List.of("-Xms256m", "-Xmx256m");
    private static final List<String> LARGE_HEAP = List.of("-Xms512m", "-Xmx512m");

    private final Plan plan;
    private final CPrograms programs;
    private final Consumer<String> progress;
    private final Path directory;
    private final Set<String> notes = new LinkedHashSet<>();
    private final List<Row> rows = new ArrayList<>();

    Session(Plan plan, CPrograms programs, Consumer<String> progress) throws IOException {
        this.plan = plan;
        this.programs = programs;
        this.progress = progress;
        this.directory = Files.createTempDirectory(TemporaryStream.memoryDirectory(), "shmrt_determinism_");
        Leftovers.add(directory);
    }

    /** What the programs reported, for example denied priorities. */
    Set<String> notes() {
        return notes;
    }

    Plan plan() {
        return plan;
    }

    Path file(String name) {
        return directory.resolve(name);
    }

    String program(String name) {
        return programs.path(name);
    }

    void progress(String line) {
        progress.accept(line);
    }

    void note(String text) {
        notes.add(text);
    }

    void add(Row row) {
        rows.add(row);
    }

    List<Row> run() throws IOException {
        if (plan.parts().contains(Plan.Part.SLEEPING)) {
            sleeping();
        }
        if (plan.parts().contains(Plan.Part.SPINNING)) {
            spinning();
        }
        if (plan.parts().contains(Plan.Part.STEP)) {
            new StepComparison(this, StepComparison.Caches.AS_THEY_ARE).run();
            telemetry();
        }
        if (plan.parts().contains(Plan.Part.PREFETCH)) {
            new StepComparison(this, StepComparison.Caches.PREFETCHED).run();
        }
        if (plan.parts().contains(Plan.Part.PRODUCT)) {
            product();
        }
        return rows;
    }

    // --- programs

    private ChildOutput run(String name, List<String> command) {
        try (ChildProcess child = RigProcess.start(name, command, SILENCE_NS)) {
            return accept(name, child.finish());
        } catch (ChildProcessException e) {
            notes.add(name + " failed: " + e.getMessage());
            return ChildOutput.parse(List.of());
        }
    }

    ChildOutput accept(String name, List<String> lines) {
        ChildOutput output = ChildOutput.parse(lines);
        output.notes().forEach(note -> notes.add(name + ": " + note));
        return output;
    }

    private ChildOutput cPeriodic(long period, long guard) {
        return run(
                "loop in C",
                List.of(
                        programs.path("periodic_loop"),
                        Long.toString(period),
                        Integer.toString(plan.count(period)),
                        Long.toString(guard),
                        Integer.toString(plan.loopCore()),
                        Integer.toString(Plan.LOOP_PRIORITY)));
    }

    private ChildOutput javaPeriodic(long period, long guard) {
        return run(
                "loop in Java",
                java(
                        HEAP,
                        PeriodicLoop.class,
                        Long.toString(period),
                        Integer.toString(plan.count(period)),
                        Long.toString(guard),
                        Integer.toString(plan.loopCore()),
                        Integer.toString(plan.otherCore()),
                        Integer.toString(Plan.LOOP_PRIORITY)));
    }

    static List<String> java(List<String> flags, Class<?> main, String... words) {
        List<String> all = new ArrayList<>(JVM_FLAGS);
        all.addAll(flags);
        return RigProcess.java(all, main, words);
    }

    private ChildOutput cyclictest(long period) {
        List<String> command = List.of(
                "cyclictest",
                "-q",
                "-m",
                "-t1",
                "-p" + Plan.LOOP_PRIORITY,
                "-a" + plan.loopCore(),
                "-i" + period / 1000,
                "-l" + plan.count(period),
                "-h400000");
        try (ChildProcess child = RigProcess.start("cyclictest", command, SILENCE_NS)) {
            return ChildOutput.parseCyclictest(child.rest());
        } catch (ChildProcessException e) {
            notes.add("cyclictest is left out: " + e.getMessage());
            return ChildOutput.parse(List.of());
        }
    }

    // --- parts

    private void sleeping() {
        List<ChildOutput> java = new ArrayList<>();
        List<ChildOutput> c = new ArrayList<>();
        List<ChildOutput> cyclic = new ArrayList<>();
        boolean hasCyclictest = isInstalled("cyclictest");
        for (int pair = 0; pair < plan.pairs(); pair++) {
            progress.accept("sleeping at 1 kHz, pair " + (pair + 1) + " of " + plan.pairs());
            for (int turn = 0; turn < 3; turn++) {
                switch ((turn + pair) % 3) {
                    case 0 -> java.add(javaPeriodic(KILO_HERTZ_NS, 0));
                    case 1 -> c.add(cPeriodic(KILO_HERTZ_NS, 0));
                    default -> {
                        if (hasCyclictest) {
                            cyclic.add(cyclictest(KILO_HERTZ_NS));
                        }
                    }
                }
            }
        }
        double[] targets = {1.1, 1.2, 1.1, 1.05, 1.05};
        for (int i = 0; i < PERCENTILES.size(); i++) {
            String title = "1 kHz sleeping vs cyclictest, " + PERCENTILES.get(i);
            String key = "sleeping_vs_cyclictest_" + key(PERCENTILES.get(i));
            rows.add(
                    hasCyclictest
                            ? ratio(key, title, java, cyclic, "wake", PERCENTILES.get(i), OptionalDouble.of(targets[i]))
                            : Row.leftOut(
                                    key,
                                    title,
                                    OptionalDouble.of(targets[i]),
                                    "cyclictest is not installed (package rt-tests)"));
        }
        for (String percentile : PERCENTILES) {
            rows.add(ratio(
                    "sleeping_vs_c_" + key(percentile),
                    "1 kHz sleeping vs C, " + percentile,
                    java,
                    c,
                    "wake",
                    percentile,
                    OptionalDouble.empty()));
        }
    }

    static final List<String> PERCENTILES = List.of("p50", "p99", "p99.9", "p99.99", "max");

    static String key(String percentile) {
        return percentile.replace(".", "");
    }

    private void spinning() {
        List<ChildOutput> java = new ArrayList<>();
        List<ChildOutput> c = new ArrayList<>();
        for (int pair = 0; pair < plan.pairs(); pair++) {
            progress.accept("sleep then spin at 4 kHz, pair " + (pair + 1) + " of " + plan.pairs());
            for (int turn = 0; turn < 2; turn++) {
                if ((turn + pair) % 2 == 0) {
                    java.add(javaPeriodic(FOUR_KILO_HERTZ_NS, GUARD_NS));
                } else {
                    c.add(cPeriodic(FOUR_KILO_HERTZ_NS, GUARD_NS));
                }
            }
        }
        for (String percentile : PERCENTILES) {
            OptionalDouble target = switch (percentile) {
                case "p99.99" -> OptionalDouble.of(1.1);
                case "max" -> OptionalDouble.of(1.2);
                default -> OptionalDouble.empty();
            };
            rows.add(ratio(
                    "spinning_vs_c_" + key(percentile),
                    "4 kHz sleep then spin vs C, " + percentile,
                    java,
                    c,
                    "wake",
                    percentile,
                    target));
        }
    }

    private void telemetry() {
        List<ChildOutput> outputs = new ArrayList<>();
        for (int pair = 0; pair < plan.pairs(); pair++) {
            outputs.add(run("telemetry", java(SMALL_HEAP, TelemetryCost.class, Integer.toString(plan.loopCore()))));
        }
        rows.add(Row.count(
                "telemetry_ns",
                "telemetry per step, ns",
                measured(outputs, "telemetry", "p50"),
                OptionalDouble.of(50),
                "warm caches"));
    }

    private void product() {
        List<ChildOutput> outputs = new ArrayList<>();
        for (int start = 0; start < plan.starts(); start++) {
            progress.accept("product of 2000 x 4000, start " + (start + 1) + " of " + plan.starts());
            outputs.add(run(
                    "product",
                    java(
                            LARGE_HEAP,
                            LargeProduct.class,
                            "2000",
                            "4000",
                            Integer.toString(PRODUCT_ROUNDS),
                            Integer.toString(plan.loopCore()))));
        }
        rows.add(productRow(outputs));
    }

    static Row productRow(List<ChildOutput> outputs) {
        Row row = Row.ratioOfPairs(
                "product_vs_openblas",
                "2000 x 4000 product vs OpenBLAS, p50",
                values(outputs, "chosen", "p50"),
                values(outputs, "openblas", "p50"),
                OptionalDouble.of(1.1));
        long good = row.values().stream().filter(value -> value <= 1.1).count();
        if (!row.values().isEmpty()) {
            return row.judgedByTheWorst(good + " of " + row.values().size() + " starts");
        }
        // The program that does not find OpenBLAS says so; one that failed says nothing.
        boolean isMissing = outputs.stream().anyMatch(one -> one.counts().containsKey(LargeProduct.WITHOUT_OPENBLAS));
        return row.judgedByTheWorst(
                isMissing ? "OpenBLAS is not installed (package libopenblas0-pthread)" : "failed, see the notes");
    }

    /** One entry for each run; empty for a run that failed. */
    static List<OptionalLong> values(List<ChildOutput> outputs, String series, String percentile) {
        return outputs.stream()
                .map(one -> one.series().containsKey(series)
                        ? OptionalLong.of(one.series().get(series).get(percentile))
                        : OptionalLong.empty())
                .toList();
    }

    /** Of the runs that did not fail. */
    private static List<Long> measured(List<ChildOutput> outputs, String series, String percentile) {
        return values(outputs, series, percentile).stream()
                .flatMapToLong(OptionalLong::stream)
                .boxed()
                .toList();
    }

    static Row ratio(
            String key,
            String title,
            List<ChildOutput> java,
            List<ChildOutput> other,
            String series,
            String percentile,
            OptionalDouble target) {
        return Row.ratioOfPairs(
                key, title, values(java, series, percentile), values(other, series, percentile), target);
    }

    static boolean isInstalled(String program) {
        for (String directory : System.getenv().getOrDefault("PATH", "").split(java.io.File.pathSeparator)) {
            if (Files.isExecutable(Path.of(directory, program))) {
                return true;
            }
        }
        return false;
    }

    @Override
    public void close() throws IOException {
        try (java.util.stream.Stream<Path> files = Files.list(directory)) {
            for (Path file : files.toList()) {
                Files.deleteIfExists(file);
            }
        }
        Files.deleteIfExists(directory);
        Leftovers.forget(directory);
    }
}
