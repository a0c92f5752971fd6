package org.shmrt.cli.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.shmrt.cli.CommandRun;
import org.shmrt.cli.ShmCommand;
import org.shmrt.memory.DataType;
import org.shmrt.memory.Shape;
import org.shmrt.stream.FrameReader;
import org.shmrt.stream.FrameWriter;
import org.shmrt.stream.ImageStream;
import org.shmrt.stream.WaitStrategy;
import org.shmrt.stream.format.StreamSpec;
import org.shmrt.stream.inspect.StreamInfo;
import org.shmrt.testing.Golden;

/** {@code shm info}: metadata that only some streams have, and warnings. */
class InfoVerbTest {
    @RegisterExtension
    final ShmCommand shm = ShmCommand.inTmp();

    private JsonObject json(Object path) {
        return shm.run("info", path.toString(), "--json").json();
    }

    private String text(Object path) {
        return shm.run("info", path.toString()).succeeded().out();
    }

    private void patch(long offset, int bytes, long value) throws IOException {
        ByteBuffer word = ByteBuffer.allocate(8)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(0, value)
                .limit(bytes);
        try (FileChannel file = FileChannel.open(shm.stream(), StandardOpenOption.WRITE)) {
            file.write(word, offset);
        }
    }

    private ImageStream create(String format) {
        return ImageStream.create(shm.stream(), StreamSpec.of(format, DataType.UINT8, Shape.of(2, 2)));
    }

    @Test
    void shouldShowReservationsOfAMilkStream() {
        int pid = (int) ProcessHandle.current().pid();
        try (ImageStream open = create("milk");
                FrameWriter writer = open.writer();
                FrameReader reader = open.reader(WaitStrategy.semaphore(3))) {
            writer.claim();
            writer.publish();

            JsonObject info = json("STREAM");

            assertEquals(
                    pid,
                    info.getAsJsonArray("sem_reader_pids")
                            .get(reader.semaphoreIndex())
                            .getAsInt());
            assertTrue(info.getAsJsonArray("sem_reader_pids").get(4).isJsonNull());
            assertEquals(pid, info.getAsJsonArray("sem_writer_pids").get(4).getAsInt());
            assertTrue(info.get("written_ns").getAsLong() > 0);
            assertTrue(text("STREAM").contains("semaphore 3 by process " + pid), text("STREAM"));
            assertTrue(info.getAsJsonArray("findings").isEmpty(), info.toString());
        }
    }

    @Test
    void shouldHaveTheSameKeysForDao() {
        create("dao").close();

        JsonObject info = json("STREAM");

        assertTrue(info.getAsJsonArray("sem_reader_pids").get(0).isJsonNull());
        assertTrue(info.get("written_ns").isJsonNull() && info.get("circular").isJsonNull());
        assertTrue(
                info.get("cube").isJsonNull() && info.getAsJsonArray("traces").isEmpty());
        assertEquals("file", info.get("location").getAsString());
    }

    @Test
    void shouldShowBufferCubeAndTraces() {
        Path buffer = Golden.named("milk", "cb3_2d_float32_7updates").copyTo(shm.file("b.im.shm"));
        Path cube = Golden.named("milk", "circ3d_float32_7slices").copyTo(shm.file("c.im.shm"));
        Golden traced = Golden.named("milk", "proctrace_2d_uint8");
        Path trace = traced.copyTo(shm.file("t.im.shm"));

        assertEquals(
                "{\"size\":3,\"newest_slot\":1}", json(buffer).get("circular").toString());
        assertTrue(text(buffer).contains("buffer of 3 frames, newest in slot 1"), text(buffer));
        assertEquals(5, json(cube).getAsJsonObject("cube").get("slices").getAsInt());
        assertEquals(json(cube).get("cnt1"), json(cube).getAsJsonObject("cube").get("newest_slice"));
        assertTrue(text(cube).contains("rolling, 5 slices"), text(cube));
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
    void shouldWarnOfAFlagThatADeadWriterLeft(String format) throws IOException {
        long offset;
        try (ImageStream open = create(format)) {
            offset = open.layout().writeFlagOffset();
        }
        patch(offset, 1, 1);

        assertEquals(1, json("STREAM").get("write").getAsInt());
        assertTrue(json("STREAM").get("findings").toString().contains("a write flag is set"), text("STREAM"));
        assertTrue(text("STREAM").contains("a write flag is set"));
    }

    @Test
    void shouldWarnOfSemaphoresAboveTheCapOrMissing() throws IOException {
        long offset;
        try (ImageStream open = create("milk")) {
            offset = open.layout().semaphores().offset();
        }
        patch(offset + 32 * 2, 4, 11);
        assertTrue(json("STREAM").get("findings").toString().contains("semaphore 2 has value 11, above the cap of 10"));
        ImageStream.remove(shm.stream());
        String name;
        try (ImageStream open = create("dao")) {
            name = open.layout().semaphores().names().get(7);
        }
        Files.delete(Path.of("/dev/shm/sem." + name));
        assertTrue(json("STREAM").get("findings").toString().contains("semaphores [7] are missing"), text("STREAM"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"dao", "milk"})
    void shouldRefuseAFileWhoseSizeDisagreesInOneLine(String format) throws IOException {
        create(format).close();
        byte[] valid = Files.readAllBytes(shm.stream());
        Path longer = Files.write(shm.file("longer.im.shm"), Arrays.copyOf(valid, valid.length + 16));

        CommandRun run = shm.run("info", longer.toString());

        run.refused(1, "size is " + (valid.length + 16) + " bytes");
    }
}
