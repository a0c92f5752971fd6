package org.shmrt.image.picture;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Random;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.shmrt.image.PngFile;
import org.shmrt.image.TestImages;
import org.shmrt.image.colour.ColourMap;
import org.shmrt.image.colour.Limits;
import org.shmrt.image.colour.Stretch;
import org.shmrt.memory.DataType;
import org.shmrt.memory.MemoryImage;
import org.shmrt.memory.Shape;

class FramePictureTest {
    private static final int MAGENTA = 0xff00ff;
    private static final int CYAN = 0x00ffff;
    private static final int GAP = 0x606060;

    @TempDir
    private Path directory;

    private static MemoryImage floats(Shape shape, double... values) {
        return TestImages.of(DataType.FLOAT32, shape, b -> {
            for (double value : values) {
                b.putFloat((float) value);
            }
        });
    }

    private static MemoryImage bytes(Shape shape, int... values) {
        return TestImages.of(DataType.UINT8, shape, b -> {
            for (int value : values) {
                b.put((byte) value);
            }
        });
    }

    private static PictureStyle style(ColourMap map, Stretch stretch, String limits) {
        return new PictureStyle(map, stretch, Optional.of(Limits.parse(limits)), OptionalDouble.empty());
    }

    /** Writes a picture and reads it back with the JDK. */
    private int[][] written(FramePicture picture, int scale) throws IOException {
        Path file = directory.resolve("picture.png");
        picture.write(file, scale);
        BufferedImage image = ImageIO.read(file.toFile());
        int[][] pixels = new int[image.getHeight()][image.getWidth()];
        for (int y = 0; y < image.getHeight(); y++) {
            for (int x = 0; x < image.getWidth(); x++) {
                pixels[y][x] = image.getRGB(x, y) & 0xffffff;
            }
        }
        return pixels;
    }

    private static int colour(ColourMap map, int index) {
        byte[] rgb = map.rgb();
        return (rgb[3 * index] & 0xff) << 16 | (rgb[3 * index + 1] & 0xff) << 8 | (rgb[3 * index + 2] & 0xff);
    }

    @ParameterizedTest
    @EnumSource
    void shouldGiveEachValueItsColour(ColourMap map) throws IOException {
        MemoryImage ramp = bytes(Shape.of(2, 3), 0, 1, 100, 128, 254, 255);

        int[][] pixels = written(FramePicture.of(ramp, style(map, Stretch.LINEAR, "0,255")), 1);

        assertArrayEquals(new int[] {colour(map, 0), colour(map, 1), colour(map, 100)}, pixels[0]);
        assertArrayEquals(new int[] {colour(map, 128), colour(map, 254), colour(map, 255)}, pixels[1]);
    }

    @Test
    void shouldShowTheSameGreyAsThePlainPicture() throws IOException {
        Random random = new Random(5);
        for (DataType type : new DataType[] {DataType.UINT16, DataType.INT32, DataType.FLOAT32, DataType.COMPLEX64}) {
            double[] values = random.doubles(2 * 6 * 7, -1000, 1000).toArray();
            MemoryImage image = TestImages.of(type, Shape.of(6, 7), b -> {
                for (int i = 0; b.hasRemaining(); i++) {
                    switch (type) {
                        case UINT16 -> b.putShort((short) values[i]);
                        case INT32 -> b.putInt((int) values[i]);
                        default -> b.putFloat((float) values[i]);
                    }
                }
            });
            int[][] pixels = written(FramePicture.of(image, PictureStyle.PLAIN), 1);
            Path plain = directory.resolve("plain.png");
            PngFile.write(plain, image);

            BufferedImage expected = ImageIO.read(plain.toFile());
            int[] grey = expected.getRaster().getPixels(0, 0, 7, 6, (int[]) null);
            for (int i = 0; i < grey.length; i++) {
                assertEquals(grey[i] * 0x010101, pixels[i / 7][i % 7], type + " " + i);
            }
        }
    }

    @Test
    void shouldStretchBetweenTheLimits() throws IOException {
        MemoryImage image = floats(Shape.of(1, 2, 2), -5, 0, 25, 200);

        assertArrayEquals(
                new int[][] {{0, 0}, {0x808080, 0xffffff}},
                written(FramePicture.of(image, style(ColourMap.GREY, Stretch.SQRT, "0,100")), 1));
        assertArrayEquals(
                new int[][] {{0, 0}, {0xcccccc, 0xffffff}},
                written(FramePicture.of(image, style(ColourMap.GREY, Stretch.LOG, "0,100")), 1));
        assertArrayEquals(
                new int[][] {{0, 0}, {0x8c8c8c, 0xffffff}},
                written(FramePicture.of(image, style(ColourMap.GREY, Stretch.ASINH, "0,100")), 1));
        assertArrayEquals(
                new int[][] {{0, 0x060606}, {0x252525, 0xffffff}},
                written(FramePicture.of(image, style(ColourMap.GREY, Stretch.LINEAR, "p0,p100")), 1));
    }

