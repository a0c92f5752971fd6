package org.shmrt.camera.program;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.shmrt.camera.FrameSource;
import org.shmrt.camera.FrameTarget;
import org.shmrt.camera.Grabber;
import org.shmrt.camera.SourceOptions;
import org.shmrt.error.ShmException;
import org.shmrt.stream.ImageStream;
import org.shmrt.testing.ChildJvm;
import org.shmrt.testing.ExternalCommand;
import org.shmrt.testing.Scratch;

/** ffmpeg and GStreamer with their test pictures. The expected pixels are those that the program writes into a file. */
@Tag("slow")
@Timeout(600)
class ProgramSourcesTest {
    @RegisterExtension
    final Scratch scratch = Scratch.inSharedMemory();

    /** Keeps what a source delivers. */
    private static final class Frames implements FrameTarget {
        private final List<byte[]> pixels = new ArrayList<>();
        private final List<Long> ids = new ArrayList<>();
        private final List<Long> times = new ArrayList<>();
        private final MemorySegment memory;
        private long id;
        private long time;

        Frames(long bytes) {
            memory = Arena.ofAuto().allocate(bytes, 8);
        }

        static Frames of(FrameSource source) {
            Frames frames = new Frames(source.format().frameBytes());
            while (true) {
                switch (source.read(frames, 100_000_000L)) {
                    case FRAME -> frames.keep();
                    case ENDED -> {
                        return frames;
                    }
                    default -> {
                        // not yet
                    }
                }
            }
        }

        private void keep() {
            pixels.add(memory.toArray(ValueLayout.JAVA_BYTE));
            ids.add(id);
            times.add(time);
        }

        @Override
        public MemorySegment pixels() {
            return memory;
        }

        @Override
        public void frameId(long newId) {
            id = newId;
        }

        @Override
        public void acquiredNs(long unixNs) {
            time = unixNs;
        }
    }

    private static SourceOptions options(String pixels, OptionalDouble rateHz) {
        return new SourceOptions(
                Optional.empty(), Optional.empty(), OptionalLong.empty(), rateHz, Map.of("pixels", pixels));
    }

    private static FrameSource open(String name, String pixels) {
        return FrameSource.open(name, options(pixels, OptionalDouble.empty()));
    }

    private static void assumeFfmpeg() {
        Assumptions.assumeTrue(ExternalCommand.succeeds("ffmpeg", "-version"), "ffmpeg is not installed");
    }

    private static void assumeGst() {
        Assumptions.assumeTrue(
                ExternalCommand.succeeds("gst-inspect-1.0", "videoconvert")
                        && ExternalCommand.succeeds("gst-inspect-1.0", "videotestsrc"),
                "gst-launch-1.0 or its base plugins are not installed");
    }

    /** Lets ffmpeg write what the source should deliver: the pixels of a format, frame after frame. */
    private byte[] ffmpegPixels(String input, String format) throws IOException {
        Path file = scratch.directory().resolve("expected.raw");
        List<String> command = new ArrayList<>(List.of("ffmpeg", "-nostdin", "-loglevel", "error"));
        command.addAll(Words.split(input));
        command.addAll(List.of("-pix_fmt", format, "-f", "rawvideo", "-y", file.toString()));
        assertTrue(ExternalCommand.succeeds(command.toArray(String[]::new)), command.toString());
        byte[] bytes = Files.readAllBytes(file);
        Files.delete(file);
        return bytes;
    }

    private static void assertPixels(byte[] expected, Frames found, int frames) {
        assertEquals(frames, found.pixels.size());
        int size = expected.length / frames;
        for (int i = 0; i < frames; i++) {
            assertArrayEquals(
                    Arrays.copyOfRange(expected, i * size, (i + 1) * size), found.pixels.get(i), "frame " + i);
        }
    }

