package org.shmrt.cli.top;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.shmrt.array.SharedArray;
import org.shmrt.cli.CommandRun;
import org.shmrt.cli.ShmCommand;
import org.shmrt.memory.DataType;
import org.shmrt.memory.Shape;
import org.shmrt.posix.OwnProcess;
import org.shmrt.stream.FrameWriter;
import org.shmrt.stream.ImageStream;
import org.shmrt.stream.format.StreamSpec;

/** {@code shm top} without a terminal. */
@Timeout(600)
class TopVerbTest {
    private static final StreamSpec SPEC = StreamSpec.dao(DataType.UINT16, Shape.of(4, 3));

    @RegisterExtension
    final ShmCommand shm = ShmCommand.inTmp();

    private List<JsonObject> items(CommandRun run) {
        JsonArray items = run.json().getAsJsonArray("items");
        return StreamSupport.stream(items.spliterator(), false)
                .map(item -> item.getAsJsonObject())
                .filter(item -> !item.get("kind").getAsString().equals("loop"))
                .toList();
    }

    @Test
    void shouldPrintTheDocumentedKeys() {
        try (ImageStream stream = ImageStream.create(shm.stream(), SPEC);
                FrameWriter writer = stream.writer()) {
            writer.write(MemorySegment.ofArray(new byte[24]));

            JsonObject item =
                    items(shm.run("top", "DIR", "--json", "--every", "100ms")).getFirst();

            assertEquals(
                    List.of(
                            "name",
                            "path",
                            "kind",
                            "format",
                            "shape",
                            "dtype",
                            "bytes",
                            "state",
                            "count",
                            "rate_hz",
                            "jitter_ns",
                            "age_s",
                            "lost",
                            "writers",
                            "readers",
                            "waiters",
                            "semaphores",
                            "trace",
                            "openers",
                            "note"),
                    List.copyOf(item.keySet()));
            assertEquals(shm.stream().toString(), item.get("path").getAsString());
            assertEquals("stream", item.get("kind").getAsString());
            assertEquals("[4,3]", item.get("shape").toString());
            assertEquals("idle", item.get("state").getAsString());
            assertEquals(1, item.get("count").getAsLong());
            assertTrue(item.get("jitter_ns").isJsonNull());
            JsonObject owner = item.getAsJsonArray("writers").get(0).getAsJsonObject();
            assertEquals(OwnProcess.PID, owner.get("pid").getAsLong());
            assertEquals(
                    List.of("value", "waiters", "reader", "writer"),
                    List.copyOf(item.getAsJsonArray("semaphores")
                            .get(0)
                            .getAsJsonObject()
                            .keySet()));
        }
    }

    @Test
    void shouldPrintATableIntoAPipe() throws IOException {
        ImageStream.create(shm.stream(), SPEC).close();
        Files.writeString(shm.file("damaged.im.shm"), "hello");

        CommandRun run =
                shm.run("top", "DIR", "--every", "100ms", "--filter", "a").succeeded();

        List<String> lines = run.out().lines().toList();
        assertTrue(lines.getFirst().startsWith("NAME"), run.out());
        assertTrue(run.out().contains("damaged") && run.out().contains("error"), run.out());
        assertTrue(run.out().contains("4x3"), run.out());
        assertTrue(lines.stream().allMatch(line -> line.length() <= 160), run.out());
    }

    @Test
    void shouldShowArraysAndNoOtherFilesOfADirectory() throws IOException {
        SharedArray.create("file://" + shm.file("gains"), Shape.of(7)).close();
        Files.writeString(shm.file("notes.txt"), "hello");

        List<JsonObject> items = items(shm.run("top", "DIR", "--json", "--every", "50ms"));

        assertEquals(1, items.size(), items.toString());
        assertEquals("array", items.getFirst().get("kind").getAsString());
        assertEquals("[7]", items.getFirst().get("shape").toString());
        assertTrue(items.getFirst().get("rate_hz").isJsonNull());
    }

    @Test
    void shouldSortAndFilter() {
        for (String name : List.of("a", "b", "c")) {
            ImageStream.create(shm.scratch().stream(name), SPEC).close();
        }
        try (ImageStream stream = ImageStream.open(shm.scratch().stream("b"));
                FrameWriter writer = stream.writer()) {
            writer.write(MemorySegment.ofArray(new byte[24]));
            List<JsonObject> items = items(shm.run("top", "DIR", "--json", "--every", "50ms", "--sort", "count"));
            assertEquals(
                    shm.scratch().prefix() + "b", items.getFirst().get("name").getAsString());
        }
        assertEquals(
                1,
                items(shm.run("top", "DIR", "--json", "--every", "50ms", "--filter", "-c"))
                        .size());
    }

    @Test
    void shouldRejectWrongUsage() {
        shm.run("top", "--every", "1ms").refused(2, "50ms to 60s");
        shm.run("top", "--sort", "colour").refused(2, "colour");
        shm.run("top", "/nowhere", "--once").refused(1, "there is no directory /nowhere");
    }
}
