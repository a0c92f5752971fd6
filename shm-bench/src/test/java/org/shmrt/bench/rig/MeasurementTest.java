package org.shmrt.bench.rig;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.shmrt.bench.TemporaryStream;
import org.shmrt.bench.rig.process.CPrograms;
import org.shmrt.bench.rig.process.Cores;
import org.shmrt.bench.rig.process.RealLibraries;
import org.shmrt.bench.rig.process.Run;
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

/** Checks the counters of the rig, not its times, which mean nothing on a machine that also builds and tests. */
@Tag("slow")
class MeasurementTest {
    private static final long SHORT_NS = 20_000_000L;
    private static final long BUDGET_NS = 100_000_000_000L;
    /** The colour of the first line of a plot. */
    private static final int FIRST_LINE = 0x0072b2;

    private static final Plan BRIEF = plan(Comparison.quickScenarios(), Layout.MILK);

    @TempDir
    private Path directory;

    private List<Integer> cores;

    @BeforeEach
    void needTwoCores() {
        cores = Cores.choose();
        assumeTrue(cores.size() == 2, "two spinning processes need two cores");
    }

    private static Plan plan(List<Scenario> scenarios, Layout layout) {
        return new Plan(scenarios, layout, 1, SHORT_NS, SHORT_NS, BUDGET_NS);
    }

    private Report measure(Plan plan, List<String> jvmArguments, Optional<Path> compiler) {
        try (Measurement measurement = new Measurement(plan, cores, jvmArguments, compiler, progress -> {})) {
            return new Report(
                    measurement.run(),
                    new Environment(
                            plan,
                            cores,
                            measurement.compilerText(),
                            measurement.clockStepNs(),
                            Machine.busyProcessors(),
                            "latency"));
        }
    }

    @Test
    @Timeout(1800)
    void shouldReceiveAllMessagesAndCompareAllTransports() throws IOException {
        Optional<Path> compiler = CPrograms.compiler();
        assumeTrue(compiler.isPresent(), "no C compiler");

        // C1 only: the processes are so short that C2 would take most of their time.
        Report report = measure(BRIEF, List.of("-XX:TieredStopAtLevel=1"), compiler);

        // A machine that also builds and tests can miss a rate, which the rig then reports.
        List<Scenario> missed = report.outcomes().stream()
                .filter(outcome -> outcome.failures().stream().anyMatch(failure -> failure.contains(Run.RATE_MISSED)))
                .map(Outcome::scenario)
                .toList();
        assertEquals(missed.size(), report.failures().size(), report.failures()::toString);
        for (Outcome outcome : report.outcomes()) {
            assertEquals(
                    outcome.skipReason().isEmpty() ? BRIEF.pairs() : 0,
                    outcome.runs().size());
            outcome.goodRuns().forEach(MeasurementTest::checkCounters);
        }
        checkRatios(JsonParser.parseString(report.json()).getAsJsonObject());
        assertEquals(1, report.json().lines().count());
        assertNothingRemains();
    }

    /** On a busy machine the time limit can be the reason for a missing figure. */
    private static void checkRatios(JsonObject json) {
        JsonObject ratios = json.getAsJsonObject("ratios");
        JsonObject missing = json.getAsJsonObject("ratios_missing");
        for (Comparison comparison : Comparison.ALL) {
            String key = comparison.key();
            if (comparison.isQuick()) {
                assertTrue(ratios.has(key) != missing.has(key), key);
            }
            if (ratios.has(key)) {
                assertTrue(ratios.get(key).getAsDouble() > 0 || key.startsWith("writer_ns_per_reader"), key);
                assertEquals(
                        2,
                        json.getAsJsonObject("ratio_ranges").getAsJsonArray(key).size());
            } else if (missing.has(key)) {
                String reason = missing.get(key).getAsString();
                assertTrue(
                        reason.matches(".*: (no time was left|SHMRT_\\w+ names no directory).*")
                                || reason.equals("no pair of runs is good"),
                        reason);
            }
        }
    }

    private static void checkCounters(Run run) {
        long measured = run.roundTrips().getTotalCount();
        assertTrue(measured > 0);
        assertTrue(run.messages() >= measured);
        assertTrue(run.roundTrips().getMinNonZeroValue() > 0);
    }

    @Test
    @Timeout(1800)
    void shouldMeasureStreamsInDaoLayout() throws IOException {
        Report report = measure(
                plan(
                        List.of(
                                Scenario.FRAME_64_COPY,
                                Scenario.FRAME_64_COPY_LEAN_C,
                                Scenario.FRAME_4K,
                                Scenario.FRAME_4K_C),
                        Layout.DAO),
                List.of(),
                CPrograms.compiler());
        new ReportFiles(directory.resolve("new"), report).write();

        assertEquals(List.of(), report.failures());
        assertNothingRemains();
        checkDirectory(directory.resolve("new"), report);
    }

    /** The processes end by themselves, and RouDi removes its memory. */
    @Test
    @Timeout(1800)
    void shouldMeasureIceoryxWhereItIsInstalled() throws IOException {
        assumeTrue(CPrograms.compiler().isPresent(), "no C compiler");
        Optional<String> missing = RealLibraries.missing(Scenario.ICEORYX_32.transport());
        assumeTrue(missing.isEmpty(), missing::toString);

        Report report = measure(
                plan(List.of(Scenario.MESSAGE_32, Scenario.ICEORYX_32), Layout.DAO), List.of(), CPrograms.compiler());

        assertEquals(List.of(), report.failures());
        JsonObject json = JsonParser.parseString(report.json()).getAsJsonObject();
        assertTrue(json.getAsJsonObject("ratios").has("msg32_p50_vs_iceoryx"), json::toString);
        assertEquals(
                2,
                json.getAsJsonObject("ratios_us")
                        .getAsJsonArray("msg32_p50_vs_iceoryx")
                        .size());
        assertNothingRemains();
        assertFalse(Files.exists(Path.of("/dev/shm/iceoryx_mgmt")));
    }

