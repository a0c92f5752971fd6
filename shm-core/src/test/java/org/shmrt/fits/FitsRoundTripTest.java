package org.shmrt.fits;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;
import org.junit.jupiter.params.provider.ValueSource;
import org.shmrt.image.TestImages;
import org.shmrt.memory.DataType;
import org.shmrt.memory.MemoryImage;
import org.shmrt.memory.Shape;

/** Images are read as they were written, for every type and shape, plain or compressed. */
class FitsRoundTripTest {
    private static final int IMAGES = 40;

    @TempDir
    Path directory;

    private static Shape randomShape(Random random) {
        long[] lengths = new long[1 + random.nextInt(3)];
        for (int i = 0; i < lengths.length; i++) {
            lengths[i] = 1L + random.nextInt(random.nextInt(4) == 0 ? 150 : 9);
        }
        return Shape.of(lengths);
    }

    /** Half precision is read back as single precision and bool as uint8; all other types are preserved. */
    private static MemoryImage expected(MemoryImage image) {
        if (image.type() == DataType.BOOL) {
            return new MemoryImage(DataType.UINT8, image.shape(), image.data());
        }
        if (image.type() != DataType.FLOAT16) {
            return image;
        }
        MemorySegment wide = Arena.ofAuto().allocate(image.data().byteSize() * 2);
        for (long i = 0; i < image.shape().elementCount(); i++) {
            wide.set(
                    ValueLayout.JAVA_FLOAT_UNALIGNED,
                    i * 4,
                    Float.float16ToFloat(image.data().get(ValueLayout.JAVA_SHORT_UNALIGNED, i * 2)));
        }
        return new MemoryImage(DataType.FLOAT32, image.shape(), wide);
    }

    @ParameterizedTest
    @EnumSource(
            mode = Mode.EXCLUDE,
            names = {"COMPLEX64", "COMPLEX128"})
    void shouldReadBackPlainImages(DataType type) {
        Random random = new Random(type.ordinal());
        for (int i = 0; i < IMAGES; i++) {
            MemoryImage image = TestImages.random(type, randomShape(random), random);
            Path file = directory.resolve("x.fits" + (i % 4 == 3 ? ".gz" : ""));

            FitsFile.write(file, image, FitsOptions.defaults());

            TestImages.assertSame(expected(image), FitsFile.read(file).image());
        }
    }

    @ParameterizedTest
    @EnumSource(
            mode = Mode.EXCLUDE,
            names = {"COMPLEX64", "COMPLEX128"})
    void shouldReadBackCompressedImages(DataType type) {
        Random random = new Random(type.ordinal());
        for (int i = 0; i < IMAGES; i++) {
            MemoryImage image = TestImages.random(type, randomShape(random), random);
            if (i % 2 == 0) {
                // smooth images compress differently from noise
                for (long at = 0; at < image.data().byteSize(); at++) {
                    image.data().set(ValueLayout.JAVA_BYTE, at, (byte) (at % 97 == 0 ? 1 : 0));
                }
            }
            Path file = directory.resolve("x.fits.fz");

            FitsFile.write(file, image, FitsOptions.defaults().withCompression());

            TestImages.assertSame(expected(image), FitsFile.read(file).image());
        }
    }

    @Test
    void shouldCompressRowsLongerThanATile() {
        MemoryImage image = TestImages.random(DataType.UINT16, Shape.of(2, (1 << 20) + 77), new Random(7));
        Path file = directory.resolve("x.fits");

        FitsFile.write(file, image, FitsOptions.defaults().withCompression());

        TestImages.assertSame(image, FitsFile.read(file).image());
    }

    @Test
    void shouldReadImagesOfManyChunks() {
        MemoryImage image = TestImages.random(DataType.INT32, Shape.of(5, 1031, 1033), new Random(3));
        Path file = directory.resolve("x.fits");
        FitsFile.write(file, image, FitsOptions.defaults());

        TestImages.assertSame(image, FitsFile.read(file).image());
        try (Arena mine = Arena.ofConfined()) {
            MemorySegment target = mine.allocate(image.data().byteSize());
            FitsFile.readInto(file, target);
            assertEquals(-1, image.data().mismatch(target));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"x.fits", "x.fits.gz", "x.fits.fz"})
    void shouldReadTheSameFileRepeatedly(String name) {
        MemoryImage image = TestImages.random(DataType.UINT16, Shape.of(30, 40), new Random(3));
        Path file = directory.resolve(name);
        FitsOptions options = FitsOptions.defaults();
        FitsFile.write(file, image, name.endsWith(".fz") ? options.withCompression() : options);
        try (FitsInput input = FitsInput.open(file)) {
            for (int i = 0; i < 3; i++) {
                TestImages.assertSame(image, input.read());
            }
        }
    }

