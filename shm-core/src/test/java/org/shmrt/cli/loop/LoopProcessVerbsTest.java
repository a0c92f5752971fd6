package org.shmrt.cli.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.shmrt.cli.Shm;
import org.shmrt.cli.verb.ExitStatus;
import org.shmrt.process.ChildProcess;
import org.shmrt.telemetry.LoopCommand;
import org.shmrt.telemetry.LoopCounter;
import org.shmrt.telemetry.LoopMeasure;
import org.shmrt.telemetry.LoopState;
import org.shmrt.telemetry.TelemetryWriter;
import org.shmrt.testing.ChildJvm;
import org.shmrt.testing.Isolation;

/** The verbs of {@code shm loop} in processes of their own: watching, lost output, and another user. */
@Tag("slow")
@Timeout(600)
class LoopProcessVerbsTest {
    private static final String NAME = "w" + ProcessHandle.current().pid();
    private static final int STEPS = 7;

    private TelemetryWriter loop;

    @BeforeEach
    void create() {
        loop = TelemetryWriter.create(NAME);
        loop.state(LoopState.RUNNING, "");
    }

    @AfterEach
    void close() {
        loop.close();
    }

    private void step(long computeNs) {
        loop.add(LoopMeasure.COMPUTE, computeNs);
        loop.add(LoopMeasure.END_TO_END, computeNs + 1000);
        loop.endStep(System.nanoTime());
    }

    private static List<String> command(String... words) {
        return ChildJvm.command(ChildJvm.QUICK, Shm.class, words);
    }

    @Test
    void shouldWatchTheTimesOfEachSecondUntilTheLoopEnds() {
        step(50_000);
        try (ChildProcess watch = ChildProcess.start(command("loop", "show", NAME, "--watch"))) {
            watch.expect("loop " + NAME + ": running, process "
                    + ProcessHandle.current().pid());
            String line = watch.line();
            while (!line.startsWith("STATE")) {
                line = watch.line();
            }
            for (int i = 0; i < STEPS; i++) {
                step(10_000);
            }
            loop.count(LoopCounter.MISSED, 2);
            int steps = 0;
            int missed = 0;
            while (steps < STEPS || missed < 2) {
                String[] columns = watch.line().split(" +");
                assertEquals(8, columns.length);
                assertEquals("running", columns[0]);
                assertEquals("-", columns[4], "no wake-up was measured");
                steps += Integer.parseInt(columns[1]);
                missed += Integer.parseInt(columns[2]);
                if (!columns[1].equals("0")) {
                    assertEquals(10, Double.parseDouble(columns[5]), 0.2, "the step of 50 us was before");
                    assertEquals(11, Double.parseDouble(columns[7]), 0.2);
                }
            }
            assertEquals(STEPS, steps);
            loop.close();
            String last = watch.line();
            while (last.startsWith("running")) {
                last = watch.line();
            }
            assertTrue(last.startsWith("off "), last);
            assertEquals(0, watch.exitCode());
        }
    }

    @Test
    void shouldWatchAsJsonAndEndOnCtrlC() throws IOException, InterruptedException {
        try (ChildProcess watch =
                ChildProcess.start(ChildJvm.withDefaultSignals(command("loop", "show", NAME, "--watch", "--json")))) {
            for (int i = 0; i < 2; i++) {
                assertEquals(
                        "running",
                        JsonParser.parseString(watch.line())
                                .getAsJsonObject()
                                .get("state")
                                .getAsString());
            }
            assertEquals(
                    0,
                    new ProcessBuilder("kill", "-INT", String.valueOf(watch.pid()))
                            .start()
                            .waitFor());
            watch.exitCode();
        }
        assertEquals(LoopCommand.RUN, loop.command());
    }

    @Test
    void shouldRepeatTheListUntilTheReaderOfItsPipeCloses() throws IOException, InterruptedException {
        Process shell = new ProcessBuilder(Isolation.command(
                        List.of("bash", "-c", "set -o pipefail; \"$@\" 2>&1 | grep -m 2 '^" + NAME + " '", "bash"),
                        command("loop", "list", "--watch")))
                .start();
        String out = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertEquals(141, shell.waitFor(), "as for a program that SIGPIPE ends");
        assertEquals(2, out.lines().count(), out);
        assertTrue(out.lines().allMatch(line -> line.contains(" running ")), out);
    }

    @ParameterizedTest
    @ValueSource(strings = {"list", "list --json", "show NAME", "show NAME --json", "show NAME --watch"})
    void shouldFailOnAFullDevice(String line) throws IOException, InterruptedException {
        Path full = Path.of("/dev/full");
        assumeTrue(Files.isWritable(full), "there is no /dev/full");
        Process process = new ProcessBuilder(command(("loop " + line.replace("NAME", NAME)).split(" ")))
                .redirectOutput(full.toFile())
                .start();
        String err = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);

        assertEquals(ExitStatus.FAILED, process.waitFor());
        assertEquals(1, err.lines().count(), err);
    }

    @Test
    void shouldLetAnotherUserLookButNotSteer() throws IOException {
        Isolation.assumePermitted(Isolation.AS_NOBODY);
        assumeTrue(mayRunJava(), "nobody may not read the classes");
        Files.setPosixFilePermissions(loop.path(), PosixFilePermissions.fromString("rw-r--r--"));
        try (ChildProcess show =
                ChildProcess.start(Isolation.command(Isolation.AS_NOBODY, command("loop", "show", NAME)))) {
            assertTrue(show.line().startsWith("loop " + NAME + ": running"));
        }
        try (ChildProcess pause = ChildProcess.start(Isolation.command(
                Isolation.AS_NOBODY,
                List.of("bash", "-c", String.join(" ", command("loop", "pause", NAME)) + " 2>&1; echo status $?")))) {
            String refusal = pause.line();
            assertTrue(refusal.contains("permission") && refusal.contains(NAME), refusal);
            assertEquals("status 1", pause.line());
        }
        assertEquals(LoopCommand.RUN, loop.command());
    }

    private static boolean mayRunJava() {
        try (ChildProcess help = ChildProcess.start(Isolation.command(
                Isolation.AS_NOBODY,
                List.of("bash", "-c", String.join(" ", command("loop", "--help")) + " >/dev/null 2>&1; echo $?")))) {
            return help.line().equals("0");
        }
    }
}
