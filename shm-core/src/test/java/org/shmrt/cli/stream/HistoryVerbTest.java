package org.shmrt.cli.stream;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonParser;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.shmrt.cli.CommandRun;
import org.shmrt.cli.ShmCommand;
import org.shmrt.image.NpyFile;
import org.shmrt.memory.DataType;
import org.shmrt.memory.MemoryImage;
import org.shmrt.memory.Shape;
import org.shmrt.process.ChildProcess;
import org.shmrt.stream.FrameWriter;
import org.shmrt.stream.ImageStream;
import org.shmrt.stream.format.StreamSpec;
import org.shmrt.testing.Golden;

/** {@code shm read --history}, {@code --slot} and {@code --next}: frames before the newest. */
class HistoryVerbTest {
    @RegisterExtension
    final ShmCommand shm = ShmCommand.inTmp();

    private static MemorySegment frame(int value) {
        return MemorySegment.ofArray(new byte[] {(byte) value, (byte) (value + 1), 0, 0, 0, 0});
    }

    private void create(StreamSpec spec, int frames) {
        try (ImageStream made = ImageStream.create(shm.stream(), spec);
                FrameWriter writer = made.writer()) {
            for (int i = 1; i <= frames; i++) {
                writer.write(frame(i * 10));
            }
        }
    }

    private StreamSpec spec(String format) {
        StreamSpec spec = StreamSpec.of(format, DataType.UINT8, Shape.of(2, 3));
        return format.equals("dao") ? spec.withDepth(4) : spec.withCircularBuffer(4);
    }

    @ParameterizedTest
    @ValueSource(strings = {"dao", "milk"})
    void shouldStackTheNewestFrames(String format) throws IOException {
        create(spec(format), 7);
        Path out = shm.file("history.npy");
        Path raw = shm.file("history.raw");

        CommandRun run = shm.run("read", "STREAM", "--history", "3", "--out", out.toString());
        CommandRun all = shm.run("read", "STREAM", "--history", "9", "--out", raw.toString());

        run.succeeded();
        MemoryImage image = NpyFile.read(out);
        assertEquals(Shape.of(3, 2, 3), image.shape());
        assertEquals(50, image.data().get(ValueLayout.JAVA_BYTE, 0));
        assertEquals(70, image.data().get(ValueLayout.JAVA_BYTE, 12));
        all.succeeded();
        assertEquals(4 * 6, Files.size(raw));
        assertTrue(all.err().contains("holds 4 frames, not 9"), all.err());
    }

    @ParameterizedTest
    @ValueSource(strings = {"dao", "milk"})
    void shouldPrintTheCountersOfTheHistory(String format) {
        create(spec(format), 7);

        CommandRun json = shm.run("read", "STREAM", "--history", "2", "--json");
        CommandRun text = shm.run("read", "STREAM", "--history", "2");

        List<String> lines = json.out().lines().toList();
        assertEquals(2, lines.size());
        assertEquals(
                6,
                JsonParser.parseString(lines.get(0))
                        .getAsJsonObject()
                        .get("cnt0")
                        .getAsLong());
        assertEquals(
                7,
                JsonParser.parseString(lines.get(1))
                        .getAsJsonObject()
                        .get("cnt0")
                        .getAsLong());
        assertTrue(text.out().startsWith("frame 6  2x3 uint8"), text.out());
    }

    @Test
    void shouldShowSlicesOfARollingCube() {
        Path file = Golden.named("milk", "circ3d_float32_7slices").copyTo(shm.file("cube.im.shm"));
        Path out = shm.file("slices.npy");

        CommandRun run = shm.run("read", file.toString(), "--history", "2", "--out", out.toString());

        run.succeeded();
        MemoryImage image = NpyFile.read(out);
        assertEquals(Shape.of(2, 3, 4), image.shape());
        assertEquals(600f, image.data().get(ValueLayout.JAVA_FLOAT_UNALIGNED, 0));
        assertEquals(700f, image.data().get(ValueLayout.JAVA_FLOAT_UNALIGNED, 48));
    }

    @Test
    void shouldReadOneSlot() throws IOException {
        create(spec("dao"), 6);
        Path raw = shm.file("slot.raw");

        CommandRun run = shm.run("read", "STREAM", "--slot", "3", "--out", raw.toString());

        run.succeeded();
        assertArrayEquals(frame(40).toArray(ValueLayout.JAVA_BYTE), Files.readAllBytes(raw));
        assertEquals(2, shm.run("read", "STREAM", "--slot", "4").status());
        assertEquals(2, shm.run("read", "STREAM", "--slot", "-1").status());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--history 0",
                "--history 2 --next",
                "--history 2 --count 3",
                "--history 2 --new 0 --wait spin",
                "--history 2 --new 1",
                "--history 2 --new 1 --wait none",
                "--new 1",
                "--slot 1 --count 2",
                "--slot 1 --wait sem",
                "--slot 1 --history 2"
            })
    void shouldRefuseOptionsThatContradictEachOther(String options) {
        create(spec("dao"), 1);
        assertEquals(2, shm.runLine("read STREAM " + options).status());
    }

    @ParameterizedTest
    @ValueSource(strings = {"--wait idle", "--wait sem", "--sem 4", "--wait spin --new 2"})
    void shouldWaitForNewFramesAndReturnOlderOnesToo(String waiting) {
        // Deep enough that no frame is overwritten while the verb copies it.
        create(spec("dao").withDepth(1000), 3);
        try (ChildProcess child = shm.start("read STREAM --history 4 --timeout 30s --json " + waiting);
                ImageStream stream = ImageStream.open(shm.stream());
                FrameWriter writer = stream.writer()) {
            // Frames until the verb has seen those that it waits for: it may start after the first ones.
            while (!child.hasEnded()) {
                writer.write(frame(1));
                LockSupport.parkNanos(20_000_000L);
            }
            List<String> lines = child.rest();

            assertEquals(4, lines.size(), () -> lines + child.errors());
            assertTrue(lines.getLast().contains("\"cnt0\":"), lines.toString());
            assertEquals(0, child.exitCode());
        }
    }

    @Test
    void shouldReportThatNoNewFrameArrived() {
        create(spec("dao"), 3);

        CommandRun run = shm.runLine("read STREAM --history 2 --wait spin --timeout 10ms");

        run.refused(3, "no new frame of");
    }

    @Test
    void shouldReportThatThereIsNoFrameYet() {
        create(spec("dao"), 0);

        CommandRun run = shm.run("read", "STREAM", "--history", "2");

        run.refused(1, "has no frame yet");
    }
}
