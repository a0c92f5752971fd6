package org.shmrt.cli.show;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.shmrt.cli.CommandRun;
import org.shmrt.cli.ShmCommand;
import org.shmrt.image.NpyFile;
import org.shmrt.image.TestImages;
import org.shmrt.image.colour.ColourMap;
import org.shmrt.image.terminal.Pixels;
import org.shmrt.image.terminal.TerminalDecoder;
import org.shmrt.memory.DataType;
import org.shmrt.memory.Shape;
import org.shmrt.process.ChildProcess;
import org.shmrt.testing.Golden;

/** {@code shm show} in a file or pipe: what it draws is decoded and compared. */
@Timeout(600)
@Tag("slow")
class ShowVerbTest {
    @RegisterExtension
    final ShmCommand shm = ShmCommand.inTmp();

    private void create(String shape, int step) {
        NpyFile.write(shm.file("in.npy"), TestImages.of(DataType.UINT8, Shape.parse(shape), b -> {
            for (int i = 0; b.hasRemaining(); i++) {
                b.put((byte) (step * i));
            }
        }));
        shm.runLine("create STREAM --in DIR/in.npy --force").succeeded();
    }

    private static int viridis(int index) {
        byte[] rgb = ColourMap.VIRIDIS.rgb();
        return (rgb[3 * index] & 0xff) << 16 | (rgb[3 * index + 1] & 0xff) << 8 | (rgb[3 * index + 2] & 0xff);
    }

    private String name() {
        return shm.stream().getFileName().toString().replace(".im.shm", "");
    }

    @Test
    void shouldDrawCharactersInAPipe() {
        create("4x5", 10);

        CommandRun run = shm.runLine("show STREAM --width 5").succeeded();

        assertEquals("""
            .::--
            **##%%
            %s  frame 1  4x5 uint8  min 0  max 190  mean 95
            linear from 0 to 190; 1 character = 2 x 1 elements
            """.formatted(name()), run.out());
        assertEquals("", run.err());
    }

    @Test
    void shouldFitTheWidthAndKeepTheAspect() {
        create("16x16", 1);

        assertEquals(8 + 2, lines("--width 16").size());
        assertEquals(16 + 2, lines("--width 32").size());
        assertEquals(16 + 2, lines("--width 47").size(), "elements have equal sizes");
        assertEquals(4 + 2, lines("--width 8").size());
        assertEquals(8, lines("--width 8").get(3).length());
        assertEquals(80, lines("").get(39).length());
    }

    private List<String> lines(String options) {
        return shm.runLine("show STREAM " + options).succeeded().out().lines().toList();
    }

    @Test
    void shouldDrawHalfBlocksInTheColoursOfTheMap() {
        create("16x16", 1);

        List<String> lines = lines("--graphics blocks --width 16 --limits 0,255 --cmap grey");

        assertEquals(8 + 2, lines.size());
        assertTrue(lines.getFirst().startsWith("\033[38;5;16m\033[48;5;233m\u2580"), lines.getFirst());
        assertEquals("grey, linear from 0 to 255; 1 character = 2 x 1 elements", lines.getLast());
    }

    @ParameterizedTest
    @CsvSource({"kitty", "sixel"})
    void shouldDrawPixels(String graphics) {
        create("16x16", 1);

        String out = shm.runLine("show STREAM --width 40 --limits 0,255 --graphics " + graphics)
                .succeeded()
                .out();

        // a cell is taken as 10 x 20 pixels: 40 columns are 400 pixels, and an element 25
        Pixels pixels = graphics.equals("kitty")
                ? TerminalDecoder.kitty(out).getFirst().pixels()
                : TerminalDecoder.sixels(out).getFirst();
        assertEquals(400, pixels.width());
        assertEquals(400, pixels.height());
        for (int i = 0; i < 256; i++) {
            int found = pixels.rgb()[(i / 16 * 25 + 12) * 400 + i % 16 * 25 + 12];
            for (int shift = 0; shift <= 16; shift += 8) {
                assertEquals(viridis(i) >> shift & 0xff, found >> shift & 0xff, graphics.equals("kitty") ? 0 : 2);
            }
        }
        assertTrue(out.startsWith("\n".repeat(20) + "\033[20A\0337\033"), "room for the picture first");
        assertTrue(out.contains("\0338\033[20B" + name() + "  frame 1"), "the text is below the picture");
    }

