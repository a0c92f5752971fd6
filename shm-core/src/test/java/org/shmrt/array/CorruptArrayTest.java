package org.shmrt.array;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.shmrt.error.IncompatibleException;
import org.shmrt.error.NotFoundException;
import org.shmrt.memory.DataType;
import org.shmrt.memory.Shape;
import org.shmrt.testing.BlockScratch;
import org.shmrt.testing.Golden;
import org.shmrt.testing.Scratch;

/** Inconsistent metadata, files that are not arrays, and mutations of valid ones: rejected with a reason, without leaks. */
@Timeout(600)
class CorruptArrayTest {
    @RegisterExtension
    final Scratch scratch = Scratch.inTmp();

    @RegisterExtension
    final BlockScratch shared = new BlockScratch();

    static Stream<Golden> corrupt() {
        return Golden.of("corrupt", ArrayGoldenTest.MANIFEST);
    }

    private static Golden named(String name) {
        return corrupt()
                .filter(golden -> golden.name().equals(name + ".shm"))
                .findFirst()
                .orElseThrow();
    }

    private static String assertRejected(String name, Path path) {
        String message = null;
        for (Runnable use : new Runnable[] {
            () -> SharedArray.attach(name),
            () -> SharedArray.attachReadOnly(name),
            () -> SharedArray.delete(name),
            () -> ArrayInfo.of(path)
        }) {
            message = assertThrows(IncompatibleException.class, use::run).getMessage();
            assertTrue(message.startsWith(path.toString()) && message.indexOf('\n') < 0, message);
        }
        assertEquals(Optional.empty(), ArrayInfo.detect(path));
        return message;
    }

    @Test
    void shouldHaveAllFilesOfTheManifest() {
        assertEquals(17, corrupt().count());
    }

    @ParameterizedTest
    @MethodSource("corrupt")
    void shouldRejectTheFile(Golden golden) throws IOException {
        assertEquals("reject", golden.text("expect"));
        Path path = golden.copyTo(scratch.directory().resolve(golden.name()));

        assertRejected("file://" + path, path);

        assertArrayEquals(
                golden.bytes(), Files.readAllBytes(path), "a file that is not an array is neither changed nor removed");
        assertEquals(List.of(), scratch.stillOpen());
    }

