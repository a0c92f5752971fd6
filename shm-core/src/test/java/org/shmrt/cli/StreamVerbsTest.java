package org.shmrt.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.shmrt.image.NpyFile;
import org.shmrt.memory.DataType;
import org.shmrt.memory.MemoryImage;
import org.shmrt.memory.Shape;
import org.shmrt.testing.Golden;

class StreamVerbsTest {
    private static final List<String> DOCUMENTED_KEYS = List.of(
            "name",
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

    private Path ramp(String file, Shape shape) {
        short[] pixels = new short[(int) shape.elementCount()];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (short) (i * 7);
        }
        Path path = directory.resolve(file);
        NpyFile.write(path, new MemoryImage(DataType.UINT16, shape, MemorySegment.ofArray(pixels)));
        return path;
    }

    private void create(String shape) {
        assertEquals(
                0,
                CommandRun.of("create", stream.toString(), "--shape", shape, "--dtype", "u16")
                        .status());
    }

    private JsonObject info() {
        return JsonParser.parseString(
                        CommandRun.of("info", stream.toString(), "--json").out())
                .getAsJsonObject();
    }

    @Test
    void shouldReadBackTheFrameItWrote() throws IOException {
        Path in = ramp("in.npy", Shape.of(4, 3));
        Path out = directory.resolve("out.npy");
        create("4x3");

        CommandRun written = CommandRun.of("write", stream.toString(), "--in", in.toString());
        CommandRun read = CommandRun.of("read", stream.toString(), "--out", out.toString());

        assertEquals(0, written.status(), written.err());
        assertEquals(0, read.status(), read.err());
        assertArrayEquals(Files.readAllBytes(in), Files.readAllBytes(out));
    }

    @Test
    void shouldCountAFirstFrameAsWrittenAndReleaseTheSemaphores() {
        Path in = ramp("in.npy", Shape.of(4, 3));

        CommandRun created = CommandRun.of("create", stream.toString(), "--in", in.toString());

        assertEquals(0, created.status(), created.err());
        assertEquals(1, info().get("cnt0").getAsLong());
        info().getAsJsonArray("sem_values").forEach(value -> assertEquals(1, value.getAsInt()));
    }

    @Test
    void shouldReportTheDocumentedKeysAndTheFactsBehindThem() throws IOException {
        CommandRun.of(
                "create", stream.toString(), "--shape", "97", "--dtype", "f32", "--keywords", "3", "--depth", "2");

        JsonObject info = info();

        assertTrue(info.keySet().containsAll(DOCUMENTED_KEYS), info.toString());
        assertEquals("dao", info.get("kind").getAsString());
        assertEquals("float32", info.get("dtype").getAsString());
        assertEquals("[97,1]", info.get("shape").toString());
        assertEquals("[97,1]", info.get("axes").toString());
        assertEquals(2, info.get("depth").getAsInt());
        assertEquals(0, info.get("cnt0").getAsInt());
        assertEquals(1, info.get("last_written").getAsInt());
        assertEquals(Files.size(stream.path()), info.get("bytes").getAsLong());
        assertEquals(10, info.getAsJsonArray("sem_values").size());
        assertTrue(info.get("age_s").isJsonNull());
        assertEquals("[]", info.get("findings").toString());
    }

    @Test
    void shouldListStreamsAndSayWhatIsNone() throws IOException {
        create("4x3");
        Files.writeString(directory.resolve("broken.im.shm"), "no stream");
        Files.createSymbolicLink(directory.resolve("dangling.im.shm"), directory.resolve("nowhere"));

        JsonArray entries = JsonParser.parseString(
                        CommandRun.of("list", directory.toString(), "--json").out())
                .getAsJsonArray();
        String text = CommandRun.of("list", directory.toString()).out();

        assertEquals(3, entries.size());
        assertTrue(entries.get(0).getAsJsonObject().get("kind").isJsonNull());
        assertTrue(entries.get(0).getAsJsonObject().get("findings").toString().contains("9 bytes"));
        assertTrue(entries.get(1).getAsJsonObject().get("findings").toString().contains("leads nowhere"));
        assertEquals(
                directory.resolve("nowhere").toString(),
                entries.get(1).getAsJsonObject().get("link").getAsString());
        assertEquals("dao", entries.get(2).getAsJsonObject().get("kind").getAsString());
        assertEquals(4, text.lines().count(), text);
    }

