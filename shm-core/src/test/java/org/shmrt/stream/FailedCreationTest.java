package org.shmrt.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.shmrt.array.ArraySpec;
import org.shmrt.array.SharedArray;
import org.shmrt.block.SharedMemory;
import org.shmrt.error.IncompatibleException;
import org.shmrt.memory.DataType;
import org.shmrt.memory.Shape;
import org.shmrt.posix.FileMapping;
import org.shmrt.stream.format.StreamSpec;
import org.shmrt.testing.FileTruncation;
import org.shmrt.testing.Scratch;

/** What a failed creation or a failed start of a writer leaves: nothing. */
@Timeout(600)
class FailedCreationTest {
    private static final int BYTES = 1 << 14;

    @RegisterExtension
    final Scratch scratch = Scratch.inSharedMemory();

    /** Memory whose file another process truncates. */
    private MemorySegment truncated(Arena arena) throws IOException {
        Path file = Files.write(scratch.directory().resolve("source"), new byte[BYTES]);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            MemorySegment memory = channel.map(FileChannel.MapMode.READ_ONLY, 0, BYTES, arena);
            FileTruncation.truncate(file, 0);
            Files.delete(file);
            return memory;
        }
    }

    private List<FileMapping> mappings() {
        return FileMapping.of(ProcessHandle.current().pid()).stream()
                .filter(mapping -> mapping.writable() && mapping.path().contains(scratch.prefix()))
                .toList();
    }

    @ParameterizedTest
    @ValueSource(strings = {"dao", "milk"})
    void shouldLeaveNothingOfAStreamWhoseFirstFrameIsTruncated(String format) throws IOException {
        Path path = scratch.stream("cam");
        try (Arena arena = Arena.ofConfined()) {
            StreamSpec spec =
                    StreamSpec.of(format, DataType.UINT8, Shape.of(BYTES)).withFirstFrame(truncated(arena));

            IncompatibleException refusal =
                    assertThrows(IncompatibleException.class, () -> ImageStream.create(path, spec));

            assertTrue(refusal.getMessage().contains("truncated the memory of its first frame"), refusal.getMessage());
        }
        assertEquals(List.of(), scratch.files());
        assertEquals(List.of(), scratch.semaphores());
        assertEquals(List.of(), scratch.stillOpen());
        assertEquals(List.of(), mappings());
    }

    @Test
    void shouldNameTheContentsIfTheyAreTruncated() throws IOException {
        Path path = scratch.directory().resolve("array");
        try (Arena arena = Arena.ofConfined();
                ImageStream stream =
                        ImageStream.create(scratch.stream("cam"), StreamSpec.dao(DataType.UINT8, Shape.of(BYTES)));
                FrameWriter writer = stream.writer();
                ImageStream cube = ImageStream.create(
                        scratch.stream("cube"),
                        StreamSpec.milk(DataType.UINT8, Shape.of(2, 1, BYTES)).asRollingCube());
                FrameWriter slices = cube.writer();
                SharedMemory block = SharedMemory.create(scratch.prefix() + "block", BYTES)) {
            MemorySegment source = truncated(arena);

            for (Runnable write : List.<Runnable>of(
                    () -> SharedArray.create("file://" + path, ArraySpec.of(DataType.UINT8, Shape.of(BYTES)), source),
                    () -> writer.write(source),
                    () -> writer.writeQuietly(source),
                    () -> slices.writeSlice(source),
                    () -> block.write(0, source))) {
                IncompatibleException refusal = assertThrows(IncompatibleException.class, write::run);
                assertTrue(refusal.getMessage().contains("truncated the memory of the new"), refusal.getMessage());
            }
            assertTrue(Files.notExists(path));
            assertEquals(1, writer.write(MemorySegment.ofArray(new byte[BYTES])));
            block.unlink();
        }
    }

    /** The file has its bytes again afterwards, and the lock of the failed writer must not remain. */
    @ParameterizedTest
    @CsvSource({"dao, 0", "milk, 0", "dao, 100", "milk, 100", "dao, 4096", "milk, 4096"})
    void shouldLeaveNoLockIfAWriterCannotStart(String format, long bytes) throws IOException {
        Path path = scratch.stream("cam");
        ImageStream.create(path, StreamSpec.of(format, DataType.UINT8, Shape.of(BYTES)))
                .close();
        byte[] whole = Files.readAllBytes(path);
        try (ImageStream stream = ImageStream.open(path)) {
            FileTruncation.truncate(path, bytes);
            try {
                stream.writer().close();
            } catch (IncompatibleException e) {
                assertTrue(e.getMessage().contains("truncated"), e.getMessage());
            }
            try (FileChannel channel = FileChannel.open(path, StandardOpenOption.WRITE)) {
                channel.write(java.nio.ByteBuffer.wrap(whole));
            }

            try (ImageStream again = ImageStream.open(path)) {
                again.writer().close();
            }
        }
    }
}
