package org.shmrt.stream.toy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.File;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.shmrt.cli.Shm;
import org.shmrt.process.ChildProcess;
import org.shmrt.testing.ChildJvm;
import org.shmrt.testing.Scratch;

/**
 * A third format, {@link ToyFormat}, works everywhere without a change outside its package. It is registered in child
 * JVMs only, by a directory on their class path, so that all other tests see the usual formats.
 */
@Timeout(600)
@Tag("slow")
class ToyFormatTest {
    @RegisterExtension
    final Scratch scratch = Scratch.inSharedMemory();

    private static ChildProcess start(Class<?> main, Object... arguments) {
        List<String> command = ChildJvm.command(
                ChildJvm.QUICK,
                main,
                Arrays.stream(arguments).map(Object::toString).toArray(String[]::new));
        List<String> extended = new ArrayList<>(command);
        int classPath = extended.indexOf("-cp") + 1;
        extended.set(classPath, extended.get(classPath) + File.pathSeparator + services());
        return ChildProcess.start(extended);
    }

    /** The directory whose {@code META-INF/services} registers the format. */
    private static Path services() {
        try {
            return Path.of(ToyFormatTest.class.getResource("/toy-format").toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private static List<String> shm(Object... words) {
        try (ChildProcess child = start(Shm.class, words)) {
            return child.finish();
        }
    }

    private static JsonObject json(Object... words) {
        return JsonParser.parseString(String.join("\n", shm(words))).getAsJsonObject();
    }

    private static void run(String scenario, Object... arguments) {
        Object[] words =
                Stream.concat(Stream.of(scenario), Stream.of(arguments)).toArray();
        try (ChildProcess child = start(ToyFormatChild.class, words)) {
            assertEquals(List.of("ok"), child.finish());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"frames", "wait", "history", "keywords", "replace", "damage"})
    void shouldServeTheWholeApi(String scenario) {
        run(scenario, scratch.stream("cam"));

        assertEquals(List.of(), scratch.files());
        assertEquals(List.of(), scratch.semaphores());
    }

    @ParameterizedTest
    @ValueSource(strings = {"dao", "milk"})
    void shouldBeConvertedToAnotherFormatAndBack(String other) {
        run("convert", scratch.stream("cam"), scratch.stream("other"), scratch.stream("back"), other);

        assertEquals(List.of(), scratch.files());
        assertEquals(List.of(), scratch.semaphores());
    }

    @Test
    @Tag("slow")
    void shouldBeCreatedWrittenListedConvertedAndRemovedByTheCommand() throws Exception {
        Path toy = scratch.stream("cam");
        Path dao = scratch.stream("dao");
        Path back = scratch.stream("back");
        Path pixels = scratch.directory().resolve("pixels.raw");
        Path copy = scratch.directory().resolve("copy.raw");
        Files.write(pixels, new byte[] {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12});

        shm("create", toy, "--format", "toy", "--dtype", "uint16", "--shape", "2x3", "--depth", 3, "--keywords", 2);
        shm("write", toy, "--in", pixels);
        shm("keyword", toy, "gain=7");
        shm("read", toy, "--out", copy);
        shm("convert", toy, dao, "--format", "dao");
        shm("convert", dao, back, "--format", "toy");

        assertEquals(-1, Files.mismatch(pixels, copy));
        JsonArray listed = JsonParser.parseString(String.join("\n", shm("list", scratch.directory(), "--json")))
                .getAsJsonArray();
        List<String> kinds = listed.asList().stream()
                .map(entry -> entry.getAsJsonObject().get("kind").getAsString())
                .sorted()
                .toList();
        assertEquals(List.of("dao", "toy", "toy"), kinds);
        for (Path stream : List.of(toy, back)) {
            JsonObject info = json("info", stream, "--json");
            assertEquals("toy", info.get("kind").getAsString());
            assertEquals("uint16", info.get("dtype").getAsString());
            assertEquals("[2,3]", info.get("shape").toString());
            assertEquals(3, info.get("depth").getAsInt());
            assertEquals(1, info.get("cnt0").getAsLong());
            assertTrue(info.get("keywords").toString().contains("gain"), info.toString());
            assertEquals("[]", info.get("findings").toString());
        }
        shm("rm", toy, dao, back);
        assertFalse(Files.exists(toy));
        assertEquals(List.of(), scratch.semaphores());
    }

    @Test
    void shouldBeNamedAmongTheFormatsInErrors() throws Exception {
        Path path = scratch.stream("cam");
        Files.write(path, new byte[20_000]);

        try (ChildProcess child = start(Shm.class, "info", path)) {
            assertEquals(List.of(), child.rest());
            assertTrue(child.errors().contains("not toy, because it does not start with TOYSTRM1"), child.errors());
        }
        try (ChildProcess child = start(
                Shm.class, "create", scratch.stream("new"), "--format", "none", "--dtype", "uint8", "--shape", "4x4")) {
            assertEquals(List.of(), child.rest());
            assertTrue(child.errors().contains("toy"), child.errors());
        }
        Files.delete(path);
    }
}