    @Test
    void shouldReportHowHalfPrecisionAndBoolAreWritten() {
        Path file = directory.resolve("x.fits");
        Random random = new Random(1);
        Shape shape = Shape.of(3, 4);

        assertTrue(FitsFile.write(file, TestImages.random(DataType.FLOAT16, shape, random), FitsOptions.defaults())
                .orElseThrow()
                .contains("float32"));
        assertTrue(FitsFile.write(file, TestImages.random(DataType.BOOL, shape, random), FitsOptions.defaults())
                .orElseThrow()
                .contains("uint8"));
        assertEquals(
                Optional.empty(),
                FitsFile.write(file, TestImages.random(DataType.UINT64, shape, random), FitsOptions.defaults()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"COMPLEX64", "COMPLEX128"})
    void shouldRefuseComplexNumbersAndLeaveNoFile(DataType type) throws IOException {
        MemoryImage image = TestImages.random(type, Shape.of(3, 4), new Random(1));

        TestImages.assertOneLine(
                assertThrows(
                        IllegalArgumentException.class,
                        () -> FitsFile.write(directory.resolve("x.fits"), image, FitsOptions.defaults())),
                "no type complex",
                "two images");
        TestImages.assertNothingLeftIn(directory);
    }

    @Test
    void shouldRefuseImagesWithoutPixels() throws IOException {
        MemoryImage empty = TestImages.random(DataType.UINT8, Shape.of(3, 0), new Random(1));

        TestImages.assertOneLine(
                assertThrows(
                        IllegalArgumentException.class,
                        () -> FitsFile.write(directory.resolve("x.fits"), empty, FitsOptions.defaults())),
                "no pixels");
        TestImages.assertNothingLeftIn(directory);
    }

    @Test
    void shouldWriteAScalarAsOneElement() {
        MemoryImage scalar = TestImages.random(DataType.FLOAT64, Shape.of(), new Random(1));
        Path file = directory.resolve("x.fits");

        FitsFile.write(file, scalar, FitsOptions.defaults());

        assertEquals(Shape.of(1), FitsFile.read(file).image().shape());
        assertEquals(-1, scalar.data().mismatch(FitsFile.read(file).image().data()));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldWriteFramesAsACube(boolean compressed) {
        Random random = new Random(5);
        for (Shape frame : List.of(Shape.of(6, 7), Shape.of(11), Shape.of(2, 3, 5))) {
            List<MemoryImage> frames = List.of(
                    TestImages.random(DataType.UINT16, frame, random),
                    TestImages.random(DataType.UINT16, frame, random),
                    TestImages.random(DataType.UINT16, frame, random));
            FitsOptions options = compressed ? FitsOptions.defaults().withCompression() : FitsOptions.defaults();
            Path file = directory.resolve("cube.fits");

            FitsFile.writeCube(
                    file, DataType.UINT16, frame, 3, i -> frames.get((int) i).data(), options);

            for (int i = 0; i < 3; i++) {
                Path one = Path.of(file + (compressed ? "[1]" : "[0]") + "[" + i + "]");
                TestImages.assertSame(frames.get(i), FitsFile.read(one).image());
            }
        }
    }

    @Test
    void shouldLeaveNoCubeIfAFrameIsMissing() throws IOException {
        Path file = directory.resolve("cube.fits");

        assertThrows(
                IllegalStateException.class,
                () -> FitsFile.writeCube(
                        file,
                        DataType.UINT8,
                        Shape.of(2, 2),
                        3,
                        i -> {
                            if (i == 1) {
                                throw new IllegalStateException("the writer has died");
                            }
                            return MemorySegment.ofArray(new byte[4]);
                        },
                        FitsOptions.defaults()));
        assertThrows(
                IllegalArgumentException.class,
                () -> FitsFile.writeCube(
                        file,
                        DataType.UINT8,
                        Shape.of(2, 2),
                        3,
                        i -> MemorySegment.ofArray(new byte[5]),
                        FitsOptions.defaults()));

        TestImages.assertNothingLeftIn(directory);
    }

    @Test
    void shouldFillWholeBlocks() throws IOException {
        Path file = directory.resolve("x.fits");
        for (boolean compressed : new boolean[] {false, true}) {
            FitsOptions options = FitsOptions.defaults().withTimes(new FrameTimes());
            FitsFile.write(
                    file,
                    TestImages.random(DataType.INT16, Shape.of(37, 41), new Random(1)),
                    compressed ? options.withCompression() : options);
            assertEquals(0, Files.size(file) % 2880);
        }
    }
}
