package org.shmrt.cli.stream;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.shmrt.cli.CommandRun;
import org.shmrt.cli.Shm;
import org.shmrt.cli.ShmCommand;
import org.shmrt.error.IncompatibleException;
import org.shmrt.error.ShmException;
import org.shmrt.image.ImageFiles;
import org.shmrt.image.NpyFile;
import org.shmrt.image.TestImages;
import org.shmrt.memory.DataType;
import org.shmrt.memory.MemoryImage;
import org.shmrt.memory.Shape;
import org.shmrt.testing.ChildJvm;

/** The forms of input of {@code shm write}: videos, padded rows, arrays, and what is refused before it is written. */
@Timeout(600)
class WriteInputTest {
    @RegisterExtension
    final ShmCommand shm = ShmCommand.inTmp();

    private final List<String> remarks = new ArrayList<>();

    private static TargetStream target(DataType type, long... lengths) {
        return new TargetStream(Path.of("cam"), type, Shape.of(lengths));
    }

    private static InputForm form(InputForm.Axes axes, OptionalLong stride) {
        return new InputForm(InputForm.AtEnd.STOP, axes, ImageFiles.DEFAULT_MAX_EXPANDED_BYTES, stride);
    }

    private static InputForm plain() {
        return form(InputForm.Axes.AS_IN_STREAM, OptionalLong.empty());
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    /** The frames of an input as text. */
    private List<String> frames(byte[] input, TargetStream stream, InputForm form) {
        List<String> frames = new ArrayList<>();
        try (FrameSource source =
                StandardInput.open(new ByteArrayInputStream(input), OptionalLong.empty(), stream, form, remarks::add)) {
            while (source.next()) {
                frames.add(new String(source.frame().toArray(ValueLayout.JAVA_BYTE), StandardCharsets.ISO_8859_1));
            }
        }
        return frames;
    }

    @ParameterizedTest
    @CsvSource({
        "C420jpeg, UINT8, 4", "C420mpeg2, UINT8, 4", "C422, UINT8, 8", "C411, UINT8, 4", "C444, UINT8, 12",
        "C444alpha, UINT8, 18", "Cmono, UINT8, 0", "'', UINT8, 4", "Cmono16, UINT16, 0", "C420p10, UINT16, 8",
        "C422p12, UINT16, 16", "Cmono9, UINT16, 0"
    })
    void shouldReadTheLumaPlanesOfAVideo(String colour, DataType type, int chromaBytes) {
        String luma = type == DataType.UINT8 ? "abcdef" : "abcdefghijkl";
        String chroma = "x".repeat(chromaBytes);
        String video = "YUV4MPEG2 W3 H2 F30:1 " + colour + "\nFRAME\n" + luma + chroma + "FRAME Ip\n"
                + luma.replace('a', 'A') + chroma;

        assertEquals(List.of(luma, luma.replace('a', 'A')), frames(bytes(video), target(type, 2, 3), plain()));

        assertEquals(chromaBytes > 0 ? 1 : 0, remarks.size(), remarks.toString());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "YUV4MPEG2 W3 H2 Cmono|FRAME|abc; inside a frame",
                "YUV4MPEG2 W3 H2 C420|FRAME|abcdefxx; inside a frame",
                "YUV4MPEG2 W3 H2 Cmono|FROME|abcdef; does not start with FRAME",
                "YUV4MPEG2 W3 H2 Cmono|FRAMEabcdef; does not end",
                "YUV4MPEG2 W3 H2 Crgb|; unknown colour format 'rgb'",
                "YUV4MPEG2 W3|; no width, no height",
                "YUV4MPEG2 W0 H2|; limit",
                "YUV4MPEG2 W-3 H2|; invalid length W-3",
                "YUV4MPEG2 W99999999999 H2|; invalid length",
                "YUV4MPEG2 W3 H2; does not end",
                "YUV4MPEG2 W4 H2 Cmono|; contains 2x4 uint8 (luma of Cmono), but frames of cam are 2x3 uint8",
                "YUV4MPEG2 W3 H2 Cmono16|; contains 2x3 uint16"
            })
    void shouldRefuseVideosThatAreDamagedOrOfAnotherSize(String video, String reason) {
        ShmException failure = assertThrows(
                ShmException.class,
                () -> frames(bytes(video.replace('|', '\n')), target(DataType.UINT8, 2, 3), plain()));

        TestImages.assertOneLine(failure, reason);
    }

