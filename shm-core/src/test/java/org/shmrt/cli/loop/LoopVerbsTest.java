package org.shmrt.cli.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.shmrt.cli.CommandRun;
import org.shmrt.cli.verb.ExitStatus;
import org.shmrt.telemetry.LoopCommand;
import org.shmrt.telemetry.LoopCounter;
import org.shmrt.telemetry.LoopMeasure;
import org.shmrt.telemetry.LoopState;
import org.shmrt.telemetry.TelemetryWriter;

@Timeout(600)
class LoopVerbsTest {
    private static final String NAME = "v" + ProcessHandle.current().pid();

    @AfterEach
    void removePage() throws IOException {
        Files.deleteIfExists(Path.of("/dev/shm/shmrt-loop." + NAME));
    }

    private static TelemetryWriter loop() {
        TelemetryWriter writer = TelemetryWriter.create(NAME);
        writer.plan(600_000, 0);
        for (int i = 0; i < 100; i++) {
            writer.add(LoopMeasure.COMPUTE, 10_000);
            writer.endStep(System.nanoTime());
        }
        writer.count(LoopCounter.OVERRUNS, 2);
        writer.state(LoopState.RUNNING, "");
        return writer;
    }

    @Test
    void shouldListAndShowALoop() {
        try (TelemetryWriter writer = loop()) {
            CommandRun list = CommandRun.of("loop", "list").succeeded();
            assertTrue(
                    list.out().lines().anyMatch(line -> line.startsWith(NAME) && line.contains("running")), list.out());
            CommandRun show = CommandRun.of("loop", "show", NAME).succeeded();
            assertTrue(show.out().contains("overruns 2") && show.out().contains("compute"), show.out());

            JsonObject json = CommandRun.of("loop", "show", NAME, "--json").json();
            assertEquals("running", json.get("state").getAsString());
            assertEquals(100, json.get("steps").getAsLong());
            assertEquals(600_000, json.get("deadline_ns").getAsLong());
            assertTrue(json.get("period_ns").isJsonNull());
            JsonObject compute = json.getAsJsonObject("times_ns").getAsJsonObject("compute");
            assertEquals(100, compute.get("count").getAsLong());
            assertEquals(10_000, compute.get("max").getAsLong());
            assertEquals(10_000, compute.get("p99.99").getAsLong());
            boolean listed = false;
            for (JsonElement item :
                    CommandRun.of("loop", "list", "--json").json().getAsJsonArray("items")) {
                listed |= item.getAsJsonObject().get("name").getAsString().equals(NAME);
            }
            assertTrue(listed);
            assertEquals(LoopCommand.RUN, writer.command());
        }
    }

    @Test
    void shouldSendCommands() {
        try (TelemetryWriter writer = loop()) {
            CommandRun.of("loop", "pause", NAME).succeeded();
            assertEquals(LoopCommand.PAUSE, writer.command());
            CommandRun.of("loop", "step", NAME).succeeded();
            assertEquals(LoopCommand.STEP, writer.command());
            CommandRun.of("loop", "resume", NAME).succeeded();
            assertEquals(LoopCommand.RUN, writer.command());
            CommandRun.of("loop", "stop", NAME).succeeded();
            assertEquals(LoopCommand.STOP, writer.command());
        }
    }

    @Test
    void shouldRefuseLoopsThatDoNotExistAndNamesThatAreNotValid() throws IOException {
        CommandRun.of("loop", "show", NAME).refused(ExitStatus.FAILED, "there is no loop " + NAME);
        CommandRun.of("loop", "stop", "a/b").refused(ExitStatus.USAGE, "cannot be the name of a loop");
        byte[] page;
        try (TelemetryWriter writer = loop()) {
            page = Files.readAllBytes(writer.path());
        }
        Files.write(Path.of("/dev/shm/shmrt-loop." + NAME), page); // as a killed loop leaves it
        CommandRun.of("loop", "pause", NAME).refused(ExitStatus.FAILED, "is not running");
        assertEquals(
                "killed",
                CommandRun.of("loop", "show", NAME, "--json")
                        .json()
                        .get("state")
                        .getAsString());
    }

    private static byte[] page() throws IOException {
        try (TelemetryWriter writer = loop()) {
            return Files.readAllBytes(writer.path());
        }
    }

    private static void leave(byte[] page) throws IOException {
        Files.write(Path.of("/dev/shm/shmrt-loop." + NAME), page);
    }

    @Test
    void shouldRefusePagesThatAreNotThoseOfALoop() throws IOException {
        byte[] valid = page();
        byte[] random = new byte[valid.length];
        new Random(5).nextBytes(random);
        byte[] overwritten = random.clone();
        System.arraycopy(valid, 0, overwritten, 0, 16);
        byte[] newer = valid.clone();
        newer[8] = 2;
        assertRefused(random, "does not begin like one");
        assertRefused(overwritten, "impossible values");
        assertRefused(newer, "has version 2");
        assertRefused(Arrays.copyOf(valid, 5000), "5000 bytes");
        assertRefused(new byte[1], "does not begin like one");
        assertRefused(new byte[0], "is empty");
        Files.delete(Path.of("/dev/shm/shmrt-loop." + NAME));
        Path directory = Files.createDirectory(Path.of("/dev/shm/shmrt-loop." + NAME));
        CommandRun.of("loop", "show", NAME).refused(ExitStatus.FAILED, "is not a file");
        Files.delete(directory);
    }

    private static void assertRefused(byte[] page, String reason) throws IOException {
        leave(page);
        for (String verb : new String[] {"show", "pause", "step", "resume", "stop"}) {
            CommandRun.of("loop", verb, NAME).refused(ExitStatus.FAILED, reason);
        }
        CommandRun list = CommandRun.of("loop", "list");
        assertEquals(ExitStatus.FAILED, list.status());
        assertTrue(list.err().contains(NAME) && list.err().contains(reason), list.err());
    }

    @Test
    void shouldShowALoopThatEndedAsOffAndControlCharactersEscaped() throws IOException {
        byte[] page;
        try (TelemetryWriter writer = loop()) {
            writer.state(LoopState.OFF, "a\033[31m\nb");
            page = Files.readAllBytes(writer.path());
        }
        leave(page);

        String text = CommandRun.of("loop", "show", NAME).succeeded().out();

        assertTrue(text.startsWith("loop " + NAME + ": off, "), text);
        assertTrue(text.contains("(a\\u001b[31m\\u000ab)"), text);
    }

    @Test
    void shouldFitInto80Columns() {
        try (TelemetryWriter writer = loop()) {
            writer.count(LoopCounter.STEPS, 9_999_999_999L);
            writer.count(LoopCounter.MISSED, 9_999_999);
            for (LoopMeasure measure : LoopMeasure.values()) {
                writer.add(measure, 999_999_999L);
            }
            for (String verb : new String[] {"list", "show " + NAME}) {
                CommandRun run = CommandRun.of(("loop " + verb).split(" ")).succeeded();
                // other loops of the machine may have longer names
                assertTrue(
                        run.out()
                                .lines()
                                .filter(line -> !verb.equals("list") || line.startsWith(NAME + " "))
                                .allMatch(line -> line.length() <= 80),
                        run.out());
            }
        }
    }

    @Test
    void shouldReportThatAFailedLoopDoesNotObey() {
        try (TelemetryWriter writer = loop()) {
            writer.state(LoopState.ERROR, "no light");

            CommandRun.of("loop", "resume", NAME).refused(ExitStatus.FAILED, "it failed (no light)");
        }
    }
}
