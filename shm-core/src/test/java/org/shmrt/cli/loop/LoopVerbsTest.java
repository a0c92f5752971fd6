package org.shmrt.cli.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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

@Timeout(60)
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
}