    @Test
    void shouldRefuseAHeaderWithoutEnd() {
        TestImages.assertOneLine(
                assertThrows(
                        IncompatibleException.class,
                        () -> frames(bytes("YUV4MPEG2 " + "x".repeat(5000)), target(DataType.UINT8, 2, 3), plain())),
                "does not end");
    }

    @ParameterizedTest
    @CsvSource({"'\u0093NUMPY', an .npy file", "SIMPLE  =                    T, a FITS file"})
    void shouldRefuseFilesOfOtherFormatsOnStandardInput(String start, String title) {
        TestImages.assertOneLine(
                assertThrows(
                        IncompatibleException.class,
                        () -> frames(bytes(start + "abcdef".repeat(9)), target(DataType.UINT8, 2, 3), plain())),
                "standard input is " + title,
                "nothing was written");
    }

    @Test
    void shouldReadRawFramesThatStartLikeAnotherFormat() {
        assertEquals(
                List.of("YUV4MP", "SIMPLE", "YUV4"),
                List.of(
                        frames(bytes("YUV4MP"), target(DataType.UINT8, 2, 3), plain())
                                .getFirst(),
                        frames(bytes("SIMPLE"), target(DataType.UINT8, 2, 3), plain())
                                .getFirst(),
                        frames(bytes("YUV4YUV4"), target(DataType.UINT8, 2, 2), plain())
                                .getFirst()));
    }

    @Test
    void shouldRemoveThePaddingOfRows() {
        InputForm padded = form(InputForm.Axes.AS_IN_STREAM, OptionalLong.of(5));

        assertEquals(
                List.of("abcdef", "ghijkl"),
                frames(bytes("abc..def..ghi..jkl.."), target(DataType.UINT8, 2, 3), padded));
        assertEquals(List.of("abcd"), frames(bytes("ab...cd..."), target(DataType.UINT8, 1, 2, 2), padded));
        assertThrows(
                IllegalArgumentException.class, () -> frames(bytes("abcdef"), target(DataType.UINT16, 2, 3), padded));
    }

    @Test
    void shouldTransposeTheFrames() {
        InputForm transposed = form(InputForm.Axes.TRANSPOSED, OptionalLong.empty());
        byte[] video = bytes("YUV4MPEG2 W2 H3 Cmono\nFRAME\nabcdef");
        TargetStream stream = target(DataType.UINT8, 2, 3);

        // a video of 3 rows is a stream of 3 columns
        try (FrameSource source = new TransposedFrames(
                StandardInput.open(
                        new ByteArrayInputStream(video), OptionalLong.empty(), stream, transposed, remarks::add),
                transposed.frameShape(stream),
                1)) {
            assertTrue(source.next());
            assertArrayEquals(bytes("acebdf"), source.frame().toArray(ValueLayout.JAVA_BYTE));
        }
    }

    private MemoryImage newest() {
        shm.run("read", "STREAM", "--out", "DIR/newest.npy").succeeded();
        return NpyFile.read(shm.file("newest.npy"));
    }

    @Test
    void shouldWriteTheFramesOfEveryArrayOfANpyFile() throws IOException {
        MemoryImage cube = TestImages.random(DataType.UINT8, Shape.of(3, 4, 5), new Random(1));
        MemoryImage last = TestImages.random(DataType.UINT8, Shape.of(4, 5), new Random(2));
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        NpyFile.write(file, cube);
        NpyFile.write(file, last);
        Files.write(shm.file("x.npy"), file.toByteArray());
        shm.run("create", "STREAM", "--shape", "4x5", "--dtype", "u8").succeeded();

        JsonObject report =
                shm.run("write", "STREAM", "--in", "DIR/x.npy", "--json").json();

        assertEquals(4, report.get("frames").getAsLong());
        TestImages.assertSame(last, newest());
    }

