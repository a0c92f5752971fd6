package org.shmrt.cli.stream;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.shmrt.cli.CommandRun;
import org.shmrt.cli.ShmCommand;
import org.shmrt.image.NpyFile;
import org.shmrt.memory.DataType;
import org.shmrt.memory.MemoryImage;
import org.shmrt.memory.Shape;
import org.shmrt.testing.Golden;

class StreamVerbsTest {
    private static final List<String> DOCUMENTED_KEYS = List.of(
            "name",
            "stored_name",
            "path",
            "kind",
            "variant",
            "dtype",
            "shape",
            "axes",
            "depth",
            "cnt0",
            "cnt1",
            "cnt2",
            "write",
            "last_written",
            "bytes",
            "semaphores",
            "sem_values",
            "keywords",
            "created",
            "acquired_ns",
            "age_s",
            "creator_pid",
            "findings");

    @RegisterExtension
    final ShmCommand shm = ShmCommand.inTmp();

    private Path ramp(String file, Shape shape) {
        short[] pixels = new short[(int) shape.elementCount()];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (short) (i * 7);
        }
        Path path = shm.file(file);
        NpyFile.write(path, new MemoryImage(DataType.UINT16, shape, MemorySegment.ofArray(pixels)));
        return path;
    }

    private void create(String shape) {
        shm.run("create", "STREAM", "--shape", shape, "--dtype", "u16").succeeded();
    }

    private JsonObject info() {
        return shm.run("info", "STREAM", "--json").json();
    }

    @Test
    void shouldReadBackTheFrameItWrote() throws IOException {
        Path in = ramp("in.npy", Shape.of(4, 3));
        Path out = shm.file("out.npy");
        create("4x3");

        CommandRun written = shm.run("write", "STREAM", "--in", in.toString());
        CommandRun read = shm.run("read", "STREAM", "--out", out.toString());

        written.succeeded();
        read.succeeded();
        assertArrayEquals(Files.readAllBytes(in), Files.readAllBytes(out));
    }

    @Test
    void shouldCountAFirstFrameAsWrittenAndReleaseTheSemaphores() {
        Path in = ramp("in.npy", Shape.of(4, 3));

        CommandRun created = shm.run("create", "STREAM", "--in", in.toString());

        created.succeeded();
        assertEquals(1, info().get("cnt0").getAsLong());
        info().getAsJsonArray("sem_values").forEach(value -> assertEquals(1, value.getAsInt()));
    }

    @Test
    void shouldReportTheDocumentedKeysWithTheirValues() throws IOException {
        shm.run("create", "STREAM", "--shape", "97", "--dtype", "f32", "--keywords", "3", "--depth", "2");

        JsonObject info = info();

        assertTrue(info.keySet().containsAll(DOCUMENTED_KEYS), info.toString());
        assertEquals("dao", info.get("kind").getAsString());
        assertEquals("float32", info.get("dtype").getAsString());
        assertEquals("[97,1]", info.get("shape").toString());
        assertEquals("[97,1]", info.get("axes").toString());
        assertEquals(2, info.get("depth").getAsInt());
        assertEquals(0, info.get("cnt0").getAsInt());
        assertEquals(1, info.get("last_written").getAsInt());
        assertEquals(Files.size(shm.stream()), info.get("bytes").getAsLong());
        assertEquals(10, info.getAsJsonArray("sem_values").size());
        assertTrue(info.get("age_s").isJsonNull());
        assertEquals("[]", info.get("findings").toString());
    }

    @Test
    void shouldListStreamsAndReportFilesThatAreNotStreams() throws IOException {
        create("4x3");
        Files.writeString(shm.file("broken.im.shm"), "no stream");
        Files.createSymbolicLink(shm.file("dangling.im.shm"), shm.file("nowhere"));

        JsonArray entries = shm.run("list", "DIR", "--json").jsonArray();
        String text = shm.run("list", "DIR").out();

        assertEquals(3, entries.size());
        assertTrue(entries.get(0).getAsJsonObject().get("kind").isJsonNull());
        assertTrue(entries.get(0).getAsJsonObject().get("findings").toString().contains("9 bytes"));
        assertTrue(entries.get(1).getAsJsonObject().get("findings").toString().contains("leads nowhere"));
        assertEquals(
                shm.file("nowhere").toString(),
                entries.get(1).getAsJsonObject().get("link").getAsString());
        assertEquals("dao", entries.get(2).getAsJsonObject().get("kind").getAsString());
        assertEquals(4, text.lines().count(), text);
    }

    @Test
    @Tag("slow")
    void shouldListHundredsInTheOrderOfTheirNames() throws IOException {
        Golden golden = Golden.named("dao", "fifo4_6frames_uint16");
        for (int i = 0; i < 500; i++) {
            golden.copyTo(shm.file(String.format("cam%03d.im.shm", i)));
        }
        Files.delete(shm.file("cam123.im.shm"));
        Files.createSymbolicLink(shm.file("cam123.im.shm"), shm.file("cam004.im.shm"));

        List<String> lines = shm.run("list", "DIR").out().lines().toList();
        JsonArray entries = shm.run("list", "DIR", "--json").jsonArray();

        assertEquals(501, lines.size());
        assertEquals(500, entries.size());
        String row = "                   dao   4x3            uint16              6 ";
        for (int i = 0; i < 500; i++) {
            String name = String.format("cam%03d", i);
            assertTrue(lines.get(i + 1).startsWith(i == 123 ? "cam123 (link)" : name + row), lines.get(i + 1));
            assertTrue(lines.get(i + 1).contains("semaphores [0, 1, 2, 3, 4, 5, 6, 7, 8, 9] are missing"));
            assertTrue(
                    entries.get(i).getAsJsonObject().get("path").getAsString().endsWith(name + ".im.shm"));
        }
    }

    @Test
    void shouldSaveAFrameAsPng() throws IOException {
        shm.run("create", "STREAM", "--in", ramp("in.npy", Shape.of(30, 40)).toString());
        Path png = shm.file("frame.png");

        CommandRun read = shm.run("read", "STREAM", "--out", png.toString());

        read.succeeded();
        assertEquals(40, ImageIO.read(png.toFile()).getWidth());
        assertTrue(read.err().contains("8393"), "the grey scale is reported: " + read.err());
    }

    @Test
    void shouldStackSeveralFramesAndWriteThemAgain() throws IOException {
        Path three = ramp("three.npy", Shape.of(3, 4, 3));
        Path raw = shm.file("last.raw");
        create("4x3");

        CommandRun written = shm.run("write", "STREAM", "--in", three.toString(), "--json");
        CommandRun read = shm.run("read", "STREAM", "--out", raw.toString());

        assertEquals(3, written.json().get("frames").getAsInt());
        read.succeeded();
        byte[] all = Files.readAllBytes(three);
        byte[] last = Files.readAllBytes(raw);
        for (int i = 0; i < last.length; i++) {
            assertEquals(all[all.length - last.length + i], last[i], "byte " + i);
        }
    }

    @Test
    void shouldWriteAVectorIntoAStreamThatStoresItAsAColumn() {
        shm.run("create", "STREAM", "--shape", "12", "--dtype", "u16");

        CommandRun written =
                shm.run("write", "STREAM", "--in", ramp("v.npy", Shape.of(12)).toString());

        written.succeeded();
        assertEquals(1, info().get("cnt0").getAsInt());
    }

    @Test
    void shouldLoopUntilTheCountIsReached() {
        create("4x3");

        CommandRun written = shm.run(
                "write",
                "STREAM",
                "--in",
                ramp("in.npy", Shape.of(4, 3)).toString(),
                "--loop",
                "--count",
                "25",
                "--rate",
                "1000");

        written.succeeded();
        assertEquals(25, info().get("cnt0").getAsInt());
    }

    @Test
    void shouldReadADeadWritersFrameWithAWarning() throws IOException {
        create("4x3");
        byte[] file = Files.readAllBytes(shm.stream());
        file[176] = 1;
        Files.write(shm.stream(), file);

        CommandRun now = shm.run("read", "STREAM");
        CommandRun waiting = shm.run("read", "STREAM", "--wait", "idle");

        now.succeeded();
        assertTrue(now.err().contains("partly written"), now.err());
        waiting.refused(1, "");
        assertTrue(info().get("findings").toString().contains("may have died"), info().toString());
    }

    @Test
    void shouldRemoveTheFileAndItsSemaphoresAndContinueAfterAFailure() throws IOException {
        create("4x3");
        String local = shm.stream().getFileName().toString().replace(".im.shm", "");

        CommandRun removed = shm.run("rm", "DIR/none.im.shm", "STREAM");

        assertEquals(1, removed.status());
        assertEquals(1, removed.err().lines().count());
        assertFalse(Files.exists(shm.stream()));
        try (Stream<Path> left = Files.list(Path.of("/dev/shm"))) {
            assertTrue(left.noneMatch(path -> path.toString().contains(local)));
        }
    }

    @Test
    void shouldRemoveOnlyTheLinkOfALink() throws IOException {
        create("4x3");
        Path link = shm.file("link.im.shm");
        Files.createSymbolicLink(link, shm.stream());

        CommandRun removed = shm.run("rm", link.toString());

        removed.succeeded();
        assertFalse(Files.exists(link));
        assertTrue(Files.exists(shm.stream()));
    }
}
