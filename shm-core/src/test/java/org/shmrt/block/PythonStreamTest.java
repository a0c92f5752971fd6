package org.shmrt.block;

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
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.shmrt.error.ClosedException;
import org.shmrt.error.IncompatibleException;
import org.shmrt.error.NotFoundException;
import org.shmrt.error.ShmException;
import org.shmrt.memory.DataType;
import org.shmrt.memory.Shape;
import org.shmrt.process.ChildProcess;
import org.shmrt.testing.BlockScratch;
import org.shmrt.testing.PythonPeer;
import org.shmrt.testing.PythonStreamFile;

/** Streams of pyshmem and pyRTC are recognised and read, and never written. */
@Timeout(600)
class PythonStreamTest {
    private static final long SECOND = 1_000_000_000L;

    @RegisterExtension
    final BlockScratch scratch = new BlockScratch();

    @AfterEach
    void removeObjects() {
        scratch.removeAll();
    }

    private final MemorySegment frame = MemorySegment.ofArray(new byte[PythonStreamFile.DATA_BYTES]);

    private String put(PythonStreamFile file, long sequence) {
        String data = scratch.put("x", PythonStreamFile.pixels(0));
        scratch.put("x_meta", file.metadata(sequence));
        return data;
    }

    private static Optional<PythonStreamInfo> detect(String name) {
        return PythonStreamInfo.detect(BlockScratch.file(name));
    }

    /** Changes bytes of the metadata in place. */
    private void patch(int offset, ByteBuffer bytes) throws IOException {
        try (FileChannel channel =
                FileChannel.open(BlockScratch.file(scratch.name("x_meta")), StandardOpenOption.WRITE)) {
            channel.write(bytes.flip(), offset);
        }
    }

    private static ByteBuffer number(double value) {
        return ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putDouble(value);
    }

    private static ByteBuffer integer(long value) {
        return ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(value);
    }

    @ParameterizedTest
    @EnumSource
    void shouldDescribeAStream(PythonStreamFile file) {
        String name = put(file, 8);

        PythonStreamInfo info = PythonStreamInfo.of(name);

        boolean named = file == PythonStreamFile.PYSHMEM_2_WITH_NAME || file == PythonStreamFile.PYSHMEM_3;
        assertEquals(file.kind(), info.kind().word());
        assertEquals(named ? PythonStreamFile.NAME : name, info.name());
        assertEquals(name, info.object());
        assertEquals(file.version(), info.version());
        assertEquals(DataType.UINT16, info.type());
        assertEquals(Shape.of(2, 3), info.shape());
        assertEquals(PythonStreamFile.COUNT, info.count());
        assertEquals((long) (PythonStreamFile.WRITTEN_S * 1e9), info.writtenNs());
        assertTrue(info.ageSeconds() > 0);
        assertFalse(info.incomplete());
        assertEquals(Optional.empty(), info.unreadableReason());
        assertTrue(PythonStreamInfo.isPart(BlockScratch.file(name + "_meta")));
        assertFalse(PythonStreamInfo.isPart(BlockScratch.file(name)));
    }

    @ParameterizedTest
    @EnumSource
    void shouldReadTheNewestFrameAndWaitForTheNext(PythonStreamFile file) throws Exception {
        String name = put(file, 8);
        byte[] metadata = BlockScratch.bytes(name + "_meta");
        try (PythonStream stream = PythonStream.open(name)) {
            assertTrue(stream.read(frame, 0));
            assertArrayEquals(PythonStreamFile.pixels(0), frame.toArray(ValueLayout.JAVA_BYTE));
            assertEquals(PythonStreamFile.COUNT, stream.count());
            assertEquals(file != PythonStreamFile.PYRTC, stream.detectsTornFrames());
            assertFalse(stream.readNew(frame, 1_000_000L));

            FutureTask<Boolean> waiting = new FutureTask<>(() -> stream.readNew(frame, 30 * SECOND));
            Thread.ofPlatform().daemon().start(waiting);
            publish(file);

            assertTrue(waiting.get());
            assertEquals(PythonStreamFile.COUNT + 1, stream.count());
            assertArrayEquals(PythonStreamFile.pixels(100), frame.toArray(ValueLayout.JAVA_BYTE));
        }
        assertFalse(Arrays.equals(metadata, BlockScratch.bytes(name + "_meta")), "only this test changed it");
    }

