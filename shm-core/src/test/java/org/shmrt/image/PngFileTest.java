package org.shmrt.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.awt.image.DataBufferByte;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.shmrt.error.NotFoundException;
import org.shmrt.image.plot.PngEncoder;
import org.shmrt.memory.DataType;
import org.shmrt.memory.MemoryImage;
import org.shmrt.memory.Shape;

class PngFileTest {
    private static final Shape SQUARE = Shape.of(2, 2);

    @TempDir
    Path directory;

    @Test
    void shouldShowColoursWhoseChannelsAreTheLastAxis() throws IOException {
        MemoryImage colours = TestImages.of(DataType.UINT8, Shape.of(2, 3, 3), b -> {
            for (int i = 0; i < 18; i++) {
                b.put((byte) (10 * i));
            }
        });
        Path file = directory.resolve("colours.png");
        PngFile.write(file, colours);

        BufferedImage picture = ImageIO.read(file.toFile());
        assertEquals(0x000a14, picture.getRGB(0, 0) & 0xffffff);
        assertEquals(0x96a0aa, picture.getRGB(2, 1) & 0xffffff);
        assertEquals("none", stretchText(file));

        MemoryImage deep = TestImages.of(DataType.UINT16, Shape.of(2, 1, 3), b -> {
            for (int i = 0; i < 6; i++) {
                b.putShort((short) (1000 + 51 * i));
            }
        });
        assertEquals(new PngFile.Stretch(1000, 1255), PngFile.write(file, deep));
        assertEquals(0x99ccff, ImageIO.read(file.toFile()).getRGB(0, 1) & 0xffffff);
    }

    @Test
    void shouldStretchFromTheSmallestToTheLargestValueWithRow0AtTheTop() throws IOException {
        MemoryImage image = TestImages.of(
                DataType.UINT16,
                Shape.of(2, 3),
                b -> b.putShort((short) 1000)
                        .putShort((short) 1051)
                        .putShort((short) 1102)
                        .putShort((short) 1153)
                        .putShort((short) 1204)
                        .putShort((short) 1255));
        Path file = directory.resolve("image.png");
        assertEquals(new PngFile.Stretch(1000, 1255), PngFile.write(file, image));
        BufferedImage picture = ImageIO.read(file.toFile());
        assertEquals(3, picture.getWidth());
        assertEquals(2, picture.getHeight());
        assertEquals(BufferedImage.TYPE_BYTE_GRAY, picture.getType());
        assertArrayEquals(new int[] {0, 51, 102, 153, 204, 255}, pixels(picture));
        assertEquals("linear 1000..1255 of uint16", stretchText(file));
    }

    @Test
    void shouldHandleSignsAndTheTopBit() throws IOException {
        check(
                DataType.UINT8,
                b -> b.put(0, new byte[] {0, (byte) 255, 127, (byte) 128}),
                "linear 0..255 of uint8",
                0,
                255,
                127,
                128);
        check(
                DataType.INT8,
                b -> b.put(0, new byte[] {0, -128, 127, -1}),
                "linear -128..127 of int8",
                128,
                0,
                255,
                127);
        check(
                DataType.INT16,
                b -> b.putShort(Short.MIN_VALUE)
                        .putShort((short) 0)
                        .putShort(Short.MAX_VALUE)
                        .putShort(Short.MIN_VALUE),
                "linear -32768..32767 of int16",
                0,
                128,
                255,
                0);
        check(
                DataType.UINT32,
                b -> b.putInt(0).putInt(-1).putInt(Integer.MIN_VALUE).putInt(0),
                "linear 0..4294967295 of uint32",
                0,
                255,
                128,
                0);
        check(
                DataType.INT32,
                b -> b.putInt(Integer.MIN_VALUE)
                        .putInt(Integer.MAX_VALUE)
                        .putInt(0)
                        .putInt(-1),
                "linear -2147483648..2147483647 of int32",
                0,
                255,
                128,
                127);
        check(
                DataType.UINT64,
                b -> b.putLong(0).putLong(-1).putLong(Long.MIN_VALUE).putLong(Long.MAX_VALUE),
                "linear 0..18446744073709551615 of uint64",
                0,
                255,
                128,
                128);
        check(
                DataType.INT64,
                b -> b.putLong(Long.MIN_VALUE)
                        .putLong(Long.MAX_VALUE)
                        .putLong(0)
                        .putLong(0),
                "linear -9223372036854775808..9223372036854775807 of int64",
                0,
                255,
                128,
                128);
    }