    /** The sizes are odd, so that rows are padded where a program pads them, and some frames are shorter than 4096 bytes. */
    @ParameterizedTest
    @CsvSource({
        "gray, auto, gray, 37x29 uint8, 8, 37x29",
        "gray, auto, gray, 99x101 uint8, 8, 99x101",
        "gray16le, auto, gray16le, 99x101 uint16, 16, 99x101",
        "gray12le, auto, gray12le, 30x31 uint16, 12, 30x31",
        "rgb24, auto, rgb24, 99x101x3 uint8 rgb, 8, 99x101",
        "yuv420p, auto, rgb24, 98x102x3 uint8 rgb, 8, 98x102",
        "rgb24, mono, gray, 99x101 uint8, 8, 99x101",
    })
    void shouldDeliverThePixelsOfFfmpeg(
            String format, String pixels, String expectedFormat, String expected, int bits, String size)
            throws IOException {
        assumeFfmpeg();
        String[] sides = size.split("x");
        String input =
                "-f lavfi -i testsrc2=size=" + sides[1] + "x" + sides[0] + ":rate=50,format=" + format + " -frames:v 5";
        try (FrameSource source = open("ffmpeg:" + input, pixels)) {
            assertEquals(expected, source.format().toString());
            assertEquals(bits, source.format().significantBits());
            assertEquals(50, source.format().rateHz().orElseThrow());

            Frames found = Frames.of(source);

            assertPixels(ffmpegPixels(input, expectedFormat), found, 5);
            assertEquals(List.of(0L, 1L, 2L, 3L, 4L), found.ids);
            for (int i = 1; i < 5; i++) {
                assertTrue(found.times.get(i) > found.times.get(i - 1), found.times.toString());
            }
            assertEquals(0, source.lost());
        }
    }

    @Test
    void shouldDeliverTheLumaOfAVideoUnchanged() throws IOException {
        assumeFfmpeg();
        String input = "-f lavfi -i testsrc2=size=102x98:rate=50,format=yuv420p -frames:v 3";
        byte[] planes = ffmpegPixels(input, "yuv420p");
        byte[] luma = new byte[3 * 102 * 98];
        for (int i = 0; i < 3; i++) {
            System.arraycopy(planes, i * (102 * 98 * 3 / 2), luma, i * 102 * 98, 102 * 98);
        }
        try (FrameSource source = open("ffmpeg:" + input, "luma")) {
            assertPixels(luma, Frames.of(source), 3);
        }
    }

    @Test
    void shouldKeepTheTimesThatAreThoseOfTheClock() {
        assumeFfmpeg();
        String input = "-f lavfi -i testsrc=size=64x48:rate=10 -vf setpts=PTS+1700000000/TB -frames:v 3 -copyts";
        try (FrameSource source = open("ffmpeg:" + input, "mono")) {
            assertEquals(
                    List.of(1_700_000_000_000_000_000L, 1_700_000_000_100_000_000L, 1_700_000_000_200_000_000L),
                    Frames.of(source).times.stream()
                            .map(time -> Math.round(time / 1e6) * 1_000_000L)
                            .toList());
        }
    }

    @Test
    void shouldCountGapsInTheTimesIfTheRateIsGiven() {
        assumeFfmpeg();
        // 12 frames of which 3, 4 and 7 are missing
        String input =
                "-f lavfi -i testsrc=size=64x48:rate=25 -vf \"select='lt(n\\,12)*not(eq(n\\,3)+eq(n\\,4)+eq(n\\,7))'\""
                        + " -frames:v 9";
        try (FrameSource source = FrameSource.open("ffmpeg:" + input, options("mono", OptionalDouble.of(25)))) {
            Frames found = Frames.of(source);

            assertEquals(List.of(0L, 1L, 2L, 5L, 6L, 8L, 9L, 10L, 11L), found.ids);
            assertEquals(3, source.lost());
            assertEquals(0, source.damaged());
        }
        try (FrameSource source = open("ffmpeg:" + input, "mono")) {
            assertEquals(9, Frames.of(source).pixels.size());
            assertEquals(0, source.lost()); // a variable rate is no loss
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "ffmpeg:-i /nonexistent/file; ffmpeg ended with status 1: /nonexistent/file: No such file",
                "ffmpeg:-f lavfi -i nosuch; No such filter: 'nosuch'",
                "gst:nosuchelement; erroneous pipeline: no element",
                "gst:filesrc location=/nonexistent ! decodebin; Resource not found",
            })
    void shouldPassTheErrorsOfTheProgramOnInOneLine(String name, String reason) {
        assumeFfmpeg();
        assumeGst();

        ShmException failure = assertThrows(ShmException.class, () -> open(name, "auto"));

        assertTrue(
                failure.getMessage().contains(reason)
                        && failure.getMessage().lines().count() == 1,
                failure.getMessage());
    }

