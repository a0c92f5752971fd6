package org.shmrt.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.shmrt.testing.Golden;

/** {@code shm convert}. */
class ConvertVerbTest {
    @TempDir
    private Path directory;

    private TestStream made;

    @BeforeEach
    void nameStream() {
        made = new TestStream(directory);
    }

    @AfterEach
    void removeStream() {
        made.close();
    }

    private Path golden(String folder, String name) {
        return Golden.named(folder, name).copyTo(directory.resolve(name + ".im.shm"));
    }

    @Test
    void shouldTellWhatWasDoneAndWhatWasNot() {
        Path source = golden("dao", "fifo4_11frames_float32");

        CommandRun text = CommandRun.of("convert", source.toString(), made.toString(), "--format", "milk");
        CommandRun json = CommandRun.of(
                "convert",
                source.toString(),
                made.toString(),
                "--format",
                "milk",
                "--force",
                "--circular",
                "2",
                "--json");

        assertEquals(0, text.status(), text.err());
        List<String> lines = text.out().lines().toList();
        assertTrue(lines.getFirst().contains("milk stream of"), text.out());
        assertTrue(lines.getFirst().contains("frames 8 to 11"), text.out());
        assertTrue(lines.stream().skip(1).allMatch(line -> line.startsWith("not carried: ")), text.out());
        assertEquals(1, json.out().lines().count());
        JsonObject done = JsonParser.parseString(json.out()).getAsJsonObject();
        assertEquals(
                Set.of("path", "source", "kind", "variant", "cnt0", "frames", "keywords", "not_carried"),
                done.keySet());
        assertEquals("milk", done.get("kind").getAsString());
        assertEquals(11, done.get("cnt0").getAsLong());
        assertEquals(2, done.get("frames").getAsInt());
        assertTrue(done.getAsJsonArray("not_carried").toString().contains("2 of the 4 frames"), json.out());
        assertEquals(0, CommandRun.of("read", made.toString(), "--history", "2").status());
    }

    @Test
    void shouldRefuseHalfPrecisionForDaoInOneLine() {
        Path source = golden("milk", "c_2d_float16");

        CommandRun run = CommandRun.of("convert", source.toString(), made.toString(), "--format", "dao");

        assertTrue(run.failedInOneLine(1), run.toString());
        assertTrue(run.err().contains("float16, for which DAO has no type"), run.err());
        assertFalse(Files.exists(made.path()));
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
    void shouldRefuseWordsThatMakeNoSense(String options) {
        Path source = golden("dao", "c_2d_uint16");
        String[] words =
                ("convert " + source + " " + made + " " + options).strip().split(" ");

        CommandRun run = CommandRun.of(words);

        assertTrue(run.failedInOneLine(2), run.toString());
        assertFalse(Files.exists(made.path()));
    }

    @Test
    void shouldLeaveAStreamOfTheNewNameAlone() {
        Path source = golden("dao", "c_2d_uint16");
        assertEquals(
                0,
                CommandRun.of("create", made.toString(), "--shape", "2x2", "--dtype", "u8")
                        .status());

        CommandRun taken = CommandRun.of("convert", source.toString(), made.toString(), "--format", "milk");
        CommandRun itself =
                CommandRun.of("convert", source.toString(), source.toString(), "--format", "milk", "--force");

        assertTrue(taken.failedInOneLine(1), taken.toString());
        assertTrue(itself.failedInOneLine(1), itself.toString());
        assertTrue(itself.err().contains("choose another name"), itself.err());
        assertTrue(CommandRun.of("info", made.toString()).out().contains("2x2 uint8"));
    }
}
