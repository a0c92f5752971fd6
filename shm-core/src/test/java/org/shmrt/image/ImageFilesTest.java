package org.shmrt.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Path;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.shmrt.memory.DataType;
import org.shmrt.memory.MemoryImage;
import org.shmrt.memory.Shape;

class ImageFilesTest {
    private static final Shape SHAPE = Shape.of(3, 4);

    @TempDir
    Path directory;

    private final MemoryImage image = TestImages.of(DataType.UINT8, SHAPE, b -> {
        for (int i = 0; i < 12; i++) {
            b.put((byte) (10 + i));
        }
    });

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a.npy",
                "A.NPY",
                "a.raw",
                "a.b.Raw",
                ".npy",
                "a.fits",
                "A.FIT",
                "a.fits.gz",
                "a.fts",
                "a.fits.fz"
            })
    void shouldReadBackImages(String name) {
        Path file = directory.resolve(name);
        assertEquals(Optional.empty(), ImageFiles.write(file, image));
        TestImages.assertSame(image, ImageFiles.read(file, Optional.of(DataType.UINT8), Optional.of(SHAPE)));
    }

    @Test
    void shouldReportWhichValuesBecameBlackAndWhite() {
        assertEquals(
                Optional.of("grey from 10 (black) to 21 (white)"), ImageFiles.write(directory.resolve("a.Png"), image));
        MemoryImage vector = TestImages.random(DataType.BOOL, Shape.of(9), new Random(1));
        assertEquals(
                Optional.of("line plot of 9 values, from 0 to 1"),
                ImageFiles.write(directory.resolve("v.png"), vector));
    }

    @Test
    void shouldNotNeedTypeAndShapeForNpy() {
        Path file = directory.resolve("a.npy");
        ImageFiles.write(file, image);
        TestImages.assertSame(image, ImageFiles.read(file));
    }

    @Test
    void shouldRequireTypeAndShapeForRawBytes() {
        Path file = directory.resolve("a.raw");
        TestImages.assertOneLine(
                assertThrows(
                        IllegalArgumentException.class,
                        () -> ImageFiles.read(file, Optional.empty(), Optional.of(SHAPE))),
                "type");
        TestImages.assertOneLine(
                assertThrows(
                        IllegalArgumentException.class,
                        () -> ImageFiles.read(file, Optional.of(DataType.UINT8), Optional.empty())),
                "shape");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a.tiff", "npy", "a.npy.", "a.npyx", "/"})
    void shouldListTheSupportedEndings(String name) throws Exception {
        Path file = directory.resolve(name);
        TestImages.assertOneLine(
                assertThrows(IllegalArgumentException.class, () -> ImageFiles.write(file, image)),
                ".npy",
                ".png",
                ".raw",
                ".fits");
        TestImages.assertOneLine(
                assertThrows(
                        IllegalArgumentException.class,
                        () -> ImageFiles.read(file, Optional.of(DataType.UINT8), Optional.of(SHAPE))),
                ".npy",
                ".raw",
                ".fits");
        TestImages.assertNothingLeftIn(directory);
    }

    @Test
    void shouldNotReadPictures() {
        TestImages.assertOneLine(
                assertThrows(IllegalArgumentException.class, () -> ImageFiles.read(directory.resolve("a.png"))),
                ".npy");
    }
}