    @Test
    void shouldRefuseArgumentsThatCannotWork() {
        assertThrows(IllegalArgumentException.class, () -> open("ffmpeg:-f v4l2", "auto"));
        assertThrows(IllegalArgumentException.class, () -> open("ffmpeg:-i 'x", "auto"));
        assertThrows(IllegalArgumentException.class, () -> open("ffmpeg:-i x", "cmyk"));
        assertThrows(IllegalArgumentException.class, () -> open("gst: ", "auto"));
    }

    @ParameterizedTest
    @CsvSource({
        "GRAY8, auto, GRAY8, 29x37 uint8",
        "GRAY16_LE, auto, GRAY16_LE, 29x37 uint16",
        "RGB, auto, RGB, 29x37x3 uint8 rgb",
        "I420, auto, RGB, 29x37x3 uint8 rgb",
        "I420, luma, I420, 29x37 uint8",
    })
    void shouldDeliverThePixelsOfGstreamer(String format, String pixels, String expectedFormat, String expected)
            throws IOException {
        assumeGst();
        String pipeline = "videotestsrc num-buffers=4 pattern=ball ! video/x-raw,format=" + format
                + ",width=37,height=29,framerate=20/1";
        Path file = scratch.directory().resolve("expected.raw");
        List<String> command = new ArrayList<>(List.of("gst-launch-1.0", "-q"));
        command.addAll(Words.split(
                pipeline + " ! videoconvert ! video/x-raw,format=" + expectedFormat + " ! filesink location=" + file));
        assertTrue(ExternalCommand.succeeds(command.toArray(String[]::new)));
        byte[] all = Files.readAllBytes(file);
        Files.delete(file);
        try (FrameSource source = open("gst:" + pipeline, pixels)) {
            assertEquals(expected, source.format().toString());
            assertEquals(20, source.format().rateHz().orElseThrow());
            int rowBytes = (int) (source.format().frameBytes() / 29);
            int stride = (rowBytes + 3) / 4 * 4;
            int frameBytes = all.length / 4;

            Frames found = Frames.of(source);

            assertEquals(4, found.pixels.size());
            assertEquals(List.of(0L, 1L, 2L, 3L), found.ids);
            for (int i = 0; i < 4; i++) {
                for (int row = 0; row < 29; row++) {
                    int from = i * frameBytes + row * stride;
                    assertArrayEquals(
                            Arrays.copyOfRange(all, from, from + rowBytes),
                            Arrays.copyOfRange(found.pixels.get(i), row * rowBytes, (row + 1) * rowBytes),
                            "frame " + i + ", row " + row);
                }
            }
            assertEquals(0, source.lost());
        }
    }

    private static List<ProcessHandle> descendants() {
        return ProcessHandle.current().descendants().toList();
    }

    private static ProcessHandle descendant(String program) throws InterruptedException {
        while (true) {
            for (ProcessHandle handle : descendants()) {
                if (handle.info().command().orElse("").endsWith(program)) {
                    return handle;
                }
            }
            Thread.sleep(10);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "ffmpeg, 'ffmpeg:-re -f lavfi -i testsrc=size=640x480:rate=100'",
        "gst-launch-1.0, 'gst:videotestsrc is-live=true ! video/x-raw,width=640,height=480,framerate=100/1'",
    })
    void shouldReportThatTheProgramWasKilledAndCountExactly(String program, String name) throws InterruptedException {
        assumeFfmpeg();
        assumeGst();
        try (FrameSource source = open(name, "auto");
                ImageStream stream =
                        Grabber.createOrOpen(scratch.stream("cam"), Grabber.spec("dao", source.format(), 4));
                Grabber grabber = new Grabber(source, stream)) {
            assertTrue(grabber.run(20));
            descendant(program).destroyForcibly();

            ShmException failure = assertThrows(ShmException.class, () -> grabber.run(Long.MAX_VALUE));

            assertTrue(failure.getMessage().contains("was killed by signal 9"), failure.getMessage());
            Grabber.Counts counts = grabber.counts();
            assertEquals(stream.status().cnt0(), counts.published());
            assertTrue(counts.lost() <= 1 && counts.damaged() == counts.lost(), counts.toString());
            assertEquals(stream.status().cnt2() + 1, counts.published());
        }
        assertNoProgram(program);
    }

