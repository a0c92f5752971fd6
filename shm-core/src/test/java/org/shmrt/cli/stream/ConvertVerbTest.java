package org.shmrt.cli.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.shmrt.cli.CommandRun;
import org.shmrt.cli.ShmCommand;
import org.shmrt.testing.Golden;

/** {@code shm convert}. */
class ConvertVerbTest {
    @RegisterExtension
    final ShmCommand shm = ShmCommand.inTmp();

    private Path golden(String folder, String name) {
        return Golden.named(folder, name).copyTo(shm.file(name + ".im.shm"));
    }

    @Test
    void shouldReportWhatItDidAndWhatItCouldNotCarryOver() {
        Path source = golden("dao", "fifo4_11frames_float32");

        CommandRun text = shm.run("convert", source.toString(), "STREAM", "--format", "milk");
        CommandRun json = shm.run(
                "convert", source.toString(), "STREAM", "--format", "milk", "--force", "--circular", "2", "--json");

        text.succeeded();
        List<String> lines = text.out().lines().toList();
        assertTrue(lines.getFirst().contains("milk stream of"), text.out());
        assertTrue(lines.getFirst().contains("frames 8 to 11"), text.out());
        assertTrue(lines.stream().skip(1).allMatch(line -> line.startsWith("not carried over: ")), text.out());
        assertEquals(1, json.out().lines().count());
        JsonObject done = json.json();
        assertEquals(
                Set.of("path", "source", "kind", "variant", "cnt0", "frames", "keywords", "not_carried"),
                done.keySet());
        assertEquals("milk", done.get("kind").getAsString());
        assertEquals(11, done.get("cnt0").getAsLong());
        assertEquals(2, done.get("frames").getAsInt());
        assertTrue(done.getAsJsonArray("not_carried").toString().contains("2 of the 4 frames"), json.out());
        shm.run("read", "STREAM", "--history", "2").succeeded();
    }

    @Test
    void shouldRefuseHalfPrecisionForDaoInOneLine() {
        Path source = golden("milk", "c_2d_float16");

        CommandRun run = shm.run("convert", source.toString(), "STREAM", "--format", "dao");

        run.refused(1, "float16, for which dao streams have no type");
        assertFalse(Files.exists(shm.stream()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "--format dao --depth 0",
                "--format milk --circular -1",
                "--format milk --keywords -1",
                "--format dao --circular 2",
                "--format milk --depth 2",
                "--format fits",
                "--format milk --layout none"
            })
    void shouldRefuseOptionsThatMakeNoSense(String options) {
        Path source = golden("dao", "c_2d_uint16");
        String line = ("convert " + source + " STREAM " + options);

        CommandRun run = shm.runLine(line);

        run.refused(2, "");
        assertFalse(Files.exists(shm.stream()));
    }

    @Test
    void shouldNotReplaceAStreamOfTheNewName() {
        Path source = golden("dao", "c_2d_uint16");
        shm.run("create", "STREAM", "--shape", "2x2", "--dtype", "u8").succeeded();

        CommandRun taken = shm.run("convert", source.toString(), "STREAM", "--format", "milk");
        CommandRun itself = shm.run("convert", source.toString(), source.toString(), "--format", "milk", "--force");

        taken.refused(1, "");
        itself.refused(1, "choose another name");
        assertTrue(shm.run("info", "STREAM").out().contains("2x2 uint8"));
    }
}
