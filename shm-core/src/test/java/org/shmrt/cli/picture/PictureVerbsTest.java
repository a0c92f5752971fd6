package org.shmrt.cli.picture;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.shmrt.array.SharedArray;
import org.shmrt.cli.CommandRun;
import org.shmrt.cli.ShmCommand;
import org.shmrt.image.NpyFile;
import org.shmrt.image.PngFile;
import org.shmrt.image.TestImages;
import org.shmrt.image.colour.ColourMap;
import org.shmrt.memory.DataType;
import org.shmrt.memory.MemoryImage;
import org.shmrt.memory.Shape;
import org.shmrt.testing.Golden;

/** Pictures that the verbs write: the files are read back with the JDK. */
@Tag("slow")
class PictureVerbsTest {
    @RegisterExtension
    final ShmCommand shm = ShmCommand.inTmp();

    /** A stream of bytes 0, 1, 2 ... */
    private void create(String shape) {
        MemoryImage ramp = TestImages.of(DataType.UINT8, Shape.parse(shape), b -> {
            for (int i = 0; b.hasRemaining(); i++) {
                b.put((byte) i);
            }
        });
        NpyFile.write(shm.file("in.npy"), ramp);
        shm.runLine("create STREAM --in DIR/in.npy --force --keywords 2").succeeded();
    }

    private static int viridis(int index) {
        byte[] rgb = ColourMap.VIRIDIS.rgb();
        return (rgb[3 * index] & 0xff) << 16 | (rgb[3 * index + 1] & 0xff) << 8 | (rgb[3 * index + 2] & 0xff);
    }