    private static void assertNoProgram(String program) throws InterruptedException {
        while (descendants().stream()
                .anyMatch(handle -> handle.info().command().orElse("").endsWith(program))) {
            Thread.sleep(10); // a zombie until the shell has seen it
        }
    }

    @Test
    void shouldEndTheProgramAndARunningReadWhenClosed() throws InterruptedException {
        assumeFfmpeg();
        FrameSource source = open("ffmpeg:-re -f lavfi -i testsrc=size=64x48:rate=50", "mono");
        Frames frames = new Frames(source.format().frameBytes());
        assertEquals(FrameSource.Arrival.FRAME, source.read(frames, 100_000_000L));
        stop(descendant("ffmpeg"));
        List<Throwable> failures = new ArrayList<>();
        Thread.Builder builder =
                Thread.ofPlatform().uncaughtExceptionHandler((thread, failure) -> failures.add(failure));
        Thread reader = builder.start(() -> {
            FrameSource.Arrival arrival;
            do {
                arrival = source.read(frames, 100_000_000L); // what is in the pipe, then nothing
            } while (arrival == FrameSource.Arrival.FRAME);
            assertEquals(FrameSource.Arrival.ENDED, arrival);
        });

        source.close();
        reader.join();

        assertEquals(List.of(), failures);
        assertEquals(0, source.lost()); // what was not read is no loss
        assertNoProgram("ffmpeg");
    }

    /** Stops a program, as if its camera had stalled. */
    private static void stop(ProcessHandle program) {
        assertTrue(ExternalCommand.succeeds("kill", "-STOP", String.valueOf(program.pid())));
    }

    /** Opens a source, and is killed. */
    static final class Parent {
        public static void main(String[] arguments) throws InterruptedException {
            try (FrameSource source = open(arguments[0], "mono")) {
                System.out.println("open " + source.format());
                Thread.sleep(60_000);
            }
        }
    }

    @Test
    void shouldNotLeaveTheProgramBehindWhenItsParentIsKilled() throws IOException, InterruptedException {
        assumeFfmpeg();
        Process parent = new ProcessBuilder(ChildJvm.command(
                        ChildJvm.QUICK, Parent.class, "ffmpeg:-re -f lavfi -i testsrc=size=66x48:rate=50"))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try {
            assertEquals('o', parent.getInputStream().read());
            List<ProcessHandle> programs = parent.descendants()
                    .filter(handle -> handle.info().command().orElse("").endsWith("ffmpeg"))
                    .toList();
            assertEquals(1, programs.size());
            stop(programs.getFirst()); // so that it does not notice the broken pipe

            parent.destroyForcibly().waitFor();

            while (programs.getFirst().isAlive()) {
                Thread.sleep(10);
            }
            assertFalse(programs.getFirst().isAlive());
        } finally {
            parent.destroyForcibly().waitFor();
        }
    }

    @Test
    void shouldSplitWordsAsAShellDoes() {
        assertEquals(
                List.of("-i", "a b", "c\"d", "e\\f", "", "gh"), Words.split(" -i 'a b'  \"c\\\"d\" 'e\\f' '' g\\h "));
    }

    @Test
    void shouldDateFramesByTheLeastDelayOfTheirTransport() {
        PtsClock clock = new PtsClock();
        long start = 1_800_000_000_000_000_000L; // after now is not plausible as a time of its own
        assertEquals(start + 500, clock.acquiredNs(0, start + 500));
        assertEquals(start + 1_000_100, clock.acquiredNs(1_000_000, start + 1_000_100));
        long third = clock.acquiredNs(2_000_000, start + 2_900_000);
        assertTrue(third >= start + 2_000_100 && third <= start + 2_000_400, "delayed: " + (third - start));
    }
}
