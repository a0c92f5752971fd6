package org.shmrt.web;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.lang.foreign.MemorySegment;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.shmrt.memory.DataType;
import org.shmrt.memory.Shape;
import org.shmrt.process.ChildProcess;
import org.shmrt.stream.FrameWriter;
import org.shmrt.stream.ImageStream;
import org.shmrt.stream.format.StreamSpec;
import org.shmrt.testing.ChildJvm;

/** Each request of the page, and its answers. */
@Timeout(600)
@Tag("slow")
class ViewRequestsTest {
    @RegisterExtension
    final ViewFixture view = new ViewFixture();

    private static byte[] random(long bytes, int seed) {
        byte[] values = new byte[(int) bytes];
        new Random(seed).nextBytes(values);
        return values;
    }

    private static void write(FrameWriter writer, byte[] frame) {
        writer.write(MemorySegment.ofArray(frame));
    }

    private static List<Integer> integers(JsonArray array) {
        return array.asList().stream().map(element -> element.getAsInt()).toList();
    }

    @Test
    void shouldSayWhoItIsAndSendTheColourMaps() {
        view.start();
        try (ViewPage page = view.page()) {
            ViewPage.Message hello = page.ask("op", "hello", "id", 7);

            assertEquals(7, hello.json().get("id").getAsInt());
            assertEquals("test", hello.text("version"));
            assertEquals(view.scratch.directory().toString(), hello.text("directory"));
            assertTrue(hello.json().get("readOnly").getAsBoolean());
            Set<String> maps = new TreeSet<>();
            for (var map : hello.json().getAsJsonArray("colourMaps")) {
                maps.add(map.getAsJsonObject().get("name").getAsString());
                assertEquals(
                        768,
                        Base64.getDecoder()
                                .decode(map.getAsJsonObject().get("rgb").getAsString())
                                .length);
            }
            assertEquals(Set.of("grey", "viridis", "inferno", "blue-red", "cyclic"), maps);
        }
    }

    @ParameterizedTest
    @EnumSource(value = DataType.class, names = "BOOL", mode = EnumSource.Mode.EXCLUDE)
    void shouldSendThePixelsOfEveryTypeAsTheyAre(DataType type) {
        Shape shape = Shape.of(37, 53);
        StreamSpec spec = type == DataType.FLOAT16 ? StreamSpec.milk(type, shape) : StreamSpec.dao(type, shape);
        byte[] pixels = random(shape.byteSize(type), type.ordinal());
        view.start();
        try (ImageStream stream = view.create("s", spec);
                FrameWriter writer = stream.writer();
                ViewPage page = view.page()) {
            write(writer, pixels);

            ViewPage.Message frame = page.frame(view.name("s"));

            assertEquals("frame", frame.op());
            assertArrayEquals(pixels, frame.payload());
            assertEquals(0, frame.headerBytes() % 16);
            assertEquals(type.numpyName(), frame.text("dtype"));
            assertEquals(List.of(37, 53), integers(frame.json().getAsJsonArray("shape")));
            assertEquals("1", frame.text("count"));
            assertEquals(pixels.length, frame.json().get("bytes").getAsInt());
            assertEquals(view.name("s"), frame.text("stream"));
            assertTrue(Long.parseLong(frame.text("nowNs")) >= Long.parseLong(frame.text("acquiredNs")));
        }
    }

    @Test
    void shouldSendTheNextFrameOnlyWhenThereIsOne() {
        view.start();
        try (ImageStream stream = view.create("s", DataType.UINT8, 4, 4);
                FrameWriter writer = stream.writer();
                ViewPage page = view.page()) {
            write(writer, random(16, 1));
            ViewPage.Message first = page.frame(view.name("s"));

            ViewPage.Message none = page.frame(
                    view.name("s"), "after", first.text("count"), "generation", first.text("generation"), "waitMs", 50);
            page.send("op", "frame", "id", 3, "stream", view.name("s"), "after", first.text("count"), "waitMs", 20000);
            write(writer, random(16, 2));
            ViewPage.Message second = page.receive();

            assertTrue(none.json().get("none").getAsBoolean());
            assertEquals("TIMED_OUT", none.text("why"));
            assertEquals("2", second.text("count"));
            assertEquals(3, second.json().get("id").getAsInt());
            assertArrayEquals(random(16, 2), second.payload());
        }
    }