    /** In the order of the Python packages: pixels, count, time, and the sequence around them. */
    private void publish(PythonStreamFile file) throws IOException {
        boolean hasDoubles = file != PythonStreamFile.PYSHMEM_3;
        int sequence = file == PythonStreamFile.PYRTC ? -1 : hasDoubles ? 72 : 48;
        if (sequence >= 0) {
            patch(sequence, hasDoubles ? number(9) : integer(9));
        }
        try (FileChannel channel = FileChannel.open(BlockScratch.file(scratch.name("x")), StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap(PythonStreamFile.pixels(100)), 0);
        }
        long count = PythonStreamFile.COUNT + 1;
        patch(
                file == PythonStreamFile.PYRTC ? 0 : hasDoubles ? 8 : 40,
                hasDoubles ? number((double) count) : integer(count));
        patch(file == PythonStreamFile.PYRTC ? 8 : hasDoubles ? 64 : 56, number(PythonStreamFile.WRITTEN_S + 1));
        if (sequence >= 0) {
            patch(sequence, hasDoubles ? number(10) : integer(10));
        }
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "PYRTC")
    void shouldNotReturnAFrameThatIsBeingWritten(PythonStreamFile file) {
        String name = put(file, 9);
        try (PythonStream stream = PythonStream.open(name)) {
            assertTrue(stream.info().incomplete());

            assertFalse(stream.read(frame, 2_000_000L));
            assertEquals(0, stream.count());
        }
    }

    @Test
    void shouldNotReturnAFrameWhoseWriterFailed() throws IOException {
        String name = put(PythonStreamFile.PYSHMEM_3, 8);
        patch(48, integer(-2));
        try (PythonStream stream = PythonStream.open(name)) {
            assertFalse(stream.read(frame, 0));
        }
    }

    /** pyshmem hashes the names of streams. */
    @Test
    void shouldFindAStreamOfPyshmemByItsName() throws IOException {
        String unique = scratch.name("a/b");
        String hashed = hash(unique);
        Files.write(BlockScratch.file(hashed), PythonStreamFile.pixels(0));
        Files.write(BlockScratch.file(hashed + "_meta"), PythonStreamFile.PYSHMEM_2.metadata(8));
        try {
            assertEquals(hashed, PythonStreamInfo.of(unique).object());
            assertEquals(hashed, PythonStreamInfo.of(hashed).object());
        } finally {
            Files.delete(BlockScratch.file(hashed));
            Files.delete(BlockScratch.file(hashed + "_meta"));
        }
    }

    private static String hash(String name) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-1").digest(name.getBytes(StandardCharsets.UTF_8));
            return "ps_" + HexFormat.of().formatHex(digest).substring(0, 14);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    @ParameterizedTest
    @CsvSource({"PYSHMEM_2, 2", "PYSHMEM_3, 1"})
    void shouldRefusePixelsOnAGpuUnlessThereIsACopy(PythonStreamFile file, int gpu) throws IOException {
        String name = put(file, 8);
        if (file == PythonStreamFile.PYSHMEM_2) {
            patch(40, number(1));
            patch(48, number(gpu));
            patch(96, number(0));
        } else {
            patch(12, ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(1));
            patch(20, ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(gpu));
        }
        assertTrue(PythonStreamInfo.of(name).unreadableReason().orElseThrow().contains("memory of GPU " + gpu));
        String message = assertThrows(IncompatibleException.class, () -> PythonStream.open(name))
                .getMessage();
        assertTrue(message.contains("cpu_mirror=True"), message);

        if (file == PythonStreamFile.PYSHMEM_2) {
            patch(96, number(1));
        } else {
            patch(12, ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(3));
        }
        try (PythonStream stream = PythonStream.open(name)) {
            assertTrue(stream.read(frame, 0));
        }
    }

    @Test
    void shouldNameAnUnknownVersionAndNotCallItDamaged() throws IOException {
        String name = put(PythonStreamFile.PYSHMEM_3, 8);
        patch(8, ByteBuffer.allocate(2).order(ByteOrder.LITTLE_ENDIAN).putShort((short) 4));
        String third = assertThrows(IncompatibleException.class, () -> PythonStreamInfo.of(name))
                .getMessage();
        assertTrue(third.contains("metadata of version 4, and ShmRT knows versions 2 and 3"), third);
        put(PythonStreamFile.PYSHMEM_2, 8);
        patch(0, number(5));
        String second = assertThrows(IncompatibleException.class, () -> PythonStreamInfo.of(name))
                .getMessage();
        assertTrue(second.contains("metadata of version 5"), second);
    }

