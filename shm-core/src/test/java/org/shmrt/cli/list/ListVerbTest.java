package org.shmrt.cli.list;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.shmrt.array.SharedArray;
import org.shmrt.block.ShareableList;
import org.shmrt.block.SharedMemory;
import org.shmrt.cli.CommandRun;
import org.shmrt.cli.ShmCommand;
import org.shmrt.memory.DataType;
import org.shmrt.memory.Shape;
import org.shmrt.posix.Permissions;
import org.shmrt.posix.Semaphore;
import org.shmrt.stream.ImageStream;
import org.shmrt.stream.format.StreamSpec;

/** {@code shm list}: all shared objects of a machine, of every kind. */
class ListVerbTest {
    @RegisterExtension
    final ShmCommand shm = ShmCommand.inTmp();

    private final String unique = "shmrt-list-" + UUID.randomUUID().toString().substring(0, 8);

    private static Map<String, JsonObject> byName(CommandRun run) {
        return run.jsonArray().asList().stream()
                .map(JsonElement::getAsJsonObject)
                .collect(Collectors.toMap(entry -> entry.get("name").getAsString(), entry -> entry, (a, b) -> a));
    }

    @Test
    void shouldRecogniseEveryKindByItsContents() throws IOException {
        String semaphore = unique + "_sem";
        try (SharedArray array = SharedArray.create("shm://" + unique + "a", DataType.FLOAT32, Shape.of(3, 4));
                SharedMemory block = SharedMemory.create(unique + "b", 4096);
                ShareableList list = ShareableList.create(unique + "c", List.of(1L, "two", 3.0));
                Arena arena = Arena.ofShared()) {
            array.setDouble(1, 0, 0);
            block.buf().set(ValueLayout.JAVA_BYTE, 0, (byte) 1);
            Semaphore.create(semaphore, Permissions.withUmask(0600), 0, arena);

            Map<String, JsonObject> found = byName(shm.run("list", "--json"));
            CommandRun text = shm.run("list");

            assertEquals("array", found.get(unique + "a").get("kind").getAsString());
            assertEquals("float32", found.get(unique + "a").get("dtype").getAsString());
            assertEquals("[3,4]", found.get(unique + "a").get("shape").toString());
            assertEquals("block", found.get(unique + "b").get("kind").getAsString());
            assertEquals(4096, found.get(unique + "b").get("bytes").getAsLong());
            assertEquals("list", found.get(unique + "c").get("kind").getAsString());
            assertEquals(3, list.size());
            assertFalse(found.containsKey("sem." + semaphore));
            assertTrue(
                    text.out().lines().anyMatch(line -> line.matches(unique + "a +array +3x4 +float32 .*")),
                    text.out());
            assertTrue(
                    text.out().lines().anyMatch(line -> line.matches(unique + "b +block +4096 +uint8 .*")), text.out());
        } finally {
            SharedArray.delete("shm://" + unique + "a");
            Files.deleteIfExists(Path.of("/dev/shm", unique + "b"));
            Files.deleteIfExists(Path.of("/dev/shm", unique + "c"));
            Semaphore.unlink(semaphore);
        }
    }

    @Test
    void shouldShowStreamsInSharedMemoryBesideThoseOfTheStreamDirectory() {
        Path path = Path.of("/dev/shm", unique + ".im.shm");
        try (ImageStream stream = ImageStream.create(path, StreamSpec.milk(DataType.INT16, Shape.of(5, 6)))) {
            JsonObject entry = byName(shm.run("list", "--json")).get(unique);

            assertEquals("milk", entry.get("kind").getAsString());
            assertEquals(path.toString(), entry.get("path").getAsString());
            assertEquals(
                    stream.shape().lengths().length,
                    entry.get("shape").getAsJsonArray().size());
        } finally {
            ImageStream.remove(path);
        }
    }

    @Test
    void shouldShowStreamsAndArraysOfADirectoryAndNothingElse() throws IOException {
        Files.write(shm.file("notes.txt"), new byte[5000]);
        Files.createDirectory(shm.file("sub"));
        Files.createSymbolicLink(shm.file("gone.im.shm"), shm.file("nothing.im.shm"));
        SharedArray.create("file://" + shm.file("array.bin"), DataType.UINT8, Shape.of(7))
                .close();
        Path stream = shm.file(unique + ".im.shm");
        ImageStream.create(stream, StreamSpec.milk(DataType.INT16, Shape.of(5, 6)))
                .close();

        Map<String, JsonObject> found = byName(shm.run("list", "DIR", "--json"));

        String array = "file://" + shm.file("array.bin");
        assertEquals(
                List.of(array, "gone", unique), found.keySet().stream().sorted().toList());
        assertTrue(found.get("gone").get("kind").isJsonNull());
        assertTrue(found.get("gone").get("findings").toString().contains("leads nowhere"));
        assertNull(found.get("notes.txt"));
    }
}