    @Test
    void shouldDistinguishIntegersThatRoundToTheSameDouble() throws IOException {
        check(
                DataType.UINT64,
                b -> b.putLong(-4).putLong(-3).putLong(-2).putLong(-1),
                "linear 18446744073709551612..18446744073709551615 of uint64",
                0,
                85,
                170,
                255);
        check(
                DataType.INT64,
                b -> b.putLong(1L << 60)
                        .putLong((1L << 60) + 1)
                        .putLong((1L << 60) + 2)
                        .putLong((1L << 60) + 3),
                "linear 1152921504606846976..1152921504606846979 of int64",
                0,
                85,
                170,
                255);
    }

    @Test
    void shouldDrawFloatingPointNumbers() throws IOException {
        check(
                DataType.FLOAT16,
                b -> b.putShort(Float.floatToFloat16(-1))
                        .putShort(Float.floatToFloat16(1))
                        .putShort(Float.floatToFloat16(0))
                        .putShort(Float.floatToFloat16(-0.5f)),
                "linear -1.0..1.0 of float16",
                0,
                255,
                128,
                64);
        check(
                DataType.FLOAT32,
                b -> b.putFloat(0.1f).putFloat(0.3f).putFloat(0.25f).putFloat(0.1f),
                "linear 0.1..0.3 of float32",
                0,
                255,
                191,
                0);
        check(
                DataType.FLOAT64,
                b -> b.putDouble(-Double.MAX_VALUE)
                        .putDouble(Double.MAX_VALUE)
                        .putDouble(0)
                        .putDouble(1),
                "linear -1.7976931348623157E308..1.7976931348623157E308 of float64",
                0,
                255,
                128,
                128);
        check(
                DataType.FLOAT64,
                b -> b.putDouble(0).putDouble(Double.MIN_VALUE).putDouble(-0.0).putDouble(2 * Double.MIN_VALUE),
                "linear 0.0..9.9E-324 of float64",
                0,
                128,
                0,
                255);
    }

    @Test
    void shouldDrawNanBlackAndClipInfinities() throws IOException {
        check(
                DataType.FLOAT32,
                Shape.of(2, 3),
                b -> b.putFloat(Float.NaN)
                        .putFloat(Float.POSITIVE_INFINITY)
                        .putFloat(Float.NEGATIVE_INFINITY)
                        .putFloat(5)
                        .putFloat(7)
                        .putFloat(9),
                "linear 5.0..9.0 of float32",
                0,
                255,
                0,
                0,
                128,
                255);
        check(
                DataType.FLOAT64,
                b -> b.putDouble(Double.NaN)
                        .putDouble(Double.POSITIVE_INFINITY)
                        .putDouble(Double.NEGATIVE_INFINITY)
                        .putDouble(Double.NaN),
                "linear NaN..NaN of float64",
                0,
                255,
                0,
                0);
    }

    @Test
    void shouldDrawTheMagnitudeOfComplexNumbers() throws IOException {
        check(
                DataType.COMPLEX64,
                b -> b.putFloat(3)
                        .putFloat(4)
                        .putFloat(0)
                        .putFloat(0)
                        .putFloat(-2.5f)
                        .putFloat(0)
                        .putFloat(0)
                        .putFloat(-1),
                "linear 0.0..5.0 of complex64 magnitude",
                255,
                0,
                128,
                51);
        check(
                DataType.COMPLEX128,
                b -> b.putDouble(3e200)
                        .putDouble(4e200)
                        .putDouble(0)
                        .putDouble(0)
                        .putDouble(0)
                        .putDouble(0)
                        .putDouble(0)
                        .putDouble(5e200),
                "linear 0.0..5.0E200 of complex128 magnitude",
                255,
                0,
                0,
                255);
    }