    @Test
    void shouldWriteNothingIfOneArrayOfSeveralIsNoFrame() throws IOException {
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        NpyFile.write(file, TestImages.random(DataType.UINT8, Shape.of(4, 5), new Random(1)));
        NpyFile.write(file, TestImages.random(DataType.UINT8, Shape.of(5, 4), new Random(2)));
        Files.write(shm.file("x.npy"), file.toByteArray());
        shm.run("create", "STREAM", "--shape", "4x5", "--dtype", "u8").succeeded();

        shm.runLine("write STREAM --in DIR/x.npy").refused(1, "contains 5x4 uint8, but frames of");

        assertEquals(0, shm.run("info", "STREAM", "--json").json().get("cnt0").getAsLong());
    }

    @Test
    void shouldRepeatPaddedRawFramesFromTheStart() throws IOException {
        Files.write(shm.file("x.raw"), bytes("abc..def..ghi..jkl.."));
        shm.run("create", "STREAM", "--shape", "2x3", "--dtype", "u8").succeeded();

        shm.runLine("write STREAM --in DIR/x.raw --loop --count 3 --stride 5").succeeded();

        assertArrayEquals(bytes("abcdef"), TestImages.bytes(newest()));
        shm.runLine("write STREAM --in DIR/x.raw --stride 6").refused(1, "x.raw has 20 bytes, which is not a multiple");
        shm.runLine("write STREAM --in DIR/x.raw --stride 2").refused(2, "--stride 2: a row of");
    }

    private void child(List<String> flags, Path input, String... arguments) throws Exception {
        Process process = new ProcessBuilder(ChildJvm.command(flags, Shm.class, shm.expand(arguments)))
                .redirectInput(input.toFile())
                .redirectOutput(shm.file("out").toFile())
                .redirectError(shm.file("err").toFile())
                .start();
        try {
            assertTrue(process.waitFor(90, TimeUnit.SECONDS), "the command ends");
        } finally {
            process.destroyForcibly();
        }
        ended = new CommandRun(
                process.exitValue(), Files.readString(shm.file("out")), Files.readString(shm.file("err")));
    }

    private CommandRun ended;

    @Test
    void shouldReportARedirectedFileThatIsNotDivisibleBeforeItWritesAnything() throws Exception {
        shm.run("create", "STREAM", "--shape", "4x5", "--dtype", "u16").succeeded();
        Path input = Files.write(shm.file("x"), new byte[90]);

        child(ChildJvm.QUICK, input, "write", "STREAM", "--in", "-");

        ended.refused(1, "standard input has 90 bytes, which is not a multiple of the frame size");
        assertEquals(0, shm.run("info", "STREAM", "--json").json().get("cnt0").getAsLong());
    }

    /** 48 MiB and 16 MiB of memory for Java. */
    @Test
    void shouldReadNpyFilesLargerThanTheMemoryOfJava() throws Exception {
        List<String> flags = new ArrayList<>(ChildJvm.QUICK);
        flags.addAll(List.of("-Xmx32m", "-XX:MaxDirectMemorySize=16m"));
        Path file = shm.file("large.npy");
        MemoryImage header = TestImages.of(DataType.UINT8, Shape.of(48, 1024, 0), bytes -> {});
        NpyFile.write(file, header);
        byte[] start = Files.readAllBytes(file);
        String text = new String(start, StandardCharsets.ISO_8859_1).replace("(48, 1024, 0)", "(48, 1024, 1024)");
        start = text.replaceFirst("   \n", "\n").getBytes(StandardCharsets.ISO_8859_1);
        try (RandomAccessFile large = new RandomAccessFile(file.toFile(), "rw")) {
            large.write(start);
            large.setLength(start.length + (48L << 20));
            large.seek(start.length + (48L << 20) - 1);
            large.write(7);
        }
        shm.run("create", "STREAM", "--shape", "1024x1024", "--dtype", "u8").succeeded();

        child(flags, file, "write", "STREAM", "--in", "DIR/large.npy");

        ended.succeeded();
        MemoryImage newest = newest();
        assertEquals(7, newest.data().get(ValueLayout.JAVA_BYTE, (1 << 20) - 1));
        shm.run("rm", "STREAM").succeeded();
        child(flags, file, "create", "STREAM", "--in", "DIR/large.npy");
        ended.succeeded();
        assertEquals(
                7,
                NpyFile.read(shm.file("large.npy"))
                        .data()
                        .get(ValueLayout.JAVA_BYTE, newest().data().byteSize() - 1));
    }
}