    @Test
    void shouldMarkValuesThatAreNotFiniteAndSaturatedOnes() throws IOException {
        MemoryImage image = floats(Shape.of(2, 3), Double.NaN, 1, Double.POSITIVE_INFINITY, 3, 10, 9.5);
        PictureStyle style =
                new PictureStyle(ColourMap.VIRIDIS, Stretch.LINEAR, Optional.empty(), OptionalDouble.of(9.5));
        FramePicture picture = FramePicture.of(image, style);

        int[][] pixels = written(picture, 1);

        assertArrayEquals(new int[] {MAGENTA, colour(ColourMap.VIRIDIS, 0), MAGENTA}, pixels[0]);
        assertArrayEquals(new int[] {colour(ColourMap.VIRIDIS, 57), CYAN, CYAN}, pixels[1]);
        assertEquals(
                "viridis, linear from 1 to 10; 2 values are not finite (magenta); 2 values are saturated (cyan)",
                picture.write(directory.resolve("x.png"), 1));
        assertEquals(2, picture.statistics().notFinite());
    }

    @Test
    void shouldEnlargeEachElementToASquare() throws IOException {
        int[][] pixels = written(
                FramePicture.of(bytes(Shape.of(2, 2), 0, 255, 51, 102), style(ColourMap.GREY, Stretch.LINEAR, "0,255")),
                3);

        assertEquals(6, pixels.length);
        int[] upper = {0, 0, 0, 0xffffff, 0xffffff, 0xffffff};
        int[] lower = {0x333333, 0x333333, 0x333333, 0x666666, 0x666666, 0x666666};
        for (int y = 0; y < 6; y++) {
            assertArrayEquals(y < 3 ? upper : lower, pixels[y]);
        }
    }

    @Test
    void shouldShowColoursAsTheyAreUnlessTheyAreStretched() throws IOException {
        MemoryImage colours = bytes(Shape.of(2, 1, 3), 1, 2, 3, 100, 150, 200);

        assertArrayEquals(
                new int[][] {{0x010203}, {0x6496c8}}, written(FramePicture.of(colours, PictureStyle.PLAIN), 1));
        PictureStyle wide = style(ColourMap.GREY, Stretch.LINEAR, "0,510");
        assertArrayEquals(new int[][] {{0x010102}, {0x324b64}}, written(FramePicture.of(colours, wide), 1));
        PictureStyle saturated =
                new PictureStyle(ColourMap.GREY, Stretch.LINEAR, Optional.empty(), OptionalDouble.of(200));
        assertArrayEquals(new int[][] {{0x010203}, {CYAN}}, written(FramePicture.of(colours, saturated), 1));
        MemoryImage deep = floats(Shape.of(2, 1, 3), 0, 50, 100, Double.NaN, 0, 0);
        assertArrayEquals(new int[][] {{0x0080ff}, {MAGENTA}}, written(FramePicture.of(deep, PictureStyle.PLAIN), 1));
    }

    @Test
    void shouldDrawTheSlicesOfACubeInRowsWithTheSameLimits() throws IOException {
        MemoryImage cube = bytes(Shape.of(3, 1, 2), 0, 51, 102, 153, 204, 255);

        int[][] pixels = written(FramePicture.sheet(cube, PictureStyle.PLAIN), 2);

        // 1 column: two pixels high and four wide, three of them give a shape near 4:3
        assertArrayEquals(new int[] {0, 0, 0x333333, 0x333333}, pixels[0]);
        assertArrayEquals(pixels[0], pixels[1]);
        assertArrayEquals(new int[] {GAP, GAP, GAP, GAP}, pixels[2]);
        assertArrayEquals(pixels[2], pixels[3]);
        assertArrayEquals(new int[] {0x666666, 0x666666, 0x999999, 0x999999}, pixels[4]);
        assertArrayEquals(new int[] {0xcccccc, 0xcccccc, 0xffffff, 0xffffff}, pixels[9]);
        assertEquals(10, pixels.length);
    }

    @Test
    void shouldLeaveUnusedPlacesOfASheetEmptyAndShowColours() throws IOException {
        int[] values = new int[3 * 2 * 2 * 3];
        values[35] = 200;
        MemoryImage cube = bytes(Shape.of(3, 2, 2, 3), values);

        int[][] pixels = written(FramePicture.sheet(cube, PictureStyle.PLAIN), 1);

        assertEquals(6, pixels.length);
        assertEquals(6, pixels[0].length);
        assertEquals(200, pixels[5][1]);
        assertEquals(GAP, pixels[5][5]);
        assertEquals(0, pixels[0][5]);
    }