    /** Each change makes the metadata contradict the object. */
    @ParameterizedTest
    @CsvSource({
        "PYSHMEM_2, 16, 11",
        "PYSHMEM_2, 24, 20",
        "PYSHMEM_2, 32, 13",
        "PYSHMEM_2, 104, 2.5",
        "PYSHMEM_2, 0, 0",
        "PYRTC, 16, 14",
        "PYRTC, 24, -1",
        "PYRTC, 32, 0",
        "PYRTC, 40, 1e300"
    })
    void shouldTakeOtherObjectsForBlocks(PythonStreamFile file, int offset, double value) throws IOException {
        String name = put(file, 8);
        patch(offset, number(value));

        assertEquals(Optional.empty(), detect(name));
        assertThrows(NotFoundException.class, () -> PythonStreamInfo.of(name));
    }

    @ParameterizedTest
    @ValueSource(ints = {18, 32, 104})
    void shouldCallMetadataWithTheMagicNumberDamagedIfTheyContradictEachOther(int offset) throws IOException {
        String name = put(PythonStreamFile.PYSHMEM_3, 8);
        patch(offset, integer(99));

        String message =
                assertThrows(IncompatibleException.class, () -> detect(name)).getMessage();
        assertTrue(message.contains("is a damaged stream of pyshmem"), message);
    }

    @Test
    void shouldTakeABlockWithoutMetadataForABlock() {
        String name = scratch.put("x", new byte[12]);
        assertEquals(Optional.empty(), detect(name));
        scratch.put("x_meta", new byte[81]);
        assertEquals(Optional.empty(), detect(name));
        assertFalse(PythonStreamInfo.isPart(BlockScratch.file(name + "_meta")));
    }

    @ParameterizedTest
    @EnumSource
    void shouldSurviveAnyDamage(PythonStreamFile file) throws IOException {
        String name = put(file, 8);
        Random random = new Random(file.ordinal());
        byte[] valid = file.metadata(8);
        for (int round = 0; round < 300; round++) {
            byte[] damaged = valid.clone();
            for (int i = 0; i <= random.nextInt(4); i++) {
                damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
            }
            Files.write(BlockScratch.file(name + "_meta"), damaged);
            try {
                Optional<PythonStreamInfo> found = detect(name);
                if (found.isPresent() && found.get().unreadableReason().isEmpty()) {
                    try (PythonStream stream = PythonStream.open(name)) {
                        stream.read(frame, 0);
                    }
                }
            } catch (ShmException e) {
                assertFalse(e.getMessage().isBlank());
            }
        }
    }

    @Test
    void shouldReportATruncatedObjectAndAClosedStream() {
        String name = put(PythonStreamFile.PYSHMEM_2, 8);
        PythonStream stream = PythonStream.open(name);
        BlockScratch.truncate(name, 0);
        assertTruncated(stream, "the block " + name + " was truncated");
        BlockScratch.truncate(name + "_meta", 0);
        assertTruncated(stream, "the block " + name + "_meta was truncated");
        stream.close();
        assertThrows(ClosedException.class, () -> stream.read(frame, 0));
        assertThrows(ClosedException.class, () -> stream.readNew(frame, 0));
    }

    private void assertTruncated(PythonStream stream, String words) {
        IncompatibleException refusal = assertThrows(IncompatibleException.class, () -> stream.read(frame, 0));
        assertTrue(refusal.getMessage().startsWith(words), refusal.getMessage());
    }

    @Test
    void shouldRefuseMemoryOfAnotherSize() {
        String name = put(PythonStreamFile.PYRTC, 8);
        try (PythonStream stream = PythonStream.open(name)) {
            assertThrows(IllegalArgumentException.class, () -> stream.read(frame.asSlice(1), 0));
        }
    }

    /** A peer that writes as the Python packages do, with the standard library. */
    @ParameterizedTest
    @ValueSource(strings = {"pyshmem2", "pyshmem3", "pyrtc"})
    void shouldReadWholeFramesWhilePythonWrites(String kind) {
        PythonPeer.assumePresent();
        String name = scratch.name("live");
        try (ChildProcess peer = PythonPeer.start("python_stream_peer.py", kind, name)) {
            peer.expect("ready");
            try (PythonStream stream = PythonStream.open(name)) {
                MemorySegment copy = MemorySegment.ofArray(new byte[(int) stream.frameBytes()]);
                assertEquals(Shape.of(64, 128), stream.shape());
                for (int i = 0; i < 50; i++) {
                    assertTrue(stream.readNew(copy, 30 * SECOND), "frame " + i);
                    if (stream.detectsTornFrames()) {
                        byte first = copy.get(ValueLayout.JAVA_BYTE, 0);
                        byte[] expected = new byte[(int) copy.byteSize()];
                        Arrays.fill(expected, first);
                        assertArrayEquals(expected, copy.toArray(ValueLayout.JAVA_BYTE));
                        assertEquals((byte) stream.count(), first);
                    }
                }
            }
            peer.closeInput();
            peer.finish();
        }
    }
}
