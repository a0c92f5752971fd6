package org.shmrt.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.shmrt.error.IncompatibleException;
import org.shmrt.error.ShmException;
import org.shmrt.memory.DataType;
import org.shmrt.memory.MemoryImage;
import org.shmrt.memory.Shape;

/** Files with several arrays, and arrays that are read in parts. */
@Timeout(600)
class NpyInputTest {
    private static final MemoryImage CUBE = TestImages.random(DataType.UINT16, Shape.of(4, 3, 5), new Random(1));
    private static final MemoryImage FRAME = TestImages.random(DataType.UINT16, Shape.of(3, 5), new Random(2));

    @TempDir
    Path directory;

    private Path save(byte[]... parts) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.write(part);
        }
        return Files.write(directory.resolve("x.npy"), all.toByteArray());
    }

    private static byte[] bytes(MemoryImage image) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        NpyFile.write(out, image);
        return out.toByteArray();
    }

    @Test
    void shouldReadAllArraysOfAFile() throws IOException {
        try (NpyInput input = NpyInput.open(save(bytes(CUBE), bytes(FRAME)))) {
            assertEquals(
                    List.of(CUBE.shape(), FRAME.shape()),
                    input.arrays().stream().map(NpyInput.Array::shape).toList());
            assertEquals(Optional.empty(), input.remark());
            byte[] frame = new byte[30];
            input.read(input.arrays().get(1), 0, MemorySegment.ofArray(frame));
            assertArrayEquals(TestImages.bytes(FRAME), frame);
            input.read(input.arrays().get(0), 2 * 15, MemorySegment.ofArray(frame));
            assertArrayEquals(Arrays.copyOfRange(TestImages.bytes(CUBE), 60, 90), frame);
        }
    }

    @Test
    void shouldReportBytesThatAreNoArray() throws IOException {
        try (NpyInput input = NpyInput.open(save(bytes(FRAME), new byte[7]))) {
            assertTrue(input.remark().orElse("").contains("after the last array"));
        }
    }

    @Test
    void shouldReportFurtherArraysWhenOneImageIsRead() throws IOException {
        LoadedImage loaded = ImageFiles.load(save(bytes(FRAME), bytes(FRAME)), Optional.empty(), Optional.empty());

        TestImages.assertSame(FRAME, loaded.image());
        assertTrue(loaded.remarks().toString().contains("more than one array"), loaded.toString());
        assertEquals(
                List.of(),
                ImageFiles.load(save(bytes(FRAME)), Optional.empty(), Optional.empty())
                        .remarks());
    }

    @Test
    void shouldConvertPartsOfBigEndianArraysAndRefusePartsOfFortranOnes() throws IOException {
        byte[] header = MalformedNpyTest.header("{'descr': '>u2', 'fortran_order': False, 'shape': (2, 2), }");
        byte[] fortran = MalformedNpyTest.header("{'descr': '<u1', 'fortran_order': True, 'shape': (2, 2), }");
        try (NpyInput input =
                NpyInput.open(save(header, new byte[] {1, 2, 3, 4, 5, 6, 7, 8}, fortran, new byte[] {1, 2, 3, 4}))) {
            byte[] row = new byte[4];
            input.read(input.arrays().get(0), 2, MemorySegment.ofArray(row));
            assertArrayEquals(new byte[] {6, 5, 8, 7}, row);
            input.read(input.arrays().get(1), 0, MemorySegment.ofArray(row));
            assertArrayEquals(new byte[] {1, 3, 2, 4}, row);
            assertThrows(
                    IllegalArgumentException.class,
                    () -> input.read(input.arrays().get(1), 0, MemorySegment.ofArray(new byte[2])));
            assertThrows(
                    IllegalArgumentException.class,
                    () -> input.read(input.arrays().get(0), 3, MemorySegment.ofArray(row)));
        }
    }

    @Test
    void shouldReportAFileThatWasTruncatedInTheMeantime() throws IOException {
        Path path = save(bytes(CUBE));
        try (NpyInput input = NpyInput.open(path)) {
            try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
                file.setLength(150);
            }
            TestImages.assertOneLine(
                    assertThrows(
                            IncompatibleException.class,
                            () -> input.read(input.arrays().getFirst(), 30, MemorySegment.ofArray(new byte[30]))),
                    "truncated, expected 120 bytes");
        }
    }

    @Test
    void shouldReadOrRefuseFilesWithFlippedBytes() throws IOException {
        byte[] whole = Files.readAllBytes(save(bytes(FRAME), bytes(CUBE)));
        Random random = new Random(3);
        for (int i = 0; i < 1000; i++) {
            byte[] file = Arrays.copyOf(whole, random.nextInt(4) == 0 ? random.nextInt(whole.length) : whole.length);
            for (int flips = random.nextInt(4); flips > 0 && file.length > 0; flips--) {
                file[random.nextInt(file.length)] = (byte) random.nextInt(256);
            }
            try (NpyInput input = NpyInput.open(save(file))) {
                for (NpyInput.Array array : input.arrays()) {
                    long bytes = array.shape().byteSize(array.type());
                    assertTrue(bytes <= file.length);
                    input.read(array, 0, MemorySegment.ofArray(new byte[(int) bytes]));
                }
            } catch (ShmException e) {
                assertEquals(1, e.getMessage().lines().count());
            }
        }
    }
}