    @ParameterizedTest
    @MethodSource("corrupt")
    void shouldNotListTheFile(Golden golden) {
        String name = shared.put(golden.name(), golden.bytes());

        assertTrue(SharedArray.list().stream().noneMatch(info -> info.name().equals(name)));

        BlockScratch.remove(name);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "sa_bad_magic | at none of the five positions",
                "sa_empty | at none of the five positions",
                "sa_trunc_head | do not add up to the file's 324 bytes: it was truncated",
                "sa_size_huge | the size (offset 16) is 9223372036854775808",
                "sa_size_mismatch | the size (offset 16) is 40",
                "sa_typenum_minus1 | numpy has no type number -1 (offset 24)",
                "sa_typenum_17_object | are pointers into the process that created them",
                "sa_itemsize_0 | have 8 bytes, not 0",
                "sa_itemsize_disagrees | have 8 bytes, not 4",
                "sa_ndims_33 | the number of axes (offset 32) is 33, outside 0 to 32",
                "sa_ndims_negative | the number of axes (offset 32) is -1",
                "sa_dims_larger_than_file | type and shape need 8000000 bytes",
                "sa_old160_ndims_17 | the number of axes (offset 28) is 17, outside 0 to 16",
                "sa_t548_ndims_65 | is 65, outside 0 to 64",
                "sa_head160_trunc | its header-160 metadata is inconsistent"
            })
    void shouldReportWhatIsWrongAndWhere(String name, String words) {
        Path path = named(name).copyTo(scratch.directory().resolve(name));

        String message = assertThrows(IncompatibleException.class, () -> ArrayInfo.of(path))
                .getMessage();

        assertTrue(message.contains(words), message);
    }

    /** A file of 12 float64 elements with the default header version and these metadata. */
    private Path withMetadata(long size, int typeNumber, int itemBytes, long... lengths) throws IOException {
        ByteBuffer file = ByteBuffer.allocate(96 + 292).order(ByteOrder.LITTLE_ENDIAN);
        file.put(96, "[SharedArray]".getBytes(StandardCharsets.US_ASCII));
        file.putLong(96 + 16, size).putInt(96 + 24, typeNumber).putInt(96 + 28, itemBytes);
        file.putInt(96 + 32, lengths.length);
        for (int axis = 0; axis < lengths.length; axis++) {
            file.putLong(96 + 36 + 8 * axis, lengths[axis]);
        }
        return Files.write(scratch.directory().resolve("metadata"), file.array());
    }

    @Test
    void shouldRejectLengthsWhoseProductOverflows() throws IOException {
        for (long[] lengths : new long[][] {
            {1L << 32, 1L << 32},
            {Long.MAX_VALUE, 2},
            {1L << 61, 12},
            {-1, -12},
            {0, 1L << 62, 1L << 62},
            {Long.MIN_VALUE, 2},
            {3, 1L << 62, 4}
        }) {
            Path path = withMetadata(96, 12, 8, lengths);

            assertRejected("file://" + path, path);
        }
        assertEquals(Shape.of(3, 4), ArrayInfo.of(withMetadata(96, 12, 8, 3, 4)).shape());
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 17, 24, 99, 256, 2056, Integer.MAX_VALUE, Integer.MIN_VALUE})
    void shouldRejectUnknownTypesAndPointers(int typeNumber) throws IOException {
        for (int itemBytes : new int[] {1, 8, 0, -8}) {
            Path path = withMetadata(96, typeNumber, itemBytes, 12);

            assertRejected("file://" + path, path);
        }
    }

    @Test
    void shouldRejectInvalidItemSizes() throws IOException {
        for (int[] typeAndSize :
                new int[][] {{18, 0}, {18, -1}, {19, 0}, {19, 6}, {20, -96}, {21, 4}, {13, 8}, {0, 8}}) {
            Path path = withMetadata(0, typeAndSize[0], typeAndSize[1], 0);

            assertRejected("file://" + path, path);
        }
        assertEquals(
                ArrayType.bytes(96), ArrayInfo.of(withMetadata(96, 18, 96, 1)).type());
    }

    /** Data may contain anything, for example the whole file of another array. */
    @Test
    void shouldNotMistakeDataForMetadata() {
        List<Golden> others = Golden.of("sharedarray", ArrayGoldenTest.MANIFEST)
                .filter(golden -> golden.name().contains("_f8_2x3"))
                .toList();
        for (Golden other : others) {
            for (HeaderVersion version : HeaderVersion.values()) {
                String name = shared.name(version.label());
                ArraySpec spec = ArraySpec.of(DataType.UINT8, Shape.of(other.bytes().length))
                        .withHeaderVersion(version);
                SharedArray.create(name, spec, MemorySegment.ofArray(other.bytes()))
                        .close();

                ArrayInfo info = ArrayInfo.of(BlockScratch.file(name));

                SharedArray.delete(name);
                assertEquals(version, info.headerVersion());
                assertEquals(spec.shape(), info.shape());
            }
        }
    }

    @Test
    void shouldRejectRandomBytesOfAnySize() throws IOException {
        Random random = new Random(20261121L);
        Path path = scratch.directory().resolve("noise");
        for (int round = 0; round < 300; round++) {
            byte[] noise = new byte[1 + random.nextInt(2000)];
            random.nextBytes(noise);
            Files.write(path, noise);

            assertThrows(IncompatibleException.class, () -> ArrayInfo.of(path));
        }
    }

    /** The data of an accepted mutation lies inside the file and can be read completely. */
    @Test
    void shouldAcceptOnlyWhatLiesInsideTheFile() throws IOException {
        Random random = new Random(20261121L);
        List<byte[]> valid = Golden.of("sharedarray", ArrayGoldenTest.MANIFEST)
                .map(Golden::bytes)
                .toList();
        int[] interesting = {0, 1, 2, 16, 17, 32, 33, 64, 65, 127, 128, 255};
        Path path = scratch.directory().resolve("mutated");
        List<String> accepted = new ArrayList<>();
        for (int round = 0; round < 1500; round++) {
            byte[] mutated = valid.get(random.nextInt(valid.size())).clone();
            for (int change = 0; change <= random.nextInt(4); change++) {
                int fromEnd = random.nextInt(Math.min(mutated.length, random.nextBoolean() ? 80 : 548));
                mutated[random.nextBoolean() ? fromEnd : mutated.length - 1 - fromEnd] = (byte)
                        (random.nextBoolean() ? random.nextInt(256) : interesting[random.nextInt(interesting.length)]);
            }
            if (random.nextInt(4) == 0) {
                mutated = Arrays.copyOf(mutated, random.nextInt(mutated.length + 300));
            }
            Files.write(path, mutated);
            Optional<ArrayInfo> detected = ArrayInfo.detect(path);
            if (detected.isEmpty()) {
                assertThrows(IncompatibleException.class, () -> ArrayInfo.of(path));
                continue;
            }
            ArrayInfo info = detected.get();
            assertTrue(info.dataBytes() + info.headerVersion().recordBytes() <= mutated.length, info.toString());
            try (SharedArray array = SharedArray.attachReadOnly("file://" + path)) {
                assertEquals(info, array.info());
                assertEquals(array.shape().elementCount() * array.type().itemBytes(), array.byteSize());
                array.copyTo(MemorySegment.ofArray(new byte[(int) array.byteSize()]));
                accepted.add(info.toString());
            }
        }
        assertTrue(accepted.size() > 50 && accepted.size() < 1450, "accepted " + accepted.size());
        assertEquals(List.of(), scratch.stillOpen());
    }

    @Test
    void shouldRejectPipesAndDirectories() throws IOException, InterruptedException {
        Path pipe = scratch.directory().resolve("pipe");
        assertEquals(0, new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor());
        Path directory = scratch.directory();

        for (Path path : new Path[] {pipe, directory}) {
            assertThrows(IncompatibleException.class, () -> SharedArray.attach("file://" + path));
            assertThrows(IncompatibleException.class, () -> SharedArray.attachReadOnly("file://" + path));
            assertThrows(IncompatibleException.class, () -> SharedArray.delete("file://" + path));
            assertEquals(Optional.empty(), ArrayInfo.detect(path));
        }
        assertThrows(NotFoundException.class, () -> SharedArray.attach("file://" + directory.resolve("none")));
        assertThrows(NotFoundException.class, () -> SharedArray.delete(shared.name("none")));
    }
}
