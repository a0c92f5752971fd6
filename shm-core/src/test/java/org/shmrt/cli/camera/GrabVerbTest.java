package org.shmrt.cli.camera;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.shmrt.cli.CommandRun;
import org.shmrt.cli.Shm;
import org.shmrt.cli.ShmCommand;
import org.shmrt.fits.FitsFile;
import org.shmrt.fits.FitsOptions;
import org.shmrt.image.NpyFile;
import org.shmrt.image.TestImages;
import org.shmrt.memory.DataType;
import org.shmrt.memory.MemoryImage;
import org.shmrt.memory.Shape;
import org.shmrt.process.ChildProcess;
import org.shmrt.stream.Access;
import org.shmrt.stream.FrameReader;
import org.shmrt.stream.ImageStream;
import org.shmrt.stream.WaitStrategy;
import org.shmrt.testing.ChildJvm;
import org.shmrt.testing.ExternalCommand;

/** {@code shm grab} with simulated cameras, files and pipes. */
@Timeout(600)
class GrabVerbTest {
    @RegisterExtension
    final ShmCommand shm = ShmCommand.inSharedMemory();

    private byte[] newest() {
        return newest(shm.stream());
    }

    static byte[] newest(Path path) {
        try (ImageStream stream = ImageStream.open(path, Access.READ_ONLY);
                FrameReader reader = stream.reader(WaitStrategy.spin());
                Arena arena = Arena.ofConfined()) {
            MemorySegment frame = arena.allocate(stream.shape().byteSize(stream.type()), 8);
            assertTrue(reader.readNewest(frame, 60_000_000_000L).hasFrame());
            return frame.toArray(ValueLayout.JAVA_BYTE);
        }
    }

    private String info() {
        try (ImageStream stream = ImageStream.open(shm.stream(), Access.READ_ONLY)) {
            return stream.layout().format() + " " + stream.shape() + " " + stream.type() + " depth "
                    + stream.layout().depth() + " cnt0 " + stream.status().cnt0() + " cnt2 "
                    + stream.status().cnt2();
        }
    }

    @Test
    void shouldCreateTheStreamFromWhatTheSourceSays() {
        JsonObject report = shm.runLine("grab sim:spots STREAM --count 5 --rate 1000 --json")
                .json();

        assertEquals(5, report.get("frames").getAsLong());
        assertEquals(0, report.get("lost").getAsLong());
        assertEquals(5, report.get("cnt0").getAsLong());
        assertTrue(report.get("rate_hz").getAsDouble() > 0);
        assertEquals("dao 120x120 uint16 depth 4 cnt0 5 cnt2 4", info());
    }

