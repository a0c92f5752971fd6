package org.shmrt.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.shmrt.memory.DataType;
import org.shmrt.memory.Shape;
import org.shmrt.stream.FrameReader;
import org.shmrt.stream.FrameWriter;
import org.shmrt.stream.ImageStream;
import org.shmrt.stream.WaitStrategy;
import org.shmrt.stream.format.StreamSpec;
import org.shmrt.stream.inspect.StreamInfo;
import org.shmrt.testing.Golden;

/** {@code shm info}: what only some streams have, and what is odd. */
class InfoVerbTest {
    @TempDir
    private Path directory;

    private TestStream stream;

    @BeforeEach
    void nameStream() {
        stream = new TestStream(directory);
    }

    @AfterEach
    void removeStream() {
        stream.close();
    }

    private static JsonObject json(Object path) {
        CommandRun run = CommandRun.of("info", path.toString(), "--json");
        assertEquals(0, run.status(), run.err());
        return JsonParser.parseString(run.out()).getAsJsonObject();
    }

    private static String text(Object path) {
        CommandRun run = CommandRun.of("info", path.toString());
        assertEquals(0, run.status(), run.err());
        return run.out();
    }

    private void patch(long offset, int bytes, long value) throws IOException {
        ByteBuffer word = ByteBuffer.allocate(8)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(0, value)
                .limit(bytes);
        try (FileChannel file = FileChannel.open(stream.path(), StandardOpenOption.WRITE)) {
            file.write(word, offset);
        }
    }

    private ImageStream create(String format) {
        return ImageStream.create(stream.path(), StreamSpec.of(format, DataType.UINT8, Shape.of(2, 2)));
    }

    @Test
    void shouldShowReservationsOfAMilkStream() {
        int pid = (int) ProcessHandle.current().pid();
        try (ImageStream open = create("milk");
                FrameWriter writer = open.writer();
                FrameReader reader = open.reader(WaitStrategy.semaphore(3))) {
            writer.claim();
            writer.publish();

            JsonObject info = json(stream);

            assertEquals(
                    pid,
                    info.getAsJsonArray("sem_reader_pids")
                            .get(reader.semaphoreIndex())
                            .getAsInt());
            assertTrue(info.getAsJsonArray("sem_reader_pids").get(4).isJsonNull());
            assertEquals(pid, info.getAsJsonArray("sem_writer_pids").get(4).getAsInt());
            assertTrue(info.get("written_ns").getAsLong() > 0);
            assertTrue(text(stream).contains("semaphore 3 by process " + pid), text(stream));
            assertTrue(info.getAsJsonArray("findings").isEmpty(), info.toString());
        }
    }

    @Test
    void shouldHaveTheSameKeysForDao() {
        create("dao").close();

        JsonObject info = json(stream);

        assertTrue(info.getAsJsonArray("sem_reader_pids").get(0).isJsonNull());
        assertTrue(info.get("written_ns").isJsonNull() && info.get("circular").isJsonNull());
        assertTrue(
                info.get("cube").isJsonNull() && info.getAsJsonArray("traces").isEmpty());
        assertEquals("file", info.get("location").getAsString());
    }

    @Test
    void shouldShowBufferCubeAndTraces() {
        Path buffer = Golden.named("milk", "cb3_2d_float32_7updates").copyTo(directory.resolve("b.im.shm"));
        Path cube = Golden.named("milk", "circ3d_float32_7slices").copyTo(directory.resolve("c.im.shm"));
        Golden traced = Golden.named("milk", "proctrace_2d_uint8");
        Path trace = traced.copyTo(directory.resolve("t.im.shm"));

        assertEquals(
                "{\"size\":3,\"newest_slot\":1}", json(buffer).get("circular").toString());
        assertTrue(text(buffer).contains("buffer of 3 frames, newest in slot 1"), text(buffer));
        assertEquals(5, json(cube).getAsJsonObject("cube").get("slices").getAsInt());
        assertEquals(json(cube).get("cnt1"), json(cube).getAsJsonObject("cube").get("newest_slice"));
        assertTrue(text(cube).contains("rolling, of 5 slices"), text(cube));
        assertEquals(
                StreamInfo.of(trace).traces().size(),
                json(trace).getAsJsonArray("traces").size());
        assertTrue(json(trace)
                        .getAsJsonArray("traces")
                        .get(0)
                        .getAsJsonObject()
                        .get("pid")
                        .getAsInt()
                > 0);
        assertTrue(text(trace).contains("woken by frame"), text(trace));
    }

    @ParameterizedTest
    @ValueSource(strings = {"dao", "milk"})
    void shouldFindAFlagThatADeadWriterLeft(String format) throws IOException {
        long offset;
        try (ImageStream open = create(format)) {
            offset = open.layout().writeFlagOffset();
        }
        patch(offset, 1, 1);

        assertEquals(1, json(stream).get("write").getAsInt());
        assertTrue(json(stream).get("findings").toString().contains("a write flag is set"), text(stream));
        assertTrue(text(stream).contains("a write flag is set"));
    }

    @Test
    void shouldFindSemaphoresAboveTheCapOrMissing() throws IOException {
        long offset;
        try (ImageStream open = create("milk")) {
            offset = open.layout().semaphores().offset();
        }
        patch(offset + 32 * 2, 4, 11);
        assertTrue(json(stream).get("findings").toString().contains("semaphore 2 has value 11, above the cap of 10"));
        ImageStream.remove(stream.path());
        String name;
        try (ImageStream open = create("dao")) {
            name = open.layout().semaphores().names().get(7);
        }
        Files.delete(Path.of("/dev/shm/sem." + name));
        assertTrue(json(stream).get("findings").toString().contains("semaphores [7] are missing"), text(stream));
    }

    @ParameterizedTest
    @ValueSource(strings = {"dao", "milk"})
    void shouldRefuseAFileWhoseSizeDisagreesInOneLine(String format) throws IOException {
        create(format).close();
        byte[] sound = Files.readAllBytes(stream.path());
        Path longer = Files.write(directory.resolve("longer.im.shm"), Arrays.copyOf(sound, sound.length + 16));

        CommandRun run = CommandRun.of("info", longer.toString());

        assertTrue(run.failedInOneLine(1), run.toString());
        assertTrue(run.err().contains("size is " + (sound.length + 16) + " bytes"), run.err());
    }
}
