package org.shmrt.cli.stream;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.shmrt.cli.CommandRun;
import org.shmrt.cli.ShmCommand;
import org.shmrt.testing.Golden;

/** The command on files that the original libraries wrote. */
@Tag("slow")
class GoldenVerbsTest {
    @RegisterExtension
    final ShmCommand shm = ShmCommand.inTmp();

    static Stream<Golden> dao() {
        return Golden.of("dao");
    }

    static Stream<Golden> milk() {
        return Golden.of("milk");
    }

    static Stream<Golden> corrupt() {
        return Golden.of("corrupt")
                .filter(golden -> golden.text("expect").equals("reject"))
                .filter(golden ->
                        golden.name().matches("(dao|milk)_.*") && !golden.name().contains("_is_a_"));
    }

    @ParameterizedTest
    @MethodSource("dao")
    void shouldReportWhatTheManifestSays(Golden golden) {
        Path file = golden.copyTo(shm.file("golden.im.shm"));
        JsonObject metadata = golden.entry().getAsJsonObject("metadata");

        CommandRun run = shm.run("info", file.toString(), "--json");

        run.succeeded();
        JsonObject info = run.json();
        assertEquals("dao", info.get("kind").getAsString());
        assertEquals(golden.text("dtype"), info.get("dtype").getAsString());
        assertEquals(golden.entry().get("numpy_shape"), info.get("shape"));
        assertEquals(golden.entry().get("axes_c"), info.get("axes"));
        assertEquals(golden.bytes().length, info.get("bytes").getAsLong());
        assertEquals(metadata.get("write").getAsInt(), info.get("write").getAsInt());
        if (golden.entry().has("newest")) {
            JsonObject newest = golden.entry().getAsJsonObject("newest");
            assertEquals(newest.get("cnt0").getAsLong(), info.get("cnt0").getAsLong());
            assertEquals(
                    newest.get("slot").getAsLong(), info.get("last_written").getAsLong());
        }
    }

    @ParameterizedTest
    @MethodSource("dao")
    void shouldPipeTheNewestFrameOutAsItLiesInTheFile(Golden golden) throws IOException {
        Path file = golden.copyTo(shm.file("golden.im.shm"));
        Path raw = shm.file("frame.raw");
        int slot = golden.entry().has("newest")
                ? golden.entry().getAsJsonObject("newest").get("slot").getAsInt()
                : 0;
        JsonObject layout = golden.entry().getAsJsonObject("layout");

        CommandRun run = shm.run("read", file.toString(), "--out", raw.toString());

        run.succeeded();
        int frameBytes = (int) Files.size(raw);
        int from = layout.get("data_offset").getAsInt() + slot * frameBytes;
        assertArrayEquals(Arrays.copyOfRange(golden.bytes(), from, from + frameBytes), Files.readAllBytes(raw));
        assertArrayEquals(golden.bytes(), Files.readAllBytes(file), "reading changes nothing");
    }

    @ParameterizedTest
    @MethodSource("milk")
    void shouldReportWhatTheManifestSaysOfMilk(Golden golden) throws IOException {
        Path file = golden.copyTo(shm.file("golden.im.shm"));
        Path raw = shm.file("frame.raw");
        JsonObject metadata = golden.entry().getAsJsonObject("metadata");

        CommandRun run = shm.run("info", file.toString(), "--json");
        CommandRun read = shm.run("read", file.toString(), "--out", raw.toString());

        run.succeeded();
        JsonObject info = run.json();
        assertEquals("milk", info.get("kind").getAsString());
        assertEquals(metadata.get("name"), info.get("stored_name"));
        assertEquals(golden.text("dtype"), info.get("dtype").getAsString());
        assertEquals(golden.entry().get("axes_c"), info.get("axes"));
        for (String counter : new String[] {"cnt0", "cnt1", "cnt2", "write"}) {
            assertEquals(metadata.get(counter).getAsLong(), info.get(counter).getAsLong(), counter);
        }
        assertEquals(
                metadata.get("creatorPID").getAsLong(), info.get("creator_pid").getAsLong());
        assertEquals(metadata.get("sem").getAsLong(), info.get("semaphores").getAsLong());
        read.succeeded();
        int from = golden.entry().getAsJsonObject("layout").get("data").getAsInt();
        assertArrayEquals(
                Arrays.copyOfRange(golden.bytes(), from, from + (int) Files.size(raw)), Files.readAllBytes(raw));
    }

    @ParameterizedTest
    @MethodSource("corrupt")
    void shouldRefuseADamagedFileInOneLine(Golden golden) throws IOException {
        Path file = golden.copyTo(shm.file("broken.im.shm"));

        for (String verb : new String[] {"info", "read", "rm"}) {
            CommandRun run = shm.run(verb, file.toString());

            run.refused(1, file.toString());
        }
        assertArrayEquals(golden.bytes(), Files.readAllBytes(file));
    }
}
