package org.shmrt.bench.rig;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.shmrt.bench.rig.report.Comparison;
import org.shmrt.bench.rig.report.Machine;
import org.shmrt.bench.rig.scenario.Scenario;
import picocli.CommandLine;

class LatencyRigTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
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
    void shouldRefuseWrongUsageInOneLine(String words) {
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        PrintStream before = System.err;
        System.setErr(new PrintStream(said, true, StandardCharsets.UTF_8));
        int status;
        try {
            status = LatencyRig.commandLine().execute(words.split(" "));
        } finally {
            System.setErr(before);
        }

        assertEquals(CommandLine.ExitCode.USAGE, status);
        List<String> lines = said.toString(StandardCharsets.UTF_8).lines().toList();
        assertEquals(1, lines.size(), lines::toString);
        assertTrue(lines.getFirst().startsWith("latency"), lines::toString);
    }

    @Test
    void shouldTellItsVersion() {
        StringWriter said = new StringWriter();

        assertEquals(
                0, LatencyRig.commandLine().setOut(new PrintWriter(said, true)).execute("-V"));

        assertTrue(said.toString().startsWith("latency of ShmRT "), said::toString);
        assertTrue(said.toString().contains(Runtime.version().toString()), said::toString);
    }

    @Test
    void shouldNameEachExchangeAndFigureOnce() {
        assertEquals(
                Scenario.values().length,
                Arrays.stream(Scenario.values()).map(Scenario::word).distinct().count());
        assertEquals(
                Comparison.ALL.size(),
                Comparison.ALL.stream().map(Comparison::key).distinct().count());
        for (Comparison comparison : Comparison.ALL) {
            assertEquals(comparison.over().group(), comparison.under().group(), comparison.key());
        }
    }

    @Test
    void shouldNameAResultFolderAfterWhatFiguresDependOn() {
        assertTrue(Machine.name().matches("[a-z0-9]([a-z0-9.-]*[a-z0-9])?"), Machine.name());
        assertTrue(Machine.name().endsWith("jdk-" + Runtime.version().feature()), Machine.name());
        assertFalse(Machine.name().contains("--"), Machine.name());
    }
}