    @Test
    void shouldUseTheStreamOfAnotherFormatThatExists() {
        shm.runLine("create STREAM --format milk --shape 8x8 --dtype u16").succeeded();

        CommandRun run = shm.runLine("grab sim:ramp STREAM --shape 8x8 --for 100ms");

        assertTrue(run.succeeded().out().contains(" lost, "), run.out());
        assertTrue(info().startsWith("milk 8x8 uint16"), info());
        shm.runLine("grab sim:ramp STREAM --shape 9x9 --count 1").refused(1, "8x8 uint16, but the source sends 9x9");
        shm.runLine("grab sim:ramp STREAM --shape 9x9 --count 1 --force --depth 2")
                .succeeded();
        assertEquals("dao 9x9 uint16 depth 2 cnt0 1 cnt2 0", info());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "sim:nosuch STREAM; 2; sim:ramp, sim:noise or sim:spots",
                "sim:spots STREAM --shape 4x4; 2; leave out shape",
                "nosuch:1 STREAM; 2; no kind of source is named 'nosuch'",
                "DIR/none.raw STREAM; 1; there is no file",
                "sim:ramp STREAM --count 0; 2; at least 1 frame",
                "sim:ramp STREAM --rate 0; 2; more than 0",
                "sim:ramp STREAM --format fits; 2; use dao or milk",
                "sim:ramp STREAM --set a=b; 2; no setting 'a'",
            })
    void shouldRefuse(String line, int status, String reason) {
        shm.runLine("grab " + line).refused(status, reason);
        assertEquals(List.of(), shm.scratch().files());
    }

    @Test
    void shouldTakeRawFramesFromAFileAndTellAMismatchFirst() throws IOException {
        byte[] frames = new byte[3 * 24];
        new Random(1).nextBytes(frames);
        Files.write(shm.file("f.raw"), frames);

        shm.runLine("grab DIR/f.raw STREAM").refused(2, "give their shape and type");
        shm.runLine("grab DIR/f.raw STREAM --shape 5x5 --dtype u8").refused(1, "not a multiple of the frame size");
        assertTrue(Files.notExists(shm.stream()));
        shm.runLine("grab DIR/f.raw STREAM --shape 3x4 --dtype u16").succeeded();

        assertEquals("dao 3x4 uint16 depth 4 cnt0 3 cnt2 2", info());
        assertArrayEquals(Arrays.copyOfRange(frames, 48, 72), newest());
    }

    @Test
    void shouldShowAFrameWithColoursAsAPicture() throws IOException {
        byte[] pixels = new byte[2 * 5 * 3];
        new Random(3).nextBytes(pixels);
        Files.write(shm.file("f.raw"), pixels);

        shm.runLine("grab DIR/f.raw STREAM --shape 2x5x3 --dtype u8").succeeded();
        shm.runLine("read STREAM --out DIR/f.png").succeeded();

        assertColours(pixels, (row, column, colour) -> (row * 5 + column) * 3 + colour);

        shm.runLine("grab DIR/f.raw STREAM --shape 3x2x5 --dtype u8 --force").succeeded();
        assertEquals(2, shm.runLine("read STREAM --out DIR/f.png").status()); // three frames, as far as anybody knows
        shm.run("keyword", "STREAM", "PIXELS=rgb planar").succeeded();
        shm.runLine("read STREAM --out DIR/f.png").succeeded();

        assertColours(pixels, (row, column, colour) -> (colour * 2 + row) * 5 + column);
    }

    private interface Index {
        int of(int row, int column, int colour);
    }

    private void assertColours(byte[] pixels, Index index) throws IOException {
        BufferedImage picture = ImageIO.read(shm.file("f.png").toFile());
        for (int row = 0; row < 2; row++) {
            for (int column = 0; column < 5; column++) {
                for (int colour = 0; colour < 3; colour++) {
                    assertEquals(
                            pixels[index.of(row, column, colour)],
                            (byte) (picture.getRGB(column, row) >> (16 - 8 * colour)),
                            row + ", " + column + ", " + colour);
                }
            }
        }
        Files.delete(shm.file("f.png"));
    }

    @Test
    void shouldRemoveThePaddingOfRows() throws IOException {
        Files.writeString(shm.file("f.raw"), "abcd--efgh--ABCD--EFGH--");

        shm.runLine("grab DIR/f.raw STREAM --shape 2x4 --dtype u8 --stride 6").succeeded();

        assertEquals("ABCDEFGH", new String(newest(), StandardCharsets.US_ASCII));
        shm.runLine("grab DIR/f.raw STREAM --shape 2x4 --dtype u8 --stride 3").refused(2, "--stride 3: a row of");
    }

    @Test
    void shouldTakeTheLumaOfAVideo() throws IOException {
        Files.writeString(shm.file("v"), "YUV4MPEG2 W3 H2 F50:2 C420\nFRAME\nabcdefxxyyFRAME Ip\nABCDEFxxyy");

        CommandRun run = shm.runLine("grab DIR/v STREAM").succeeded();

        assertTrue(run.err().contains("only its luma planes"), run.err());
        assertEquals("ABCDEF", new String(newest(), StandardCharsets.US_ASCII));
        assertEquals("dao 2x3 uint8 depth 4 cnt0 2 cnt2 1", info());
        assertTrue(shm.runLine("keyword STREAM RATE").out().contains("25"));
        assertTrue(shm.runLine("keyword STREAM BITS").out().contains("8"));
    }

    @Test
    void shouldReportAFrameThatEndsEarly() throws IOException {
        Files.writeString(shm.file("v"), "YUV4MPEG2 W3 H2 Cmono\nFRAME\nabcdefFRAME\nABC");

        CommandRun run = shm.runLine("grab DIR/v STREAM --json");

        assertEquals(1, run.status());
        assertTrue(run.err().contains("ended inside a frame, after 3 of 6 bytes"), run.err());
        assertTrue(run.out().contains("\"frames\":1,\"lost\":1,\"damaged\":1"), run.out());
        assertEquals("abcdef", new String(newest(), StandardCharsets.US_ASCII));
    }

    @Test
    void shouldTakeTheFramesOfNpyArraysAndFitsCubes() {
        MemoryImage cube = TestImages.random(DataType.UINT16, Shape.of(5, 3, 4), new Random(2));
        NpyFile.write(shm.file("c.npy"), cube);
        byte[] last = Arrays.copyOfRange(TestImages.bytes(cube), 4 * 24, 5 * 24);

        shm.runLine("grab DIR/c.npy STREAM").succeeded();
        assertEquals("dao 3x4 uint16 depth 4 cnt0 5 cnt2 4", info());
        assertArrayEquals(last, newest());

        FitsFile.write(shm.file("c.fits"), cube, FitsOptions.defaults());
        shm.runLine("grab DIR/c.fits STREAM").succeeded();
        assertEquals("dao 3x4 uint16 depth 4 cnt0 10 cnt2 4", info());
        assertArrayEquals(last, newest());
        shm.runLine("grab DIR/c.npy STREAM --shape 4x4 --force").refused(1, "not made of frames of 4x4");
    }

    /** What a test writes into the standard input of a command, which it may leave open. */
    private interface Input {
        void to(OutputStream pipe) throws IOException;
    }

    private static void write(Input input, OutputStream pipe) {
        try {
            input.to(pipe);
        } catch (IOException e) {
            // the command has ended, which its status reports
        }
    }

    private String[] pipe(Input input, String arguments) throws IOException, InterruptedException {
        Path out = shm.file("out");
        Path err = shm.file("err");
        List<String> command = new ArrayList<>(ChildJvm.command(ChildJvm.QUICK, Shm.class));
        command.addAll(List.of(shm.expand(arguments.split(" "))));
        Process process = new ProcessBuilder(command)
                .redirectOutput(out.toFile())
                .redirectError(err.toFile())
                .start();
        try {
            write(input, process.getOutputStream());
            assertTrue(process.waitFor(90, TimeUnit.SECONDS));
        } finally {
            process.destroyForcibly().waitFor();
        }
        String[] result = {String.valueOf(process.exitValue()), Files.readString(out), Files.readString(err)};
        Files.delete(out);
        Files.delete(err);
        return result;
    }

    @Test
    @Tag("slow")
    void shouldReadLargeFramesFromAPipeInPlace() throws IOException, InterruptedException {
        Input frames = pipe -> {
            for (int i = 0; i < 40; i++) {
                byte[] frame = new byte[1_000_003];
                Arrays.fill(frame, (byte) i);
                pipe.write(frame);
            }
            pipe.close();
        };

        String[] run = pipe(frames, "grab - STREAM --shape 1000003 --dtype u8 --json");

        assertEquals("0", run[0], run[2]);
        assertTrue(run[1].contains("\"frames\":40,\"lost\":0"), run[1]);
        byte[] frame = newest();
        for (byte value : frame) {
            assertEquals(39, value);
        }
    }

    @Test
    @Tag("slow")
    void shouldEndAWaitForAPipeAfterTheGivenTime() throws IOException, InterruptedException {
        // It is in the pipe before the command starts to wait.
        Input frameAndAPart = pipe -> {
            pipe.write(new byte[18]);
            pipe.flush();
        };

        String[] run = pipe(frameAndAPart, "grab - STREAM --shape 4x4 --dtype u8 --for 1s --json");

        assertEquals("0", run[0], run[2]);
        assertTrue(run[1].contains("\"frames\":1,"), run[1]);

        String[] stalled = pipe(frameAndAPart, "grab - STREAM --shape 4x4 --dtype u8 --timeout 500ms");

        assertEquals("3", stalled[0], stalled[2]);
        assertTrue(stalled[2].contains("is the camera running?"), stalled[2]);
    }

    @Test
    @Tag("slow")
    void shouldPrintASummaryAfterCtrlC() {
        try (ChildProcess run = shm.start("grab sim:ramp STREAM --rate 200 --json")) {
            while (!Files.exists(shm.stream()) || info().contains(" cnt0 0 ")) {
                Thread.onSpinWait();
            }
            assertTrue(ExternalCommand.succeeds("kill", "-INT", String.valueOf(run.pid())));

            assertTrue(run.line().contains("\"lost\":0"));
            assertEquals(130, run.exitCode());
        }
    }

    @Test
    void shouldOpenAFileAgainUntilItIsStopped() throws IOException {
        Files.writeString(shm.file("f.raw"), "abcdef");

        CommandRun run = shm.runLine("grab DIR/f.raw STREAM --shape 2x3 --dtype u8 --count 3 --reconnect --json");

        assertEquals(0, run.status(), run.err());
        assertTrue(run.out().contains("\"frames\":3,") && run.out().contains("\"reconnected\":2"), run.out());
        assertTrue(run.err().contains("opening it again"), run.err());
    }
}