    @Test
    void shouldSayThatAStreamWasNeverWrittenOrIsNotThere() {
        view.start();
        view.create("empty", DataType.UINT8, 4, 4).close();
        try (ViewPage page = view.page()) {
            assertEquals("NEVER_WRITTEN", page.frame(view.name("empty")).text("why"));
            assertEquals("REMOVED", page.frame("no-such-stream").text("why"));
        }
    }

    @Test
    void shouldSendOneSliceOfACube() {
        byte[] cube = random(3 * 8 * 5 * 2, 3);
        view.start();
        try (ImageStream stream = view.create("cube", DataType.UINT16, 3, 8, 5);
                FrameWriter writer = stream.writer();
                ViewPage page = view.page()) {
            write(writer, cube);

            ViewPage.Message slice = page.frame(view.name("cube"), "slice", 2);
            ViewPage.Message whole = page.frame(view.name("cube"));
            ViewPage.Message wrong = page.frame(view.name("cube"), "slice", 3);

            assertArrayEquals(Arrays.copyOfRange(cube, 2 * 80, 3 * 80), slice.payload());
            assertEquals(List.of(8, 5), integers(slice.json().getAsJsonArray("shape")));
            assertEquals(List.of(3, 8, 5), integers(slice.json().getAsJsonArray("streamShape")));
            assertEquals(2, slice.json().get("slice").getAsInt());
            assertEquals(3, slice.json().get("slices").getAsInt());
            assertTrue(whole.json().get("slice").isJsonNull());
            assertArrayEquals(cube, whole.payload());
            assertEquals("error", wrong.op());
            assertTrue(wrong.text("message").contains("slices 0 to 2"), wrong.text("message"));
        }
    }

    @Test
    void shouldReadOnlyTheSliceOfALargeCube() {
        byte[] cube = random(40L * 256 * 256 * 2, 4);
        view.start();
        try (ImageStream stream = view.create("cube", DataType.UINT16, 40, 256, 256);
                FrameWriter writer = stream.writer();
                ViewPage page = view.page()) {
            write(writer, cube);

            ViewPage.Message slice = page.frame(view.name("cube"), "slice", 39);

            assertArrayEquals(Arrays.copyOfRange(cube, 39 * 131_072, 40 * 131_072), slice.payload());
            assertTrue(view.server().pool().allocatedBytes() < 1 << 20, "the whole cube was copied");
        }
    }

    private static List<StreamSpec> streamsThatKeepFourFrames() {
        return List.of(
                StreamSpec.dao(DataType.UINT8, Shape.of(4, 4)).withDepth(4),
                StreamSpec.milk(DataType.UINT8, Shape.of(4, 4)).withCircularBuffer(4));
    }

    @ParameterizedTest
    @MethodSource("streamsThatKeepFourFrames")
    void shouldSendTheFramesThatAStreamKeeps(StreamSpec spec) {
        view.start();
        try (ImageStream stream = view.create("ring", spec);
                FrameWriter writer = stream.writer();
                ViewPage page = view.page()) {
            for (int i = 1; i <= 6; i++) {
                write(writer, random(16, i));
            }

            JsonArray slots = page.ask("op", "history", "id", 1, "stream", view.name("ring"))
                    .json()
                    .getAsJsonArray("slots");

            assertEquals(
                    List.of("3", "4", "5", "6"),
                    slots.asList().stream()
                            .map(slot -> slot.getAsJsonObject().get("count").getAsString())
                            .toList());
            for (var slot : slots) {
                JsonObject entry = slot.getAsJsonObject();
                ViewPage.Message past = page.ask(
                        "op",
                        "past",
                        "id",
                        2,
                        "stream",
                        view.name("ring"),
                        "slot",
                        entry.get("slot").getAsInt());
                assertEquals(entry.get("count").getAsString(), past.text("count"));
                assertArrayEquals(random(16, entry.get("count").getAsInt()), past.payload());
            }
            assertEquals(
                    "error",
                    page.ask("op", "past", "id", 2, "stream", view.name("ring"), "slot", 4)
                            .op());
        }
    }

