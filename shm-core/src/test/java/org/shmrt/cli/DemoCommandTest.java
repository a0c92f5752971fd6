package org.shmrt.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The exit status and the JSON of {@code shm demo}. */
@Tag("slow")
@Timeout(900)
class DemoCommandTest {
    /** No machine computes as many commands in a second. */
    private static final String TOO_FAST = "100000";

    @RegisterExtension
    final ShmCommand shm = ShmCommand.inTmp();

    private CommandRun demo(String... more) {
        String[] arguments = new String[more.length + 5];
        System.arraycopy(
                new String[] {
                    "demo", "--seconds", "0.5", "--out", shm.file("pictures").toString()
                },
                0,
                arguments,
                0,
                5);
        System.arraycopy(more, 0, arguments, 5, more.length);
        return CommandRun.of(arguments);
    }

    @Test
    void shouldFailForLossIfItIsStrict() {
        CommandRun run = demo("--rate", TOO_FAST, "--wait", "sem", "--priority", "0", "--strict");

        assertEquals(1, run.status(), run.out());
        assertTrue(run.err().startsWith("shm demo: --strict: "), run.err());
        assertEquals(1, run.err().lines().count(), run.err());
        assertTrue(run.out().contains("given: 100000 Hz (may be too fast), priority 0, wait sem"), run.out());
        assertTrue(run.out().contains("warning: "), run.out());
        assertTrue(run.out().contains("\n  cause: ") && run.out().contains("\n  help:  "), run.out());
    }

    @Test
    void shouldReportLossWithStatus0() {
        JsonObject json =
                demo("--rate", TOO_FAST, "--wait", "sem", "--json").succeeded().json();

        assertTrue(!json.get("complaint").isJsonNull(), json.toString());
        assertTrue(!json.getAsJsonArray("reasons").isEmpty(), json.toString());
        JsonObject reason = json.getAsJsonArray("reasons").get(0).getAsJsonObject();
        assertTrue(!reason.get("cause").getAsString().isEmpty()
                && !reason.get("help").getAsString().isEmpty());
        JsonObject compute = json.getAsJsonObject("steps_ns").getAsJsonObject("compute");
        // On a busy machine the loop may have done no step in this short time.
        assertEquals(
                compute.get("count").getAsLong() > 0,
                !json.get("step_picture").isJsonNull()
                        && json.get("step_picture").getAsString().endsWith("steps.png"),
                json.toString());
        assertTrue(json.get("repeated").getAsLong() <= json.get("sent").getAsLong(), json.toString());
        assertTrue(json.get("loop").getAsString().startsWith("shmdemo-"), json.toString());
        assertTrue(compute.has("p99_9"), json.toString());
    }

    @Test
    void shouldChooseWhatIsNotGiven() {
        JsonObject json = demo("--json").succeeded().json();

        assertTrue(
                json.get("rate_hz").getAsDouble() >= 50 && json.get("rate_hz").getAsDouble() <= 1000);
        assertTrue(json.get("cores").getAsInt() >= 1);
        assertTrue(json.get("wake_up_max_ns").getAsLong() > 0);
    }
}
