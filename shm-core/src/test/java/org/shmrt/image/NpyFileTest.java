package org.shmrt.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.shmrt.error.IncompatibleException;
import org.shmrt.error.NotFoundException;
import org.shmrt.error.ShmException;
import org.shmrt.memory.DataType;
import org.shmrt.memory.MemoryImage;
import org.shmrt.memory.Shape;

/** The files in the test resources were written by numpy 2.4.6. */
class NpyFileTest {
    @TempDir
    Path directory;

    @ParameterizedTest
    @EnumSource(DataType.class)
    void shouldReadEveryTypeOfNumpyAndWriteTheSameBytes(DataType type) {
        byte[] numpy = TestImages.resource(type.numpyName() + ".npy");
        MemoryImage image = read(numpy);
        assertEquals(type, image.type());
        assertEquals(Shape.of(2, 3), image.shape());
        assertArrayEquals(numpy, written(image));
    }

    @Test
    void shouldReadTheValuesOfNumpy() {
        MemoryImage image = read(TestImages.resource("float32.npy"));
        assertArrayEquals(
                new float[] {-2.25f, -0.75f, 0.75f, 2.25f, 3.75f, 5.25f},
                image.data().toArray(ValueLayout.JAVA_FLOAT));
        image = read(TestImages.resource("bool.npy"));
        assertArrayEquals(new byte[] {0, 1, 0, 0, 1, 0}, TestImages.bytes(image));
    }

    @ParameterizedTest
    @CsvSource({
        "scalar, scalar, float64",
        "vector, 5, int64",
        "empty, 3x0x2, float32",
        "padded-by-64, 1x111x1x1x1x1x1x1x1x1x1x1x1x1, uint8",
        "c-order-4d, 2x3x1x4, complex128"
    })
    void shouldWriteTheSameBytesAsNumpyForUnusualShapes(String file, String shape, String type) {
        byte[] numpy = TestImages.resource(file + ".npy");
        MemoryImage image = read(numpy);
        assertEquals(shape, image.shape().toString());
        assertEquals(type, image.type().numpyName());
        assertArrayEquals(numpy, written(image));
    }

    /** numpy.load accepts whatever numpy.dtype accepts, and other programs write that. */
    @ParameterizedTest
    @CsvSource({
        "f4, FLOAT32",
        "|f4, FLOAT32",
        "=f4, FLOAT32",
        "float32, FLOAT32",
        "f, FLOAT32",
        "?, BOOL",
        "|?, BOOL",
        "bool, BOOL",
        "b1, BOOL",
        "u2, UINT16",
        "uint16, UINT16",
        "<H, UINT16",
        "b, INT8",
        "B, UINT8",
        "l, INT64",
        "Q, UINT64",
        "d, FLOAT64",
        "e, FLOAT16",
        "D, COMPLEX128",
        "complex64, COMPLEX64"
    })
    void shouldReadTypesThatNumpyAcceptsInOtherNotations(String descr, DataType type) {
        byte[] header = MalformedNpyTest.header("{'descr': '" + descr + "', 'fortran_order': False, 'shape': (3,), }");
        byte[] data = new byte[3 * type.itemBytes()];
        for (int i = 0; i < data.length; i++) {
            data[i] = (byte) (type == DataType.BOOL ? i & 1 : i + 1);
        }

        MemoryImage image = read(MalformedNpyTest.concat(header, data));

        assertEquals(type, image.type());
        assertArrayEquals(data, TestImages.bytes(image));
    }

    @Test
    void shouldReadBigEndianTypesInOtherNotations() {
        byte[] header = MalformedNpyTest.header("{'descr': '>H', 'fortran_order': False, 'shape': (2,), }");

        MemoryImage image = read(MalformedNpyTest.concat(header, new byte[] {1, 2, 3, 4}));

        assertArrayEquals(new byte[] {2, 1, 4, 3}, TestImages.bytes(image));
    }

    @ParameterizedTest
    @ValueSource(strings = {"uint16", "int32", "uint64", "float16", "float32", "float64", "complex64", "complex128"})
    void shouldReadBigEndianFiles(String type) {
        TestImages.assertSame(
                read(TestImages.resource(type + ".npy")), read(TestImages.resource(type + "-big-endian.npy")));
    }