    @Test
    void shouldSendTheSlicesOfARollingCubeInTheOrderOfTime() {
        view.start();
        StreamSpec spec = StreamSpec.milk(DataType.UINT8, Shape.of(3, 4, 4)).asRollingCube();
        try (ImageStream stream = view.create("cube", spec);
                FrameWriter writer = stream.writer();
                ViewPage page = view.page()) {
            for (int i = 1; i <= 4; i++) {
                writer.writeSlice(MemorySegment.ofArray(random(16, i)));
            }

            JsonArray slots = page.ask("op", "history", "id", 1, "stream", view.name("cube"))
                    .json()
                    .getAsJsonArray("slots");
            JsonObject oldest = slots.get(0).getAsJsonObject();
            ViewPage.Message past = page.ask(
                    "op",
                    "past",
                    "id",
                    2,
                    "stream",
                    view.name("cube"),
                    "slot",
                    oldest.get("slot").getAsInt());

            assertEquals("2", oldest.get("count").getAsString());
            assertEquals("2", past.text("count"));
            assertArrayEquals(random(16, 2), past.payload());
        }
    }

    @Test
    void shouldListStreamsAndLoopsAndProblems() throws Exception {
        view.start();
        Files.write(view.scratch.stream("bad"), new byte[5000]);
        try (ImageStream stream = view.create("s", DataType.FLOAT32, 6, 4);
                FrameWriter writer = stream.writer();
                ViewPage page = view.page()) {
            JsonObject list;
            long startNs;
            do { // a list that comes half a second after the newest frame shows a stream that is late
                startNs = System.nanoTime();
                write(writer, random(96, 1));
                list = page.ask("op", "list", "id", 2).json();
            } while (System.nanoTime() - startNs > 400_000_000L);

            JsonObject entry = list.getAsJsonArray("streams").get(0).getAsJsonObject();
            assertEquals(1, list.getAsJsonArray("streams").size());
            assertEquals(view.name("s"), entry.get("name").getAsString());
            assertEquals("float32", entry.get("dtype").getAsString());
            assertEquals(List.of(6, 4), integers(entry.getAsJsonArray("shape")));
            assertEquals(
                    Long.toString(stream.status().cnt0()), entry.get("count").getAsString());
            assertEquals("fresh", entry.get("state").getAsString());
            assertEquals(96, entry.get("bytes").getAsInt());
            assertEquals(ProcessHandle.current().pid(), entry.get("writerPid").getAsLong());
            assertFalse(entry.get("generation").getAsString().isEmpty());
            assertEquals(
                    view.name("bad"),
                    list.getAsJsonArray("problems")
                            .get(0)
                            .getAsJsonObject()
                            .get("name")
                            .getAsString());
            assertEquals(
                    "hwfs",
                    list.getAsJsonArray("loops")
                            .get(0)
                            .getAsJsonObject()
                            .get("name")
                            .getAsString());
        }
    }