    @Test
    void shouldListHundredsInTheOrderOfTheirNames() throws IOException {
        Golden golden = Golden.named("dao", "fifo4_6frames_uint16");
        for (int i = 0; i < 500; i++) {
            golden.copyTo(directory.resolve(String.format("cam%03d.im.shm", i)));
        }
        Files.delete(directory.resolve("cam123.im.shm"));
        Files.createSymbolicLink(directory.resolve("cam123.im.shm"), directory.resolve("cam004.im.shm"));

        List<String> lines =
                CommandRun.of("list", directory.toString()).out().lines().toList();
        JsonArray entries = JsonParser.parseString(
                        CommandRun.of("list", directory.toString(), "--json").out())
                .getAsJsonArray();

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
    void shouldMakeAPictureOfAFrame() throws IOException {
        CommandRun.of(
                "create",
                stream.toString(),
                "--in",
                ramp("in.npy", Shape.of(30, 40)).toString());
        Path png = directory.resolve("frame.png");

        CommandRun read = CommandRun.of("read", stream.toString(), "--out", png.toString());

        assertEquals(0, read.status(), read.err());
        assertEquals(40, ImageIO.read(png.toFile()).getWidth());
        assertTrue(read.err().contains("8393"), "the stretch is told: " + read.err());
    }

    @Test
    void shouldStackSeveralFramesAndWriteThemAgain() throws IOException {
        Path three = ramp("three.npy", Shape.of(3, 4, 3));
        Path raw = directory.resolve("last.raw");
        create("4x3");

        CommandRun written = CommandRun.of("write", stream.toString(), "--in", three.toString(), "--json");
        CommandRun read = CommandRun.of("read", stream.toString(), "--out", raw.toString());

        assertEquals(
                3,
                JsonParser.parseString(written.out())
                        .getAsJsonObject()
                        .get("frames")
                        .getAsInt());
        assertEquals(0, read.status(), read.err());
        byte[] all = Files.readAllBytes(three);
        byte[] last = Files.readAllBytes(raw);
        for (int i = 0; i < last.length; i++) {
            assertEquals(all[all.length - last.length + i], last[i], "byte " + i);
        }
    }

    @Test
    void shouldWriteAVectorIntoAStreamThatStoresItAsAColumn() {
        CommandRun.of("create", stream.toString(), "--shape", "12", "--dtype", "u16");

        CommandRun written = CommandRun.of(
                "write", stream.toString(), "--in", ramp("v.npy", Shape.of(12)).toString());

        assertEquals(0, written.status(), written.err());
        assertEquals(1, info().get("cnt0").getAsInt());
    }

    @Test
    void shouldLoopUntilTheCountIsReached() {
        create("4x3");

        CommandRun written = CommandRun.of(
                "write",
                stream.toString(),
                "--in",
                ramp("in.npy", Shape.of(4, 3)).toString(),
                "--loop",
                "--count",
                "25",
                "--rate",
                "1000");

        assertEquals(0, written.status(), written.err());
        assertEquals(25, info().get("cnt0").getAsInt());
    }

    @Test
    void shouldReadADeadWritersFrameWithAWarning() throws IOException {
        create("4x3");
        byte[] file = Files.readAllBytes(stream.path());
        file[176] = 1;
        Files.write(stream.path(), file);

        CommandRun now = CommandRun.of("read", stream.toString());
        CommandRun waiting = CommandRun.of("read", stream.toString(), "--wait", "idle");

        assertEquals(0, now.status(), now.err());
        assertTrue(now.err().contains("half written"), now.err());
        assertTrue(waiting.failedInOneLine(1), waiting.toString());
        assertTrue(info().get("findings").toString().contains("may have died"), info().toString());
    }

    @Test
    void shouldRemoveTheFileAndItsSemaphoresAndGoOnAfterAFailure() throws IOException {
        create("4x3");
        String local = stream.path().getFileName().toString().replace(".im.shm", "");

        CommandRun removed =
                CommandRun.of("rm", directory.resolve("none.im.shm").toString(), stream.toString());

        assertEquals(1, removed.status());
        assertEquals(1, removed.err().lines().count());
        assertFalse(Files.exists(stream.path()));
        try (Stream<Path> left = Files.list(Path.of("/dev/shm"))) {
            assertTrue(left.noneMatch(path -> path.toString().contains(local)));
        }
    }

    @Test
    void shouldRemoveOnlyTheLinkOfALink() throws IOException {
        create("4x3");
        Path link = directory.resolve("link.im.shm");
        Files.createSymbolicLink(link, stream.path());

        CommandRun removed = CommandRun.of("rm", link.toString());

        assertEquals(0, removed.status(), removed.err());
        assertFalse(Files.exists(link));
        assertTrue(Files.exists(stream.path()));
    }

    @Test
    void shouldLeaveNothingBehindAfterTraining() throws IOException {
        CommandRun.of("list"); // loads what the comparison must not see
        long before = entries();

        int status = CdsWarmup.run(
                new java.io.PrintWriter(java.io.Writer.nullWriter()),
                new java.io.PrintWriter(System.err, true, System.err.charset()));

        assertEquals(0, status);
        assertEquals(before, entries());
    }

    private static long entries() throws IOException {
        try (Stream<Path> tmp = Files.list(Path.of(System.getProperty("java.io.tmpdir")));
                Stream<Path> shm = Files.list(Path.of("/dev/shm"))) {
            return Stream.concat(tmp, shm)
                    .filter(path -> path.toString().contains("training"))
                    .count();
        }
    }
}
