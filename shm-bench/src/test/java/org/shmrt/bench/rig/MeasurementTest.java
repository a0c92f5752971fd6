package org.shmrt.bench.rig;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.shmrt.bench.TemporaryStream;

/** The rig's books, not its times: how fast a machine is that also builds and tests says nothing. */
class MeasurementTest {
    private static final Plan BRIEF =
            new Plan(Arrays.asList(Exchange.values()), 2, 20_000_000L, 20_000_000L, 100);

    private List<Integer> cores;

    @BeforeEach
    void needTwoCores() {
        cores = Cores.choose();
        assumeTrue(cores.size() == 2, "two spinning processes need two cores");
    }

    @Test
    @Timeout(180)
    void shouldReceiveWhatIsSentAndCompareWithC() throws IOException {
        Optional<Path> compiler = CPrograms.compiler();
        assumeTrue(compiler.isPresent(), "no C compiler");

        List<Outcome> outcomes;
        Report report;
        try (Measurement measurement = new Measurement(BRIEF, cores, List.of(), compiler, progress -> { })) {
            outcomes = measurement.run();
            report = new Report(outcomes, BRIEF, cores, measurement.compilerText(), measurement.noC(),
                    measurement.clockStepNs(), Machine.load());
        }

        assertEquals(List.of(), report.failures());
        for (Outcome outcome : outcomes) {
            assertEquals(BRIEF.pairs(), outcome.java().size());
            assertEquals(BRIEF.pairs(), outcome.c().size());
            Stream.concat(outcome.java().stream(), outcome.c().stream()).forEach(MeasurementTest::checkBooks);
        }
        JsonObject ratios = JsonParser.parseString(report.json()).getAsJsonObject().getAsJsonObject("ratios");
        for (String key : List.of("counter_spin_p50_vs_c", "frame64_spin_p50_vs_c", "frame4k_spin_p50_vs_c",
                "frame64k_spin_p50_vs_c")) {
            assertTrue(ratios.get(key).getAsDouble() > 0, key);
        }
        assertEquals(1, report.json().lines().count());
        assertNothingIsLeft();
    }

    private static void checkBooks(Run run) {
        long measured = run.roundTrips().getTotalCount();
        assertTrue(measured > 0);
        assertTrue(run.messages() >= measured);
        assertTrue(run.roundTrips().getMinNonZeroValue() > 0);
    }

    @Test
    @Timeout(120)
    void shouldMeasureJavaAloneWithoutACompiler() throws IOException {
        Plan plan = new Plan(List.of(Exchange.FRAME_4K), 1, 20_000_000L, 20_000_000L, 100);

        Report report;
        try (Measurement measurement = new Measurement(plan, cores, List.of(), Optional.empty(), progress -> { })) {
            report = new Report(measurement.run(), plan, cores, measurement.compilerText(), measurement.noC(),
                    measurement.clockStepNs(), Machine.load());
        }

        assertEquals(List.of(), report.failures());
        assertEquals(1, report.table().lines().filter(line -> line.contains("C is left out")).count());
        assertFalse(report.table().contains("Java/C"));
    }

    @Test
    @Timeout(60)
    void shouldFailARunWhosePeerEnds() throws IOException {
        Plan plan = new Plan(List.of(Exchange.FRAME_64), 1, 20_000_000L, 20_000_000L, 100);

        List<Outcome> outcomes;
        try (Measurement measurement = new Measurement(
                plan, cores, List.of("--list-modules"), Optional.empty(), progress -> { })) {
            outcomes = measurement.run();
        }

        assertFalse(outcomes.getFirst().failures().isEmpty());
        assertNothingIsLeft();
    }

    private static void assertNothingIsLeft() throws IOException {
        String prefix = "shmrt_rig_" + ProcessHandle.current().pid() + "_";
        for (Path directory : List.of(TemporaryStream.memoryDirectory(), Path.of("/dev/shm"))) {
            try (Stream<Path> files = Files.list(directory)) {
                assertEquals(List.of(), files.filter(file -> file.toString().contains(prefix)).toList());
            }
        }
        assertEquals(List.of(), ProcessHandle.current().children()
                .filter(child -> child.info().commandLine().orElse("").contains(prefix)).toList());
    }
}