    @Test
    void shouldDrawAVectorAsALine() {
        create("60", 4);

        List<String> lines = lines("--width 40");

        assertEquals(13 + 2, lines.size());
        assertTrue(lines.getFirst().startsWith("236 \u2502"), lines.getFirst());
        assertTrue(lines.get(12).endsWith("59"), lines.get(12));
        assertTrue(lines.get(13).contains("min 0  max 236"), lines.get(13));
    }

    @Test
    void shouldShowTheFirstSliceOfACubeOrTheOneAskedFor() {
        create("3x4x5", 4);

        assertTrue(lines("")
                .get(lines("").size() - 2)
                .contains("4x5 uint8  slice 0 of 3 (--slice K shows another)  min 0"));
        assertTrue(lines("--slice -1").toString().contains("4x5 uint8  min 160"));
        shm.runLine("show STREAM --slice 3").refused(2, "slices 0 to 2");
    }

    @Test
    void shouldMarkValuesAndStatistics() {
        NpyFile.write(
                shm.file("nan.npy"),
                TestImages.of(
                        DataType.FLOAT32,
                        Shape.of(2, 3),
                        b -> b.putFloat(Float.NaN)
                                .putFloat(7)
                                .putFloat(1)
                                .putFloat(Float.NaN)
                                .putFloat(7)
                                .putFloat(1)));
        shm.runLine("create STREAM --in DIR/nan.npy").succeeded();

        List<String> lines = lines("--width 3 --saturation 7");

        assertEquals("?!", lines.getFirst());
        assertTrue(lines.get(1).endsWith("min 1  max 7  mean 4  (2 not finite)"), lines.get(1));
        assertTrue(lines.get(2).contains("?: not finite (2), !: saturated (2)"), lines.get(2));
    }

    @Test
    void shouldReportAFrameThatWasNeverWritten() {
        shm.runLine("create STREAM --shape 4x4 --dtype u16").succeeded();

        CommandRun run = shm.runLine("show STREAM --width 4").succeeded();

        assertTrue(run.err().contains("was never written"), run.err());
        assertTrue(run.out().contains("frame 0  4x4 uint16"), run.out());
        assertTrue(run.out().contains("(never written)"), run.out());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "--width 0; 1 to 2000",
                "--width 2001; 1 to 2000",
                "--graphics jet; use kitty, sixel, blocks, text",
                "--cmap jet; is not a colour map",
                "--slice 0; no such slice"
            })
    void shouldRefuseOptionsThatMakeNoSense(String options, String reason) {
        create("3x4", 1);

        shm.runLine("show STREAM " + options).refused(2, reason);
    }

    @Test
    void shouldRefuseAStreamThatDoesNotExist() {
        shm.runLine("show STREAM").refused(1, "there is no");
    }

    static Stream<Golden> goldens() {
        return Stream.concat(Golden.of("dao"), Golden.of("milk"));
    }

    @ParameterizedTest
    @MethodSource("goldens")
    void shouldShowTheFramesOfTheOriginalLibrariesAndChangeNothing(Golden golden) throws IOException {
        Path file = golden.copyTo(shm.file("golden.im.shm"));

        boolean isReadable = shm.runLine("read " + file).status() == 0;
        for (String graphics : new String[] {"text", "blocks", "kitty", "sixel"}) {
            CommandRun run = shm.runLine("show " + file + " --width 8 --graphics " + graphics);
            if (isReadable) {
                run.succeeded();
                assertTrue(run.out().contains("golden  frame "), run.out());
            } else {
                assertEquals(1, run.status());
            }
        }
        assertArrayEquals(golden.bytes(), Files.readAllBytes(file));
    }

    @Test
    void shouldFollowTheFramesAndARecreatedStream() throws IOException {
        create("2x2", 1);

        try (ChildProcess show = shm.start("show STREAM --follow --width 2")) {
            assertTrue(show.lineWith(name()).contains("frame 1  2x2"));
            shm.runLine("write STREAM --in DIR/in.npy").succeeded();
            assertTrue(show.lineWith(name()).contains("frame 2  2x2"));
            create("2x3", 1);
            assertTrue(show.lineWith(name()).contains("frame 1  2x3"));
            shm.runLine("rm STREAM").succeeded();
            create("2x4", 1);
            assertTrue(show.lineWith(name()).contains("frame 1  2x4"));

            new ProcessBuilder("kill", "-INT", String.valueOf(show.pid())).start();
            assertEquals(130, show.exitCode());
        }
    }
}
