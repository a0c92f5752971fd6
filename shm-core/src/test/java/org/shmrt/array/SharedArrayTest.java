package org.shmrt.array;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.shmrt.error.AccessDeniedException;
import org.shmrt.error.AlreadyExistsException;
import org.shmrt.error.ClosedException;
import org.shmrt.error.NotFoundException;
import org.shmrt.error.ShmException;
import org.shmrt.memory.DataType;
import org.shmrt.memory.Shape;
import org.shmrt.testing.BlockScratch;
import org.shmrt.testing.Scratch;

/** Creating, attaching, listing and deleting arrays. */
@Timeout(600)
class SharedArrayTest {
    private static final long PAGE_BYTES = 4096;

    @RegisterExtension
    final BlockScratch shared = new BlockScratch();

    @RegisterExtension
    final Scratch scratch = Scratch.inTmp();

    @Test
    void shouldCreateFloat64ZerosByDefault() {
        String name = shared.name("a");
        try (SharedArray array = SharedArray.create("shm://" + name, Shape.of(3, 4))) {
            assertEquals(Optional.of(DataType.FLOAT64), array.type().dataType());
            assertEquals(ElementOrder.ROW_MAJOR, array.order());
            assertEquals(96, array.byteSize());
            assertEquals(name, array.name());
            assertEquals(-1, array.segment().mismatch(MemorySegment.ofArray(new byte[96])));
        }
        SharedArray.delete(name);
    }

    @Test
    void shouldExistAfterTheLastHandleIsClosed() {
        String name = shared.name("a");
        try (SharedArray array = SharedArray.create(name, DataType.INT32, Shape.of(2))) {
            array.setInt(-7, 1);
        }

        try (SharedArray array = SharedArray.attach("shm:///" + name)) {
            assertEquals(-7, array.getInt(1));
        }
        SharedArray.delete("/" + name);
    }

    @Test
    void shouldMapTheSameMemoryInEachAttachment() {
        String name = shared.name("a");
        try (SharedArray first = SharedArray.create(name, DataType.UINT16, Shape.of(5));
                SharedArray second = SharedArray.attach(name);
                SharedArray reader = SharedArray.attachReadOnly("shm://" + name)) {
            first.setInt(65535, 0);
            second.setInt(1, 4);

            assertEquals(65535, reader.getInt(0));
            assertEquals(1, first.getInt(4));
        }
        SharedArray.delete(name);
    }

    @Test
    void shouldNotReplaceExistingFiles() throws IOException {
        String name = shared.name("a");
        SharedArray.create(name, DataType.INT8, Shape.of(2)).close();
        Path file = Files.writeString(scratch.directory().resolve("text"), "precious");

        assertThrows(AlreadyExistsException.class, () -> SharedArray.create(name, DataType.INT8, Shape.of(2)));
        assertThrows(AlreadyExistsException.class, () -> SharedArray.create("file://" + file, Shape.of(2)));

        assertEquals("precious", Files.readString(file));
        SharedArray.delete(name);
    }

    @Test
    void shouldKeepAttachmentsOfADeletedArray() {
        String name = shared.name("a");
        try (SharedArray old = SharedArray.create(name, DataType.INT64, Shape.of(2));
                SharedArray other = SharedArray.attach(name)) {
            SharedArray.delete(name);

            old.setLong(5, 0);
            assertEquals(5, other.getLong(0));
            assertThrows(NotFoundException.class, () -> SharedArray.attach(name));
            try (SharedArray recreated = SharedArray.create(name, DataType.INT64, Shape.of(3))) {
                assertEquals(0, recreated.getLong(0));
            }
        }
        SharedArray.delete(name);
    }