    private int[] pixels(String file) throws IOException {
        BufferedImage picture = ImageIO.read(shm.file(file).toFile());
        int[] pixels = picture.getRGB(0, 0, picture.getWidth(), picture.getHeight(), null, 0, picture.getWidth());
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] &= 0xffffff;
        }
        return pixels;
    }

    /** The grey levels of a plain picture, whose colour space the JDK would convert. */
    private int[] greys(String file) throws IOException {
        BufferedImage picture = ImageIO.read(shm.file(file).toFile());
        return picture.getRaster().getPixels(0, 0, picture.getWidth(), picture.getHeight(), (int[]) null);
    }

    @Test
    void shouldKeepThePlainPictureByteForByte() throws IOException {
        create("5x7");
        PngFile.write(shm.file("expected.png"), NpyFile.read(shm.file("in.npy")));

        CommandRun run = shm.runLine("read STREAM --out DIR/x.png").succeeded();

        assertEquals(-1, Files.mismatch(shm.file("expected.png"), shm.file("x.png")));
        assertTrue(run.err().endsWith("x.png: 5x7 uint8, grey from 0 (black) to 34 (white)\n"), run.err());
    }

    @Test
    void shouldApplyEachOption() throws IOException {
        create("1x16x16");

        CommandRun run = shm.runLine("read STREAM --out DIR/x.png --cmap viridis --limits 0,255 --scale 2 "
                        + "--stretch linear --saturation max")
                .succeeded();

        int[] pixels = pixels("x.png");
        assertEquals(32 * 32, pixels.length);
        for (int i = 0; i < pixels.length; i++) {
            int value = i / 64 * 16 + i % 32 / 2;
            assertEquals(value == 255 ? 0x00ffff : viridis(value), pixels[i]);
        }
        assertTrue(
                run.err().endsWith("uint8, viridis, linear from 0 to 255; 1 values are saturated (cyan)\n"), run.err());
        shm.runLine("read STREAM --out DIR/x.png --stretch sqrt --limits p0,p100")
                .succeeded();
        assertEquals(0x404040, pixels("x.png")[16]);
    }

    @Test
    void shouldSelectASliceForEveryKindOfFile() throws IOException {
        create("3x2x4");

        shm.runLine("read STREAM --out DIR/x.png --slice 1 --limits 0,255").succeeded();
        assertArrayEquals(
                new int[] {0x080808, 0x090909, 0x0a0a0a, 0x0b0b0b},
                Stream.of(pixels("x.png")).flatMapToInt(Arrays::stream).limit(4).toArray());
        shm.runLine("read STREAM --out DIR/x.npy --slice -1").succeeded();
        assertEquals(Shape.of(2, 4), NpyFile.read(shm.file("x.npy")).shape());
        assertEquals(16, TestImages.bytes(NpyFile.read(shm.file("x.npy")))[0]);
        shm.runLine("read STREAM --out DIR/t.npy --slice -1 --transpose").succeeded();
        assertEquals(Shape.of(4, 2), NpyFile.read(shm.file("t.npy")).shape());
        CommandRun text = shm.runLine("read STREAM --slice 0").succeeded();
        assertTrue(text.out().contains("2x4 uint8  min 0  max 7"), text.out());
        shm.runLine("read STREAM --out DIR/x.png --slice 3").refused(2, "slices 0 to 2");
        shm.runLine("read STREAM --out DIR/x.png --slice 0,0").refused(2, "at least two axes must remain");
        shm.runLine("read STREAM --out DIR/y.png").refused(2, "--slice K (0 to 2), or draw all with --sheet");
        assertFalse(Files.exists(shm.file("y.png")));
    }

    @Test
    void shouldSelectAFrameOfARing() throws IOException {
        shm.runLine("create STREAM --shape 2x3 --dtype u8 --depth 4").succeeded();
        NpyFile.write(shm.file("six.npy"), TestImages.of(DataType.UINT8, Shape.of(6, 2, 3), b -> {
            for (int i = 0; i < 36; i++) {
                b.put((byte) (10 * (i / 6)));
            }
        }));
        shm.runLine("write STREAM --in DIR/six.npy").succeeded();

        for (int[] expected : new int[][] {{0, 20}, {3, 50}, {-1, 50}, {-4, 20}}) {
            shm.runLine("read STREAM --out DIR/x.png --limits 0,255 --slice " + expected[0])
                    .succeeded();
            assertEquals(expected[1] * 0x010101, pixels("x.png")[5], "slice " + expected[0]);
        }
        assertTrue(shm.runLine("read STREAM --slice 0").succeeded().out().startsWith("frame 3  2x3 uint8  min 20"));
        shm.runLine("read STREAM --out DIR/x.png --history 2 --slice 0 --limits 0,255")
                .succeeded();
        assertEquals(0x282828, pixels("x.png")[0]);
        shm.runLine("read STREAM --out DIR/x.png --history 3 --sheet").succeeded();
        shm.runLine("read STREAM --out DIR/x.png --slice 4").refused(2, "slices 0 to 3");
        shm.runLine("read STREAM --slot 0 --out DIR/x.png --slice 0").refused(2, "no such slice");
    }

    @Test
    void shouldDrawAllSlicesAndColours() throws IOException {
        create("3x1x2");
        CommandRun run = shm.runLine("read STREAM --out DIR/x.png --sheet --limits 0,255")
                .succeeded();
        assertTrue(run.err().contains("3 slices"), run.err());
        assertEquals(2 * (3 + 2 * 2), pixels("x.png").length);
        create("2x4x3");
        shm.runLine("read STREAM --out DIR/x.png --scale 2").succeeded();
        assertEquals(0x000102, pixels("x.png")[0]);
        assertEquals(0x030405, pixels("x.png")[2]);
        shm.runLine("read STREAM --out DIR/x.png --cmap viridis").refused(2, "colours of its own");
    }

    @Test
    void shouldAnnotateWithoutChangingThePixels() throws IOException {
        create("16x16");
        shm.runLine("keyword STREAM BUNIT=adu").succeeded();

        shm.runLine("read STREAM --out DIR/x.png --annotate --cmap viridis").succeeded();

        BufferedImage picture = ImageIO.read(shm.file("x.png").toFile());
        assertTrue(picture.getWidth() > 512 && picture.getHeight() > 512, "enlarged to a readable size");
        Map<Integer, Integer> found = new HashMap<>();
        for (int rgb : pixels("x.png")) {
            found.merge(rgb, 1, Integer::sum);
        }
        for (int value = 0; value < 256; value++) {
            int count = found.getOrDefault(viridis(value), 0);
            assertTrue(count >= 32 * 32, value + " has " + count + " pixels");
        }
    }

    @Test
    void shouldReportFramesThatWereNeverWrittenAndValuesThatAreNotFinite() {
        shm.runLine("create STREAM --shape 4x4 --dtype f32").succeeded();
        CommandRun never = shm.runLine("read STREAM --out DIR/x.png").succeeded();
        assertTrue(never.err().contains("was never written"), never.err());

        NpyFile.write(shm.file("nan.npy"), TestImages.of(DataType.FLOAT32, Shape.of(4, 4), b -> b.putFloat(Float.NaN)));
        shm.runLine("write STREAM --in DIR/nan.npy").succeeded();
        CommandRun plain = shm.runLine("read STREAM --out DIR/x.png").succeeded();
        assertTrue(plain.err().contains("1 value is not finite"), plain.err());
        assertFalse(plain.err().contains("never"), plain.err());
        CommandRun marked =
                shm.runLine("read STREAM --out DIR/x.png --cmap grey").succeeded();
        assertTrue(marked.err().contains("not finite (magenta)"), marked.err());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "--out DIR/x.png --cmap jet; 'jet' is not a colour map",
                "--out DIR/x.png --stretch cube; 'cube' is not a stretch",
                "--out DIR/x.png --limits 5; 'LOW,HIGH'",
                "--out DIR/x.png --limits 9,1; the lower one first",
                "--out DIR/x.png --limits p1,p101; 0 to 100",
                "--out DIR/x.png --scale 0; 1 to 1000",
                "--out DIR/x.png --scale x; --scale",
                "--out DIR/x.png --scale 1000 --slice 1,1; no such slice",
                "--out DIR/x.png --saturation lots; --saturation lots",
                "--out DIR/x.png --slice a; 'a' is not an index",
                "--out DIR/x.png --slice 99999999999; is not an index",
                "--out DIR/x.png --slice 1 --sheet; only one of them",
                "--out DIR/x.png --sheet; is not a cube",
                "--out DIR/x.npy --cmap grey; --cmap changes a picture",
                "--out DIR/x.npy --annotate; --annotate changes a picture",
                "--out - --sheet; --sheet changes a picture",
                "--out - --slice 0; give --out FILE",
                "--scale 2; --scale changes a picture",
                "--json --slice 0; give --out FILE"
            })
    void shouldRefuseOptionsThatMakeNoSense(String options, String reason) throws IOException {
        create("3x4");

        shm.runLine("read STREAM " + options).refused(2, reason.replace("'LOW,HIGH'", "LOW,HIGH"));

        assertFalse(Files.exists(shm.file("x.png")));
        assertFalse(Files.exists(shm.file("x.npy")));
    }

    @Test
    void shouldRefuseColoursForALine() {
        create("40");

        shm.runLine("read STREAM --out DIR/x.png --cmap viridis --annotate").refused(2, "without --cmap, --annotate");
        shm.runLine("read STREAM --out DIR/x.png").succeeded();
    }

    @Test
    void shouldDrawArraysWithTheSameOptions() throws IOException {
        create("2x3x4");
        String name = "file://" + shm.file("array");
        CommandRun imported =
                shm.run("array", "import", name, shm.file("in.npy").toString());
        imported.succeeded();

        shm.run("array", "export", name, shm.file("x.png").toString(), "--slice", "1", "--cmap", "viridis")
                .succeeded();
        assertEquals(viridis(0), pixels("x.png")[0]);
        assertEquals(12, pixels("x.png").length);
        shm.run("array", "export", name, "-", "--slice", "1").refused(2, "name one in place of -");
        shm.run("array", "export", name, shm.file("x.npy").toString(), "--cmap", "grey")
                .refused(2, "--cmap changes a picture");
        try (SharedArray array = SharedArray.attachReadOnly(name)) {
            assertEquals(Shape.of(2, 3, 4), array.shape());
        }
    }

    static Stream<Golden> goldens() {
        // colours of integers of 64 bits are computed with doubles, which do not distinguish values near 2^63
        return Stream.concat(Golden.of("dao"), Golden.of("milk"))
                .filter(golden -> !golden.text("dtype").endsWith("int64"));
    }

    /** The frames of the original libraries in grey, with the same levels as the plain picture. */
    @ParameterizedTest
    @MethodSource("goldens")
    void shouldDrawTheFramesOfTheOriginalLibraries(Golden golden) throws IOException {
        Path file = golden.copyTo(shm.file("golden.im.shm"));
        int axes = golden.entry().getAsJsonArray("numpy_shape").size();
        String slice = axes == 3 ? " --slice 0" : "";
        CommandRun plain = shm.runLine("read " + file + " --out DIR/plain.png" + slice);
        if (plain.status() != 0 || plain.err().contains("line plot")) {
            return; // damaged, never complete, or a vector: other tests
        }

        CommandRun run = shm.runLine("read " + file + " --out DIR/x.png --cmap grey" + slice)
                .succeeded();

        int[] grey = greys("plain.png");
        int[] pixels = pixels("x.png");
        for (int i = 0; i < pixels.length; i++) {
            assertTrue(
                    pixels[i] == grey[i] * 0x010101
                            || (pixels[i] == 0xff00ff && run.err().contains("not finite")),
                    i + " of " + run.err());
        }
        assertEquals(golden.bytes().length, Files.size(file));
        assertArrayEquals(golden.bytes(), Files.readAllBytes(file));
    }
}