    @Test
    void shouldMeasureTheRateOfAStream() throws InterruptedException {
        view.start();
        try (ImageStream stream = view.create("s", DataType.UINT8, 4, 4);
                FrameWriter writer = stream.writer();
                ViewPage page = view.page()) {
            JsonObject entry = new JsonObject();
            byte[] frame = random(16, 1);
            while (!entry.has("rateHz")
                    || entry.get("rateHz").isJsonNull()
                    || entry.get("rateHz").getAsDouble() == 0
                    || entry.get("intervalUs").isJsonNull()) {
                for (int i = 0; i < 5; i++) {
                    write(writer, frame);
                    Thread.sleep(20);
                }
                entry = page.ask("op", "list", "id", 2)
                        .json()
                        .getAsJsonArray("streams")
                        .get(0)
                        .getAsJsonObject();
            }

            double rate = entry.get("rateHz").getAsDouble();
            double median = entry.getAsJsonObject("intervalUs").get("p50").getAsDouble();
            assertTrue(rate > 0 && rate <= 50, "slept for 20 ms after each frame: " + rate);
            assertTrue(median >= 19_900, "slept for 20 ms after each frame: " + median);
            assertTrue(entry.getAsJsonObject("intervalUs").get("p99").getAsDouble() >= median);
            assertFalse(entry.getAsJsonArray("spark").isEmpty());
        }
    }

    @Test
    void shouldSendThumbnailsOfWhatHasChanged() {
        byte[] ramp = new byte[200 * 100];
        for (int i = 0; i < ramp.length; i++) {
            ramp[i] = (byte) (i % 100);
        }
        view.start();
        try (ImageStream stream = view.create("s", DataType.UINT8, 200, 100);
                FrameWriter writer = stream.writer();
                ViewPage page = view.page()) {
            write(writer, ramp);
            Map<String, Object> name = Map.of("name", view.name("s"));

            ViewPage.Message thumb = page.ask("op", "thumbs", "id", 3, "size", 50, "names", List.of(name));
            ViewPage.Message done = page.receive();
            ViewPage.Message same =
                    page.ask("op", "thumbs", "id", 4, "names", List.of(Map.of("name", view.name("s"), "after", "1")));

            assertEquals("thumb", thumb.op());
            assertEquals(25, thumb.json().get("width").getAsInt());
            assertEquals(50, thumb.json().get("height").getAsInt());
            assertEquals(25 * 50, thumb.payload().length);
            assertEquals(25 * 50, thumb.json().get("valid").getAsInt());
            assertTrue((thumb.payload()[24] & 0xFF) > (thumb.payload()[0] & 0xFF));
            assertEquals("thumbs", done.op());
            assertTrue(done.json().get("done").getAsBoolean());
            assertEquals("thumbs", same.op());
        }
    }

    @Test
    void shouldPassTheReportsOn() {
        view.start();
        view.create("s", DataType.UINT8, 4, 4).close();
        try (ViewPage page = view.page()) {
            JsonObject info =
                    page.ask("op", "info", "id", 7, "stream", view.name("s")).json();
            ViewPage.Message loop = page.ask("op", "loop", "id", 8, "name", "hwfs");
            ViewPage.Message none = page.ask("op", "loop", "id", 9, "name", "other");

            assertEquals(
                    view.scratch.stream("s").toString(),
                    info.getAsJsonObject("info").get("path").getAsString());
            assertTrue(loop.json().getAsJsonObject("loop").has("buckets"));
            assertEquals("there is no loop other", none.text("message"));
            assertEquals(9, none.json().get("request").getAsInt());
        }
    }

    @Test
    void shouldFollowAStreamThatIsCreatedAgain() {
        view.start();
        try (ViewPage page = view.page()) {
            ViewPage.Message before;
            try (ImageStream stream = view.create("s", DataType.UINT8, 4, 4);
                    FrameWriter writer = stream.writer()) {
                write(writer, random(16, 1));
                before = page.frame(view.name("s"));
            }
            ImageStream.remove(view.scratch.stream("s"));
            ViewPage.Message gone = page.frame(view.name("s"), "after", before.text("count"), "waitMs", 5000);
            try (ImageStream stream = view.create("s", DataType.UINT16, 2, 3);
                    FrameWriter writer = stream.writer()) {
                write(writer, random(12, 2));

                ViewPage.Message after = page.frame(
                        view.name("s"), "after", before.text("count"), "generation", before.text("generation"));
                while (after.op().equals("frame") && after.payload().length == 0) {
                    after = page.frame(view.name("s"));
                }

                assertEquals("uint16", after.text("dtype"));
                assertEquals("1", after.text("count"));
                assertNotEquals(before.text("generation"), after.text("generation"));
                assertArrayEquals(random(12, 2), after.payload());
            }
            assertTrue(gone.json().get("none").getAsBoolean());
        }
    }