    @Test
    void shouldListArraysByContent() throws IOException {
        String array = shared.name("array");
        String other = shared.put("other.npy", new byte[5000]);
        String near = shared.put("near", "[SharedArray]\0\0\0".repeat(90).getBytes(StandardCharsets.US_ASCII));
        SharedArray.create(array, DataType.COMPLEX64, Shape.of(4, 1, 3)).close();
        Path file = scratch.directory().resolve("on-disk");
        SharedArray.create("file://" + file, DataType.BOOL, Shape.of(7)).close();

        List<ArrayInfo> found = SharedArray.list().stream()
                .filter(info -> info.name().contains(shared.name("")))
                .toList();

        assertEquals(List.of(array), found.stream().map(ArrayInfo::name).toList());
        assertEquals(Shape.of(4, 1, 3), found.getFirst().shape());
        assertEquals("complex64", found.getFirst().type().numpyName());
        assertEquals(HeaderVersion.TRAILER_292, found.getFirst().headerVersion());
        assertEquals(
                List.of("file://" + file),
                ArrayInfo.list(scratch.directory()).stream()
                        .map(ArrayInfo::name)
                        .toList());
        assertThrows(
                NotFoundException.class,
                () -> ArrayInfo.list(scratch.directory().resolve("none")));
        List.of(array, other, near).forEach(BlockScratch::remove);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/",
                "shm://",
                "a/b",
                "shm://a/b",
                "../x",
                ".",
                "..",
                "a\0b",
                "file://",
                "file://a\0b",
                "http://a",
                "shm:///",
                "a://b"
            })
    void shouldRejectInvalidNames(String name) {
        assertThrows(IllegalArgumentException.class, () -> SharedArray.create(name, Shape.of(2)));
        assertThrows(IllegalArgumentException.class, () -> SharedArray.attach(name));
        assertThrows(IllegalArgumentException.class, () -> SharedArray.attachReadOnly(name));
        assertThrows(IllegalArgumentException.class, () -> SharedArray.delete(name));
    }

    @Test
    void shouldRejectNamesThatAreTooLong() {
        String longest = shared.name("x".repeat(255 - shared.name("").length()));
        SharedArray.create(longest, DataType.INT8, Shape.of(1)).close();
        SharedArray.delete(longest);
        Path tooLong = scratch.directory().resolve("y".repeat(256));

        assertThrows(IllegalArgumentException.class, () -> SharedArray.create(longest + "x", Shape.of(1)));
        assertThrows(IllegalArgumentException.class, () -> SharedArray.attach(longest + "x"));
        assertThrows(ShmException.class, () -> SharedArray.create("file://" + tooLong, Shape.of(1)));
        assertThrows(ShmException.class, () -> SharedArray.attach("file://" + tooLong));
        assertThrows(ShmException.class, () -> SharedArray.attachReadOnly("file://" + tooLong));
        assertThrows(ShmException.class, () -> SharedArray.delete("file://" + tooLong));
        assertEquals(List.of(), scratch.files());
    }

    @Test
    void shouldSuggestAFileNameForAPath() {
        IllegalArgumentException exception =
                assertThrows(IllegalArgumentException.class, () -> SharedArray.attach("/tmp/flat.shm"));

        assertTrue(exception.getMessage().endsWith("file:///tmp/flat.shm"), exception.getMessage());
    }

    @Test
    void shouldRejectUseAfterClose() {
        String name = shared.name("a");
        SharedArray array = SharedArray.create(name, DataType.FLOAT32, Shape.of(2, 3));
        ArrayView row = array.slice(1);
        SharedArray.delete(name);

        array.close();
        array.close();

        assertFalse(array.isOpen());
        for (Runnable use : new Runnable[] {
            () -> array.getFloat(0, 0),
            () -> array.setFloat(1, 0, 0),
            () -> row.getFloat(0),
            () -> row.setDouble(1, 0),
            () -> array.copyTo(new float[6]),
            () -> array.copyFrom(new float[6]),
            () -> array.sync(SyncMode.SYNC),
            array::lock,
            array::unlock,
            () -> array.advise(MemoryAdvice.SEQUENTIAL),
            () -> array.slice(0).getDouble(0),
            () -> array.asColumnMajor().getFloat(0, 0),
            () -> row.copyTo(new float[3])
        }) {
            ClosedException exception = assertThrows(ClosedException.class, use::run);
            assertTrue(exception.getMessage().contains(name), exception.getMessage());
        }
        assertEquals(24, array.byteSize());
        assertEquals(List.of(), shared.mappings());
    }

    @Test
    void shouldRejectWritesToAReadOnlyArray() {
        String name = shared.name("a");
        SharedArray.create(name, DataType.FLOAT64, Shape.of(4)).close();
        try (SharedArray array = SharedArray.attachReadOnly(name)) {
            assertFalse(array.isWritable());
            assertTrue(array.segment().isReadOnly());
            assertTrue(array.asByteBuffer().isReadOnly());
            for (Runnable use : new Runnable[] {
                () -> array.setDouble(1, 0),
                () -> array.setFloat(1, 0),
                () -> array.setInt(1, 0),
                () -> array.setLong(1, 0),
                () -> array.copyFrom(new double[4]),
                () -> array.slice(0, 2).setDouble(1, 0),
                () -> array.asColumnMajor().setDouble(1, 0)
            }) {
                AccessDeniedException exception = assertThrows(AccessDeniedException.class, use::run);
                assertTrue(exception.getMessage().contains(name), exception.getMessage());
            }
            assertEquals(0, array.getDouble(0));
        }
        SharedArray.delete(name);
    }

    @Test
    void shouldCreateFilesWithThePermissionsOfSharedArray() throws IOException {
        String plain = shared.name("plain");
        String own = shared.name("own");

        SharedArray.create(plain, DataType.INT8, Shape.of(1)).close();
        SharedArray.create(own, ArraySpec.of(DataType.INT8, Shape.of(1)).withPermissions(0600))
                .close();

        Path reference =
                Files.createFile(scratch.directory().resolve("reference")); // 0666 without the bits of the umask
        assertEquals(Files.getPosixFilePermissions(reference), Files.getPosixFilePermissions(BlockScratch.file(plain)));
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(BlockScratch.file(own))));
        SharedArray.delete(plain);
        SharedArray.delete(own);
    }

    @ParameterizedTest
    @EnumSource(HeaderVersion.class)
    void shouldAlignDataToAPage(HeaderVersion version) {
        String name = shared.name("a");
        try (SharedArray array = SharedArray.create(
                name, ArraySpec.of(DataType.INT8, Shape.of(3)).withHeaderVersion(version))) {
            assertEquals(version == HeaderVersion.HEADER_160 ? 160 : 0, array.address() % PAGE_BYTES);
            assertEquals(array.segment().address(), array.address());
        }
        SharedArray.delete(name);
    }

    @ParameterizedTest
    @EnumSource(HeaderVersion.class)
    void shouldSupportScalarsAndEmptyArrays(HeaderVersion version) {
        String scalar = shared.name("scalar");
        String empty = shared.name("empty");
        ArraySpec one = ArraySpec.of(DataType.FLOAT64, Shape.of()).withHeaderVersion(version);
        ArraySpec none = ArraySpec.of(DataType.INT16, Shape.of(3, 0, 2)).withHeaderVersion(version);
        try (SharedArray array = SharedArray.create(scalar, one)) {
            array.setDouble(2.5, new long[0]);
            assertEquals(2.5, array.getDouble());
            assertThrows(IndexOutOfBoundsException.class, () -> array.getDouble(0));
            assertThrows(IndexOutOfBoundsException.class, () -> array.slice(0));
        }
        try (SharedArray array = SharedArray.create(empty, none)) {
            assertEquals(0, array.byteSize());
            assertEquals(version.recordBytes(), array.info().fileBytes());
            assertThrows(IndexOutOfBoundsException.class, () -> array.getInt(0, 0, 0));
            assertEquals(Shape.of(0, 2), array.slice(2).shape());
            array.copyTo(new short[0]);
            assertEquals(0, array.asByteBuffer().remaining());
            assertEquals(Shape.of(2, 0, 3), array.asColumnMajor().shape());
            assertEquals(Shape.of(2, 0, 1), array.asColumnMajor().slice(0, 1).shape());
        }
        SharedArray.delete(scalar);
        SharedArray.delete(empty);
    }

    @Test
    void shouldSyncLockAndAdvise() throws IOException {
        Path file = scratch.directory().resolve("disk");
        try (SharedArray array = SharedArray.create("file://" + file, DataType.INT32, Shape.of(5000))) {
            array.setInt(77, 4999);
            for (SyncMode mode : SyncMode.values()) {
                array.sync(mode);
            }
            array.lock();
            array.unlock();
            assertTrue(array.advise(MemoryAdvice.SEQUENTIAL));
            array.advise(MemoryAdvice.HUGE_PAGES); // not every file system supports them
            assertEquals("file://" + file, array.name());
        }
        try (SharedArray array = SharedArray.attachReadOnly("file://" + file)) {
            array.sync(SyncMode.SYNC);
            assertEquals(77, array.getInt(4999));
        }
        assertEquals(20000 + 292, Files.size(file));
    }

    @Test
    void shouldAcceptAPathRelativeToTheWorkingDirectory() {
        Path file = Path.of("").toAbsolutePath().relativize(scratch.directory().resolve("relative"));
        SharedArray.create("file://" + file, DataType.INT8, Shape.of(2)).close();

        assertEquals(
                "file://" + scratch.directory().resolve("relative"),
                ArrayInfo.of(scratch.directory().resolve("relative")).name());
        SharedArray.delete("file://" + file);
        assertThrows(
                NotFoundException.class,
                () -> SharedArray.create("file://" + scratch.directory().resolve("none/x"), Shape.of(2)));
    }

    /** The file is sparse: its 5 GiB use no space until they are written. */
    @Test
    void shouldAccessElementsBeyondTwoGigabytes() throws IOException {
        Path small = scratch.directory().resolve("small");
        Path large = scratch.directory().resolve("large");
        long rows = 5;
        long columns = 1L << 27;
        SharedArray.create("file://" + small, DataType.INT64, Shape.of(rows, 2)).close();
        byte[] metadata = Arrays.copyOfRange(Files.readAllBytes(small), 80, 80 + 292);
        ByteBuffer.wrap(metadata)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(ArrayMetadata.SIZE, rows * columns * 8)
                .putLong(36 + 8, columns);
        try (FileChannel channel = FileChannel.open(large, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap(metadata), rows * columns * 8);
        } catch (IOException e) {
            Assumptions.abort("this file system has no room for a sparse file of 5 GiB: " + e.getMessage());
        }

        try (SharedArray array = SharedArray.attach("file://" + large)) {
            array.setLong(42, rows - 1, columns - 1);
            assertEquals(42, array.getLong(rows - 1, columns - 1));
            assertEquals(42, array.segment().get(ValueLayout.JAVA_LONG, (rows * columns - 1) * 8));
            assertEquals(42, array.slice(rows - 1).getLong(columns - 1));
            assertEquals(42, array.asColumnMajor().getLong(columns - 1, rows - 1));
            assertEquals(
                    42,
                    array.slice(rows - 1)
                            .slice(columns - 2, columns)
                            .asByteBuffer()
                            .getLong(8));
            assertThrows(IllegalArgumentException.class, array::asByteBuffer);
            assertThrows(IndexOutOfBoundsException.class, () -> array.getLong(rows - 1, columns));
            long[] tail = new long[3];
            array.slice(rows - 1).slice(columns - 3, columns).copyTo(tail);
            assertArrayEquals(new long[] {0, 0, 42}, tail);
        }
    }
}
