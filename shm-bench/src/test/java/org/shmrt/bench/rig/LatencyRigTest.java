package org.shmrt.bench.rig;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.shmrt.bench.WrongUsage;
import org.shmrt.bench.rig.report.Comparison;
import org.shmrt.bench.rig.report.Machine;
import org.shmrt.bench.rig.scenario.Scenario;

class LatencyRigTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "--scenario carrier_pigeon",
                "--exchange carrier_pigeon",
                "--layout fits",
                "--cores 0",
                "--cores 0,0",
                "--pairs 0",
                "--seconds -1",
                "--seconds NaN",
                "--budget 0",
                "--no-such-option",
                "jitter --rate 0",
                "jitter --rate x"
            })
    void shouldRejectWrongUsageInOneLine(String words) {
        WrongUsage.assertRejectedInOneLine(LatencyRig.commandLine(), words, "latency");
    }

    @Test
    void shouldPrintItsVersion() {
        StringWriter output = new StringWriter();

        assertEquals(
                0,
                LatencyRig.commandLine().setOut(new PrintWriter(output, true)).execute("-V"));

        assertTrue(output.toString().startsWith("latency of ShmRT "), output::toString);
        assertTrue(output.toString().contains(Runtime.version().toString()), output::toString);
    }

    @Test
    void shouldUseEachNameOfAScenarioAndAComparisonOnce() {
        assertEquals(
                Scenario.values().length,
                Arrays.stream(Scenario.values()).map(Scenario::id).distinct().count());
        assertEquals(
                Comparison.ALL.size(),
                Comparison.ALL.stream().map(Comparison::key).distinct().count());
        for (Comparison comparison : Comparison.ALL) {
            assertEquals(
                    comparison.numerator().group(), comparison.denominator().group(), comparison.key());
        }
    }

    @Test
    void shouldNameTheResultDirectoryAfterWhatFiguresDependOn() {
        assertTrue(Machine.name().matches("[a-z0-9]([a-z0-9.-]*[a-z0-9])?"), Machine.name());
        assertTrue(Machine.name().endsWith("jdk-" + Runtime.version().feature()), Machine.name());
        assertFalse(Machine.name().contains("--"), Machine.name());
    }
}