    @Test
    void shouldReportAWriterThatDiedInAFrame() {
        view.start();
        try (ImageStream stream = view.create("s", DataType.UINT8, 4, 4)) {
            try (FrameWriter writer = stream.writer()) {
                write(writer, random(16, 1));
            }
            try (ChildProcess child = ChildJvm.start("claim", view.scratch.stream("s"))) {
                child.line();
                child.kill();
                child.exitCode();
            }
            try (ViewPage page = view.page()) {
                assertEquals("STALE_WRITER", page.frame(view.name("s")).text("why"));
                assertEquals(
                        "dead",
                        page.ask("op", "list", "id", 1)
                                .json()
                                .getAsJsonArray("streams")
                                .get(0)
                                .getAsJsonObject()
                                .get("state")
                                .getAsString());
                try (FrameWriter next = stream.writer()) {
                    write(next, random(16, 2));

                    assertArrayEquals(random(16, 2), page.frame(view.name("s")).payload());
                }
            }
        }
    }

    @Test
    void shouldListStreamsThatAppearAndForgetRemovedOnes() throws InterruptedException {
        view.start();
        try (ViewPage page = view.page()) {
            assertEquals(Set.of(), names(page));
            view.create("new", DataType.UINT8, 4, 4).close();
            while (!names(page).equals(Set.of(view.name("new")))) {
                Thread.sleep(50);
            }
            ImageStream.remove(view.scratch.stream("new"));
            while (!names(page).isEmpty()) {
                Thread.sleep(50);
            }
        }
    }

    private static Set<String> names(ViewPage page) {
        Set<String> names = new TreeSet<>();
        for (var entry : page.ask("op", "list", "id", 1).json().getAsJsonArray("streams")) {
            names.add(entry.getAsJsonObject().get("name").getAsString());
        }
        return names;
    }

    @Test
    void shouldSaveTheNewestFrameInEachFormat() {
        byte[] pixels = random(16 * 12 * 2, 5);
        view.start();
        try (ImageStream stream = view.create("s", DataType.UINT16, 16, 12);
                FrameWriter writer = stream.writer()) {
            write(writer, pixels);

            HttpResponse<byte[]> npy = view.get("/save?stream=" + view.name("s") + "&as=npy");
            HttpResponse<byte[]> png = view.get("/save?stream=" + view.name("s") + "&as=png");
            HttpResponse<byte[]> fits = view.get("/save?stream=" + view.name("s") + "&as=fits");

            assertEquals(200, npy.statusCode());
            assertEquals((byte) 0x93, npy.body()[0]);
            assertArrayEquals(
                    pixels, Arrays.copyOfRange(npy.body(), npy.body().length - pixels.length, npy.body().length));
            assertEquals(
                    "attachment; filename=\"" + view.name("s") + "-1.npy\"",
                    npy.headers().firstValue("Content-Disposition").orElse(""));
            assertEquals("image/png", png.headers().firstValue("Content-Type").orElse(""));
            assertEquals('P', png.body()[1]);
            assertEquals(0, fits.body().length % 2880);
            assertEquals("SIMPLE", new String(fits.body(), 0, 6, StandardCharsets.US_ASCII));
            assertEquals(404, view.get("/save?stream=none&as=npy").statusCode());
            assertEquals(
                    400, view.get("/save?stream=" + view.name("s") + "&as=exe").statusCode());
            assertEquals(
                    409,
                    view.get("/save?stream=" + view.name("s") + "&as=npy&slice=7")
                            .statusCode());
        }
    }
}
