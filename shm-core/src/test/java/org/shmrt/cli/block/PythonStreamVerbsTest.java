package org.shmrt.cli.block;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.shmrt.cli.CommandRun;
import org.shmrt.image.NpyFile;
import org.shmrt.memory.MemoryImage;
import org.shmrt.memory.Shape;
import org.shmrt.testing.BlockScratch;
import org.shmrt.testing.PythonStreamFile;

/** Streams of pyshmem and pyRTC in {@code shm list}, {@code top}, {@code block show} and {@code block export}. */
class PythonStreamVerbsTest {
    @RegisterExtension
    final BlockScratch scratch = new BlockScratch();

    @AfterEach
    void removeObjects() {
        scratch.removeAll();
    }

    private String put(PythonStreamFile file, String name) {
        scratch.put(name + "_meta", file.metadata(8));
        return scratch.put(name, PythonStreamFile.pixels(0));
    }

    private static Optional<JsonObject> find(CommandRun run, String key, String value) {
        return run.jsonArray().asList().stream()
                .map(JsonElement::getAsJsonObject)
                .filter(entry -> entry.has(key) && value.equals(entry.get(key).getAsString()))
                .findFirst();
    }

    @Test
    void shouldListTheStreamsAndNotTheirParts() {
        String pyrtc = put(PythonStreamFile.PYRTC, "a");
        String pyshmem = put(PythonStreamFile.PYSHMEM_3, "b");

        CommandRun json = CommandRun.of("list", "--json");
        CommandRun text = CommandRun.of("list").succeeded();

        JsonObject found = find(json, "name", pyrtc).orElseThrow();
        assertEquals("pyrtc", found.get("kind").getAsString());
        assertEquals("uint16", found.get("dtype").getAsString());
        assertEquals("[2,3]", found.get("shape").toString());
        assertEquals(4, found.get("cnt0").getAsLong());
        assertEquals(
                "pyshmem",
                find(json, "object", pyshmem).orElseThrow().get("kind").getAsString());
        assertTrue(text.out().lines().anyMatch(line -> line.matches(pyrtc + " +pyrtc +2x3 +uint16 +4 .*")), text.out());
        assertTrue(text.out().contains(PythonStreamFile.NAME + " "), text.out());
        assertFalse(text.out().contains(pyrtc + "_meta"), text.out());
    }

    @Test
    void shouldListAnUnknownVersionAsSuch() {
        byte[] metadata = PythonStreamFile.PYSHMEM_3.metadata(8);
        metadata[8] = 9;
        scratch.put("c_meta", metadata);
        String name = scratch.put("c", PythonStreamFile.pixels(0));

        String line = CommandRun.of("list")
                .out()
                .lines()
                .filter(text -> text.startsWith(name))
                .findFirst()
                .orElseThrow();

        assertTrue(line.contains("metadata of version 9") && !line.contains("damaged"), line);
        CommandRun.of("block", "show", name).refused(1, "metadata of version 9");
    }

    @Test
    void shouldShowTheMetadata() {
        String name = put(PythonStreamFile.PYSHMEM_2, "d");

        List<String> lines =
                CommandRun.of("block", "show", name).succeeded().out().lines().toList();

        assertEquals(name + ": stream of pyshmem, 2x3 uint16, 12 bytes, in object " + name, lines.getFirst());
        assertTrue(lines.get(1).startsWith("4 frames written, the last "), lines.toString());
        assertEquals(
                0,
                CommandRun.of("block", "show", name, "--json")
                        .json()
                        .get("write")
                        .getAsInt());
    }

    @Test
    void shouldExportAFrame() throws IOException {
        String name = put(PythonStreamFile.PYRTC, "e");
        Path file = Files.createTempFile("shmrt-export-", ".npy");
        try {
            CommandRun run =
                    CommandRun.of("block", "export", name, file.toString()).succeeded();

            MemoryImage image = NpyFile.read(file);
            assertEquals(Shape.of(2, 3), image.shape());
            assertArrayEquals(PythonStreamFile.pixels(0), image.data().toArray(ValueLayout.JAVA_BYTE));
            assertTrue(run.err().contains("frame 4, 2x3 uint16") && run.err().contains("parts of two"), run.err());
        } finally {
            Files.delete(file);
        }
    }

    @Test
    void shouldReportThatNoFrameComes() {
        String name = put(PythonStreamFile.PYSHMEM_2, "f");

        CommandRun.of("block", "export", name, "x.npy", "--next", "--timeout", "10ms")
                .refused(3, "no complete frame of " + name);
        CommandRun.of("block", "export", scratch.name("none"), "x.npy").refused(1, "there is no stream");
        CommandRun.of("block", "export", name, "x.txt").refused(2, "x.txt");
    }

    @Test
    void shouldShowTheStreamInTop() {
        String name = put(PythonStreamFile.PYSHMEM_3, "g");

        JsonObject item = CommandRun.of("top", "--once", "--json").json().getAsJsonArray("items").asList().stream()
                .map(JsonElement::getAsJsonObject)
                .filter(entry -> entry.get("name").getAsString().startsWith(name))
                .reduce((one, other) -> {
                    throw new AssertionError(one + " and " + other);
                })
                .orElseThrow();

        assertEquals("pyshmem", item.get("format").getAsString());
        assertEquals("[2,3]", item.get("shape").toString());
        assertEquals(4, item.get("count").getAsLong());
        assertEquals("stream " + PythonStreamFile.NAME, item.get("note").getAsString());
    }
}