    private static void checkDirectory(Path directory, Report report) throws IOException {
        String markdown = Files.readString(directory.resolve("report.md"));
        assertTrue(markdown.contains("| governor |"));
        assertTrue(markdown.contains("| command | latency |"));
        assertEquals(
                report.json(),
                Files.readString(directory.resolve("latency.json")).strip());
        for (Outcome outcome : report.outcomes()) {
            if (outcome.skipReason().isEmpty()) {
                String histogram = Files.readString(directory.resolve(outcome + ".hgrm"));
                String count = String.format("%13d", outcome.all().getTotalCount());
                assertTrue(histogram.contains("Total count    =" + count), histogram);
            }
        }
        for (String plot : List.of("frame_64", "frame_4k")) {
            assertTrue(markdown.contains("](" + plot + ".png)"), plot);
            BufferedImage picture =
                    ImageIO.read(directory.resolve(plot + ".png").toFile());
            assertTrue(
                    IntStream.range(0, picture.getWidth() * picture.getHeight())
                            .anyMatch(i -> FIRST_LINE
                                    == (picture.getRGB(i % picture.getWidth(), i / picture.getWidth()) & 0xffffff)),
                    plot);
            assertTrue(Files.readString(directory.resolve(plot + ".svg")).contains("<path"), plot);
        }
    }

    @Test
    @Timeout(1800)
    void shouldRecordAllWakeUpsOfTheJitterLoops() {
        ByteArrayOutputStream output = new ByteArrayOutputStream();
        PrintStream before = System.out;
        System.setOut(new PrintStream(output, true, StandardCharsets.UTF_8));
        int status;
        try {
            status = new CommandLine(new JitterCommand()).execute("--seconds", "0.1", "--json");
        } finally {
            System.setOut(before);
        }

        assertEquals(0, status);
        JsonObject json =
                JsonParser.parseString(output.toString(StandardCharsets.UTF_8)).getAsJsonObject();
        for (JsonElement row : json.getAsJsonArray("rows")) {
            boolean leftOut = row.getAsJsonObject().has("left_out");
            assertEquals(
                    leftOut ? 0 : 100, row.getAsJsonObject().get("measured").getAsLong());
            assertFalse(leftOut && CPrograms.compiler().isPresent());
        }
    }

    @Test
    @Timeout(1800)
    void shouldMeasureOnlyJavaWithoutACompiler() {
        Report report = measure(
                plan(List.of(Scenario.FRAME_4K, Scenario.FRAME_4K_C), Layout.MILK), List.of(), Optional.empty());

        assertEquals(List.of(), report.failures());
        assertTrue(report.table().contains("C is left out"));
        assertTrue(report.table().contains("left out: no C compiler"));
        JsonObject json = JsonParser.parseString(report.json()).getAsJsonObject();
        assertFalse(json.getAsJsonObject("ratios").has("frame4k_spin_p50_vs_c"));
        assertTrue(json.getAsJsonObject("ratios_missing").has("frame4k_spin_p50_vs_c"));
    }

    @Test
    @Timeout(1800)
    void shouldReportWhatDidNotFitIntoItsBudget() throws IOException {
        Report report = measure(
                new Plan(List.of(Scenario.FRAME_4K, Scenario.FRAME_4K_C), Layout.MILK, 1, SHORT_NS, SHORT_NS, 1),
                List.of(),
                Optional.empty());

        assertEquals(List.of(), report.failures());
        assertTrue(report.ratios().getFirst().missing().orElseThrow().contains("no time was left"), report::table);
        assertNothingRemains();
    }

    @Test
    @Timeout(1800)
    void shouldFailARunWhosePeerExits() throws IOException {
        Report report = measure(
                plan(List.of(Scenario.FRAME_4K, Scenario.FRAME_4K_C), Layout.MILK),
                List.of("--list-modules"),
                CPrograms.compiler());

        assertFalse(report.outcomes().getFirst().failures().isEmpty());
        assertEquals(List.of(), report.outcomes().getLast().failures());
        assertNothingRemains();
    }

    private static void assertNothingRemains() throws IOException {
        String prefix = "shmrt_rig_" + ProcessHandle.current().pid() + "_";
        for (Path directory : List.of(TemporaryStream.memoryDirectory(), Path.of("/dev/shm"))) {
            try (Stream<Path> files = Files.list(directory)) {
                assertEquals(
                        List.of(),
                        files.filter(file -> file.toString().contains(prefix)).toList());
            }
        }
        assertEquals(
                List.of(),
                ProcessHandle.current()
                        .children()
                        .filter(child -> commandLine(child).contains(prefix))
                        .toList());
    }

    /** ProcessHandle has none of a command line that is longer than a page. */
    private static String commandLine(ProcessHandle process) {
        try {
            return Files.readString(
                    Path.of("/proc", Long.toString(process.pid()), "cmdline"), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            return ""; // it has ended
        }
    }
}