    @Test
    void shouldReadFortranOrder() {
        TestImages.assertSame(read(TestImages.resource("uint16.npy")), read(TestImages.resource("fortran-2d.npy")));
        TestImages.assertSame(
                read(TestImages.resource("c-order-4d.npy")), read(TestImages.resource("fortran-big-endian-4d.npy")));
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3})
    void shouldReadNewerVersions(int version) {
        TestImages.assertSame(
                read(TestImages.resource("uint16.npy")), read(TestImages.resource("version-" + version + ".npy")));
    }

    @Test
    void shouldTransposeLargeFortranImagesOfAnyItemSize() {
        for (DataType type :
                new DataType[] {DataType.UINT8, DataType.UINT16, DataType.FLOAT32, DataType.FLOAT64, DataType.COMPLEX128
                }) {
            Shape shape = Shape.of(71, 3, 1, 2, 45);
            MemoryImage image = TestImages.random(type, shape, new Random(5));
            ByteBuffer fortran = ByteBuffer.allocate((int) image.data().byteSize());
            for (int i = 0; i < shape.elementCount(); i++) {
                int rest = i;
                long[] index = new long[shape.rank()];
                for (int axis = 0; axis < index.length; axis++) {
                    index[axis] = rest % shape.length(axis);
                    rest /= (int) shape.length(axis);
                }
                long at = shape.elementIndex(index) * type.itemBytes();
                fortran.put(image.data().asSlice(at, type.itemBytes()).asByteBuffer());
            }
            byte[] header = MalformedNpyTest.header("{'descr': '" + (type.itemBytes() == 1 ? "|" : "<") + type.npyCode()
                    + "', 'fortran_order': True, 'shape': (71, 3, 1, 2, 45)}");
            TestImages.assertSame(image, read(MalformedNpyTest.concat(header, fortran.array())));
        }
    }

    @Test
    void shouldReadBackRandomImages() {
        Random random = new Random(20260101);
        Path file = directory.resolve("image.npy");
        for (int i = 0; i < 300; i++) {
            DataType type = DataType.values()[i % DataType.values().length];
            MemoryImage image = TestImages.random(type, TestImages.randomShape(random), random);
            NpyFile.write(file, image);
            TestImages.assertSame(image, NpyFile.read(file));
            assertEquals(0, (fileSize(file) - image.data().byteSize()) % 64, "data starts at a multiple of 64");
        }
    }

    @Test
    void shouldReadALargeImageFromASlowInput() {
        MemoryImage image = TestImages.random(DataType.UINT16, Shape.of(3, 1000, 1777), new Random(1));
        InputStream trickle = new ByteArrayInputStream(written(image)) {
            @Override
            public synchronized int read(byte[] b, int off, int len) {
                return super.read(b, off, Math.min(len, 7777));
            }
        };
        TestImages.assertSame(image, NpyFile.read(trickle, "trickle"));
    }

    @Test
    void shouldReadConsecutiveImagesAndIgnoreTheRest() throws IOException {
        MemoryImage first = TestImages.random(DataType.INT16, Shape.of(3, 4), new Random(1));
        MemoryImage second = TestImages.random(DataType.BOOL, Shape.of(5), new Random(2));
        byte[] both = MalformedNpyTest.concat(written(first), written(second));
        InputStream in = new ByteArrayInputStream(both);
        TestImages.assertSame(first, NpyFile.read(in, "both"));
        TestImages.assertSame(second, NpyFile.read(in, "both"));
        Path file = directory.resolve("both.npy");
        Files.write(file, both);
        TestImages.assertSame(first, NpyFile.read(file));
    }

    @Test
    void shouldReportWhatIsInPlaceOfAFile() {
        TestImages.assertOneLine(
                assertThrows(NotFoundException.class, () -> NpyFile.read(directory.resolve("no.npy"))), "no.npy");
        TestImages.assertOneLine(
                assertThrows(IncompatibleException.class, () -> NpyFile.read(directory)),
                "directory",
                directory.toString());
    }

    @Test
    void shouldReportAnInputThatFails() {
        InputStream broken = new InputStream() {
            @Override
            public int read() throws IOException {
                throw new IOException("the connection failed");
            }

            @Override
            public int read(byte[] bytes, int from, int count) throws IOException {
                return read();
            }
        };
        TestImages.assertOneLine(
                assertThrows(ShmException.class, () -> NpyFile.read(broken, "camera")),
                "camera",
                "the connection failed");
    }

    private static MemoryImage read(byte[] file) {
        return NpyFile.read(new ByteArrayInputStream(file), "test");
    }

    private static byte[] written(MemoryImage image) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        NpyFile.write(out, image);
        return out.toByteArray();
    }

    private static long fileSize(Path file) {
        return file.toFile().length();
    }
}
