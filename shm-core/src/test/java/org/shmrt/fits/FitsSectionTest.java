package org.shmrt.fits;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.shmrt.error.IncompatibleException;
import org.shmrt.image.TestImages;
import org.shmrt.memory.DataType;
import org.shmrt.memory.MemoryImage;
import org.shmrt.memory.Shape;

/** Sections of images in numpy's notation, and images with many axes. */
class FitsSectionTest {
    @TempDir
    Path directory;

    /** Copies the section element by element, which is slow but simple. */
    private static MemoryImage section(MemoryImage image, long[] from, long[] to, boolean[] dropped) {
        Shape whole = image.shape();
        long[] kept = new long[whole.rank()];
        int rank = 0;
        long count = 1;
        for (int axis = 0; axis < whole.rank(); axis++) {
            count *= to[axis] - from[axis];
            if (!dropped[axis]) {
                kept[rank++] = to[axis] - from[axis];
            }
        }
        int itemBytes = image.type().itemBytes();
        MemorySegment data = Arena.ofAuto().allocate(count * itemBytes);
        long[] index = from.clone();
        for (long done = 0; done < count; done++) {
            MemorySegment.copy(image.data(), whole.elementIndex(index) * itemBytes, data, done * itemBytes, itemBytes);
            for (int axis = whole.rank() - 1; axis >= 0 && ++index[axis] == to[axis]; axis--) {
                index[axis] = from[axis];
            }
        }
        return new MemoryImage(image.type(), rank == 0 ? Shape.of(1) : Shape.of(Arrays.copyOf(kept, rank)), data);
    }

    @Test
    void shouldReadAnySectionLikeNumpy() {
        Random random = new Random(4);
        for (int i = 0; i < 200; i++) {
            int rank = 1 + random.nextInt(3);
            long[] lengths = random.longs(rank, 1, 8).toArray();
            DataType type = i % 2 == 0 ? DataType.UINT16 : DataType.FLOAT64;
            MemoryImage image = TestImages.random(type, Shape.of(lengths), random);
            long[] from = new long[rank];
            long[] to = lengths.clone();
            boolean[] dropped = new boolean[rank];
            StringBuilder text = new StringBuilder();
            for (int axis = 0; axis < rank; axis++) {
                from[axis] = random.nextLong(lengths[axis]);
                to[axis] = from[axis] + 1 + random.nextLong(lengths[axis] - from[axis]);
                switch (random.nextInt(4)) {
                    case 0 -> {
                        dropped[axis] = true;
                        to[axis] = from[axis] + 1;
                        text.append(",").append(from[axis]);
                    }
                    case 1 -> text.append(",").append(from[axis]).append(':').append(to[axis]);
                    case 2 -> {
                        to[axis] = lengths[axis];
                        text.append(", ").append(from[axis]).append(':');
                    }
                    default -> {
                        from[axis] = 0;
                        to[axis] = lengths[axis];
                        text.append(",:");
                    }
                }
            }
            boolean compressed = i % 5 == 0;
            Path file = directory.resolve(i % 7 == 0 ? "x.fits.gz" : "x.fits");
            FitsFile.write(file, image, compressed ? FitsOptions.defaults().withCompression() : FitsOptions.defaults());

            Path address = Path.of(file + (compressed ? "[1][" : "[0][") + text.substring(1) + "]");

            TestImages.assertSame(
                    section(image, from, to, dropped), FitsFile.read(address).image());
        }
    }

    @Test
    void shouldReadImagesWithFourAxesBySections() {
        MemoryImage image = TestImages.random(DataType.INT16, Shape.of(2, 3, 4, 5), new Random(1));
        Path file = directory.resolve("x.fits");
        FitsFile.write(file, image, FitsOptions.defaults());

        TestImages.assertOneLine(
                assertThrows(IncompatibleException.class, () -> FitsFile.read(file)),
                "has 4 axes, 2x3x4x5",
                "x.fits[0][0,:,:,:]");
        assertEquals(
                Shape.of(3, 4, 5),
                FitsFile.read(Path.of(file + "[0][0,:,:,:]")).image().shape());
        assertEquals(Shape.of(4, 5), FitsFile.header(Path.of(file + "[0][1,2]")).shape());
        assertEquals(
                Shape.of(1, 3, 4),
                FitsFile.header(Path.of(file + "[0:1,:,:,3]")).shape());
    }

    @Test
    void shouldDropLeadingAxesOfLengthOneIfThereAreTooMany() {
        MemoryImage image = TestImages.random(DataType.INT16, Shape.of(1, 1, 1, 4, 5), new Random(1));
        MemoryImage cube = TestImages.random(DataType.INT16, Shape.of(1, 4, 5), new Random(1));
        Path file = directory.resolve("x.fits");

        FitsFile.write(file, image, FitsOptions.defaults());
        assertEquals(Shape.of(1, 4, 5), FitsFile.header(file).shape());
        TestImages.assertSame(cube, FitsFile.read(file).image());

        FitsFile.write(file, cube, FitsOptions.defaults());
        assertEquals(Shape.of(1, 4, 5), FitsFile.header(file).shape());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "[0][1,2,3]; it has 2 axes",
                "[0][3]; empty or beyond",
                "[0][:,2:2]; empty or beyond",
                "[0][0:4]; empty or beyond",
                "[0][2:1]; empty or beyond"
            })
    void shouldRefuseSectionsOutsideTheImage(String section, String reason) {
        Path file = directory.resolve("x.fits");
        FitsFile.write(file, TestImages.random(DataType.INT16, Shape.of(3, 4), new Random(1)), FitsOptions.defaults());

        TestImages.assertOneLine(
                assertThrows(IncompatibleException.class, () -> FitsFile.read(Path.of(file + section))), reason, "3x4");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"[]", "[0,1]", "[0][]", "[0][a]", "[0][1:2:3]", "[0][-1]", "[SCI,x]", "[0][99999999999999999999]"
            })
    void shouldRefuseInvalidBrackets(String section) {
        Path file = directory.resolve("x.fits");
        FitsFile.write(file, TestImages.random(DataType.INT16, Shape.of(3, 4), new Random(1)), FitsOptions.defaults());

        TestImages.assertOneLine(
                assertThrows(IllegalArgumentException.class, () -> FitsFile.read(Path.of(file + section))));
    }

    @Test
    void shouldReadAFileWhoseNameEndsInBrackets() throws Exception {
        MemoryImage image = TestImages.random(DataType.INT16, Shape.of(3, 4), new Random(1));
        Path file = directory.resolve("x.fits");
        FitsFile.write(file, image, FitsOptions.defaults());
        Path odd = Files.move(file, directory.resolve("x.fits[7]"));

        TestImages.assertSame(image, FitsFile.read(odd).image());
    }

    @Test
    void shouldRefuseBracketsAfterTheRootDirectory() {
        IllegalArgumentException refused =
                assertThrows(IllegalArgumentException.class, () -> FitsFile.read(Path.of("/[,]")));

        TestImages.assertOneLine(refused, "'[,]' in /[,] is not an extension", "/[0][3,:,:]");
    }
}