    @Test
    void shouldDrawBooleansBlackAndWhite() throws IOException {
        check(DataType.BOOL, b -> b.put(0, new byte[] {0, 1, 1, 0}), "linear 0..1 of bool", 0, 255, 255, 0);
        check(DataType.BOOL, b -> b.put(0, new byte[] {1, 1, 1, 1}), "linear 0..1 of bool", 255, 255, 255, 255);
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, 42, -1e300, Double.MIN_VALUE})
    void shouldDrawAnImageOfOneValueBlack(double value) throws IOException {
        check(
                DataType.FLOAT64,
                b -> b.putDouble(value).putDouble(value).putDouble(value).putDouble(value),
                "linear " + value + ".." + value + " of float64",
                0,
                0,
                0,
                0);
    }

    @Test
    void shouldDrawNoiseExactlyAndIgnoreALeadingAxisOfOne() throws IOException {
        Random random = new Random(11);
        byte[] bytes = new byte[50 * 70];
        random.nextBytes(bytes);
        MemoryImage image = TestImages.of(DataType.UINT8, Shape.of(1, 50, 70), b -> b.put(bytes));
        Path file = directory.resolve("noise.PNG");
        PngFile.write(file, image);
        int[] pixels = pixels(ImageIO.read(file.toFile()));
        for (int i = 0; i < bytes.length; i++) {
            assertEquals(bytes[i] & 0xff, pixels[i]);
        }
    }

    @Test
    void shouldDrawVectorsAsLines() throws IOException {
        for (Shape shape : new Shape[] {Shape.of(1000), Shape.of(1000, 1), Shape.of(1, 1000), Shape.of(1, 1, 1000)}) {
            MemoryImage image = TestImages.of(DataType.FLOAT32, shape, b -> {
                for (int i = 0; i < 1000; i++) {
                    b.putFloat((float) Math.sin(i / 50.0));
                }
            });
            Path file = directory.resolve("vector.png");
            PngFile.Stretch stretch = PngFile.write(file, image);
            assertEquals(-1, stretch.low(), 1e-3);
            assertEquals(1, stretch.high(), 1e-3);
            assertEquals(1000, ImageIO.read(file.toFile()).getWidth());
            assertEquals(600, ImageIO.read(file.toFile()).getHeight());
        }
        assertEquals(
                "line plot of 1 values, from 7 to 7",
                PngFile.writeWithRemark(
                        directory.resolve("one.png"), TestImages.of(DataType.UINT8, Shape.of(), b -> b.put((byte) 7))));
    }

    @Test
    void shouldNotLoseAPeakOfALongVector() throws IOException {
        Shape shape = Shape.of(5_000_003);
        Path peak = directory.resolve("peak.png");
        MemoryImage image = TestImages.of(DataType.UINT8, shape, b -> b.put(3_333_333, (byte) 200));
        PngFile.write(peak, image);
        BufferedImage picture = ImageIO.read(peak.toFile());
        int coloured = 0;
        for (int y = 0; y < picture.getHeight(); y++) {
            boolean any = false;
            for (int x = 500; x < 800; x++) {
                any |= TestImages.isNear(picture.getRGB(x, y), 0x0072b2);
            }
            coloured += any ? 1 : 0;
        }
        assertTrue(coloured > 300, "the peak reaches over " + coloured + " rows");
    }

    @Test
    void shouldRefuseImagesThatAreNotPictures() throws IOException {
        Path file = directory.resolve("no.png");
        TestImages.assertOneLine(
                assertThrows(
                        IllegalArgumentException.class,
                        () -> PngFile.write(file, TestImages.of(DataType.UINT8, Shape.of(3, 4, 5), b -> {}))),
                "3x4x5",
                "select one slice");
        assertThrows(
                IllegalArgumentException.class,
                () -> PngFile.write(file, TestImages.of(DataType.UINT8, Shape.of(2, 1, 4, 5), b -> {})));
        TestImages.assertOneLine(
                assertThrows(
                        IllegalArgumentException.class,
                        () -> PngFile.write(file, TestImages.of(DataType.UINT8, Shape.of(0, 5), b -> {}))),
                "no pixels");
        TestImages.assertOneLine(
                assertThrows(
                        IllegalArgumentException.class,
                        () -> PngFile.write(file, TestImages.of(DataType.UINT8, Shape.of(2, 65501), b -> {}))),
                "65500");
        TestImages.assertNothingLeftIn(directory);
        assertThrows(
                NotFoundException.class,
                () -> PngFile.write(directory.resolve("no/no.png"), TestImages.of(DataType.UINT8, SQUARE, b -> {})));
    }

    @Test
    void shouldRefuseTooManyPixels() throws IOException {
        // a sparse file represents the memory, because none of it is accessed
        Path big = directory.resolve("big");
        Shape shape = Shape.of(65_000, 65_000);
        try (FileChannel channel = FileChannel.open(
                        big, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
                Arena arena = Arena.ofConfined()) {
            MemorySegment data = channel.map(FileChannel.MapMode.READ_WRITE, 0, shape.elementCount(), arena);
            MemoryImage image = new MemoryImage(DataType.UINT8, shape, data);
            TestImages.assertOneLine(
                    assertThrows(
                            IllegalArgumentException.class, () -> PngFile.write(directory.resolve("no.png"), image)),
                    "2147483648");
        }
    }

    private void check(DataType type, Consumer<ByteBuffer> content, String stretch, int... grey) throws IOException {
        check(type, SQUARE, content, stretch, grey);
    }

    private void check(DataType type, Shape shape, Consumer<ByteBuffer> content, String stretch, int... grey)
            throws IOException {
        Path file = directory.resolve(type + ".png");
        PngFile.write(file, TestImages.of(type, shape, content));
        assertArrayEquals(grey, pixels(ImageIO.read(file.toFile())), type.toString());
        assertEquals(stretch, stretchText(file));
    }

    @Test
    void shouldWriteColour() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        PngEncoder.write(out, 2, 1, PngEncoder.ColourType.RGB, Map.of(), (row, pixels) -> {
            pixels[0] = (byte) 255;
            pixels[4] = (byte) 128;
        });
        BufferedImage picture = ImageIO.read(new ByteArrayInputStream(out.toByteArray()));
        assertEquals(0xffff0000, picture.getRGB(0, 0));
        assertEquals(0xff008000, picture.getRGB(1, 0));
    }

    /** The raw bytes; getRGB would convert from the grey colour space of the reader. */
    private static int[] pixels(BufferedImage picture) {
        byte[] bytes = ((DataBufferByte) picture.getRaster().getDataBuffer()).getData();
        int[] pixels = new int[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            pixels[i] = bytes[i] & 0xff;
        }
        return pixels;
    }

    private static String stretchText(Path file) throws IOException {
        ByteBuffer png = ByteBuffer.wrap(Files.readAllBytes(file)).position(8);
        while (png.hasRemaining()) {
            int length = png.getInt();
            byte[] name = new byte[4];
            byte[] content = new byte[length];
            png.get(name).get(content).getInt();
            String text = new String(content, StandardCharsets.ISO_8859_1);
            if (new String(name, StandardCharsets.ISO_8859_1).equals("tEXt") && text.startsWith("Stretch\0")) {
                return text.substring("Stretch\0".length());
            }
        }
        return null;
    }
}