    @Test
    void shouldStateTheStretchInTheFile() throws IOException {
        Path file = directory.resolve("text.png");
        FramePicture.of(bytes(Shape.of(2, 2), 3, 4, 5, 6), style(ColourMap.CYCLIC, Stretch.ASINH, "minmax"))
                .write(file, 1);

        String content = Files.readString(file, StandardCharsets.ISO_8859_1);
        assertTrue(content.contains("tEXtStretch\0asinh 3..6 of uint8"), content);
        assertTrue(content.contains("tEXtColour map\0cyclic"), content);
    }

    @Test
    void shouldWriteTheSameBytesEachTime() throws IOException {
        Path one = directory.resolve("one.png");
        Path other = directory.resolve("other.png");
        MemoryImage image = bytes(Shape.of(4, 2), 3, 4, 5, 6, 7, 8, 9, 10);
        FramePicture.of(image, style(ColourMap.INFERNO, Stretch.LOG, "zscale")).write(one, 2);
        FramePicture.of(image, style(ColourMap.INFERNO, Stretch.LOG, "zscale")).write(other, 2);

        assertEquals(-1, Files.mismatch(one, other));
    }

    @Test
    void shouldSelectSlicesByIndex() {
        MemoryImage cube = bytes(Shape.of(2, 3, 1, 2), 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11);

        assertEquals(Shape.of(3, 1, 2), PictureShape.slice(cube, 1).shape());
        assertArrayEquals(new byte[] {10, 11}, TestImages.bytes(PictureShape.slice(cube, 1, 2)));
        assertArrayEquals(new byte[] {4, 5}, TestImages.bytes(PictureShape.slice(cube, -2, -1)));
        for (int[] wrong : new int[][] {{2}, {-3}, {0, 3}, {0, 0, 0, 0}}) {
            TestImages.assertOneLine(
                    assertThrows(IllegalArgumentException.class, () -> PictureShape.slice(cube, wrong)), "2x3x1x2");
        }
    }

    @Test
    void shouldRefuseWhatIsNoPicture() {
        for (Shape shape : new Shape[] {Shape.of(2, 3, 4), Shape.of(0, 3), Shape.of(2, 2, 2, 3)}) {
            TestImages.assertOneLine(assertThrows(
                    IllegalArgumentException.class,
                    () -> FramePicture.of(TestImages.of(DataType.UINT8, shape, b -> {}), PictureStyle.PLAIN)));
        }
        for (Shape shape : new Shape[] {Shape.of(2, 3), Shape.of(5, 0, 3), Shape.of(7)}) {
            TestImages.assertOneLine(assertThrows(
                    IllegalArgumentException.class,
                    () -> FramePicture.sheet(TestImages.of(DataType.UINT8, shape, b -> {}), PictureStyle.PLAIN)));
        }
        FramePicture large =
                FramePicture.of(TestImages.of(DataType.UINT8, Shape.of(100, 100), b -> {}), PictureStyle.PLAIN);
        TestImages.assertOneLine(
                assertThrows(IllegalArgumentException.class, () -> large.write(directory.resolve("x.png"), 1000)),
                "100000 x 100000",
                "65500");
    }

    @Test
    void shouldShowTheMeanOfSeveralElementsInASmallerPicture() {
        FramePicture picture = FramePicture.of(
                bytes(Shape.of(4, 4), 0, 100, 0, 0, 100, 200, 0, 0, 10, 10, 255, 255, 10, 10, 255, 255),
                style(ColourMap.GREY, Stretch.LINEAR, "0,255"));

        assertArrayEquals(
                new int[] {0x646464, 0, 0x0a0a0a, 0xffffff},
                picture.resized(2, 2).colours());
        assertArrayEquals(new int[] {0x323232, 0x858585}, picture.resized(1, 2).colours());
        assertEquals(64, picture.resized(8, 8).colours().length);
        assertEquals(0xc8c8c8, picture.resized(8, 8).colours()[3 * 8 + 3]);
    }

    @Test
    void shouldNotAverageMarksAway() {
        FramePicture picture = FramePicture.of(
                floats(Shape.of(2, 4), 1, 2, 3, 3, Double.NaN, 2, 9, 3),
                new PictureStyle(
                        ColourMap.GREY, Stretch.LINEAR, Optional.of(new Limits.Fixed(0, 10)), OptionalDouble.of(9)));

        assertArrayEquals(new int[] {MAGENTA, CYAN}, picture.resized(2, 1).colours());
        assertArrayEquals(new int[] {MAGENTA}, picture.resized(1, 1).colours());
    }

    @Test
    void shouldNotOverflowInAMean() {
        MemoryImage large = TestImages.of(
                DataType.FLOAT64,
                Shape.of(1, 2, 2),
                b -> b.putDouble(1e308).putDouble(1e308).putDouble(1e308).putDouble(1e308));

        assertArrayEquals(
                new int[] {0xffffff},
                FramePicture.of(large, style(ColourMap.GREY, Stretch.LINEAR, "0,1e308"))
                        .resized(1, 1)
                        .colours());
    }
}
