package org.shmrt.stream.format.dao;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.shmrt.error.IncompatibleException;
import org.shmrt.memory.DataType;
import org.shmrt.memory.Shape;
import org.shmrt.stream.Access;
import org.shmrt.stream.FrameReader;
import org.shmrt.stream.FrameWriter;
import org.shmrt.stream.ImageStream;
import org.shmrt.stream.Verdict;
import org.shmrt.stream.WaitStrategy;
import org.shmrt.stream.format.StreamSpec;
import org.shmrt.stream.inspect.StreamInfo;
import org.shmrt.testing.Golden;
import org.shmrt.testing.PythonPeer;
import org.shmrt.testing.Scratch;

/** Every layout of DAO is either created as its own library does, or detected and only read. */
@Timeout(600)
class DaoLayoutsTest {
    private static final StreamSpec SPEC = StreamSpec.dao(DataType.UINT8, Shape.of(2, 2));
    private static final int GPU_MAGIC = 0x55504744;

    @RegisterExtension
    final Scratch scratch = Scratch.inSharedMemory();

    /** A file of 2 x 3 uint16 in a layout that ShmRT does not create, with explicit offsets. */
    private record SampleFile(ByteBuffer bytes, int headerBytes, int shift, int depth) {
        static SampleFile of(int headerBytes, int shift, int depth) {
            SampleFile sample = new SampleFile(
                    ByteBuffer.allocate(depth * (headerBytes + 12) + 120).order(ByteOrder.LITTLE_ENDIAN),
                    headerBytes,
                    shift,
                    depth);
            for (int slot = 0; slot < depth; slot++) {
                int at = slot * headerBytes;
                sample.bytes.put(at + (shift == 0 ? 0 : 8), (byte) 'x');
                sample.bytes
                        .put(at + shift + 80, (byte) 2)
                        .putInt(at + shift + 84, 2)
                        .putInt(at + shift + 88, 3);
                sample.bytes.putLong(at + shift + 96, 6).put(at + shift + 104, (byte) 3);
                sample.bytes.putShort(at + shift + 148, (short) (slot == 0 ? 3 : 0));
                sample.bytes.putShort(at + shift + 178, (short) 1);
                sample.bytes.putLong(at + shift + 152, slot + 1);
                sample.bytes.putLong(at + shift + 136, 1_700_000_000_123_456_789L);
                for (int i = 0; i < 6; i++) {
                    sample.bytes.putShort(depth * headerBytes + slot * 12 + 2 * i, (short) (10 * slot + i));
                }
            }
            sample.bytes.put(depth * (headerBytes + 12) + 16, (byte) 'N');
            return sample;
        }

        SampleFile ring(int at) {
            bytes.putInt(at, depth).putInt(at + 4, depth - 1);
            return this;
        }

        @SuppressWarnings("ByteBufferBackingArray") // allocated above
        byte[] file() {
            return bytes.array();
        }

        SampleFile version(int version) {
            bytes.putInt(0, 0x4D485344).putInt(4, version);
            return this;
        }

        Path at(Path path) throws IOException {
            return Files.write(path, file());
        }
    }

    private void assertReadOnly(Path path, String variant, int depth, String words) throws IOException {
        byte[] before = Files.readAllBytes(path);
        StreamInfo info = StreamInfo.of(path);
        assertEquals(variant, info.layout().variant());
        assertEquals(depth, info.layout().depth());
        assertTrue(
                info.warnings().stream().anyMatch(finding -> finding.contains(words)),
                info.warnings().toString());
        IncompatibleException refusal = assertThrows(IncompatibleException.class, () -> ImageStream.open(path));
        assertTrue(
                refusal.getMessage().contains("read-only")
                        && refusal.getMessage().contains(words),
                refusal.getMessage());
        try (ImageStream stream = ImageStream.open(path, Access.READ_ONLY);
                FrameReader reader = stream.reader(WaitStrategy.spin())) {
            assertEquals("x", stream.layout().storedName());
            assertEquals(Verdict.FRESH, reader.newest());
            assertEquals(depth, reader.count());
            assertEquals(1_700_000_000_123_456_789L, reader.acquiredNs());
            assertEquals(
                    -1, reader.frame().mismatch(MemorySegment.ofArray(before).asSlice(before.length - 120 - 12, 12)));
            assertEquals(List.of(), stream.keywords());
        }
        assertArrayEquals(before, Files.readAllBytes(path));
        assertEquals(List.of(), scratch.semaphores());
    }

    @ParameterizedTest
    @CsvSource({"4352, 4340, macos, 1", "4352, 4340, macos, 3", "4344, -1, macos-pre-fifo, 1", "4320, -1, macos-u16, 1"
    })
    void shouldOnlyReadFilesOfMacos(int headerBytes, int ring, String variant, int depth) throws IOException {
        SampleFile sample = SampleFile.of(headerBytes, 0, depth);
        Path path = (ring < 0 ? sample : sample.ring(ring)).at(scratch.stream("mac"));

        assertReadOnly(path, variant, depth, "macOS");
        assertEquals(0, StreamInfo.of(path).semaphores().size());
    }

    @ParameterizedTest
    @ValueSource(ints = {16, 40, 48})
    void shouldNotMistakeAStreamWithExtraBytesForOneOfMacos(int tooMany) throws IOException {
        Path path = scratch.stream("more");
        ImageStream.create(path, StreamSpec.dao(DataType.UINT8, Shape.of(2, 2))).close();
        byte[] sound = Files.readAllBytes(path);
        Files.write(path, Arrays.copyOf(sound, sound.length + tooMany));

        IncompatibleException refusal =
                assertThrows(IncompatibleException.class, () -> ImageStream.open(path, Access.READ_ONLY));

        assertTrue(refusal.getMessage().contains("its size is " + (sound.length + tooMany)), refusal.getMessage());
        Files.write(path, sound);
    }

    @Test
    void shouldOnlyReadAStreamWithARegistryOfReaders() throws IOException {
        assertReadOnly(SampleFile.of(5344, 0, 1).at(scratch.stream("registry")), "registry", 1, "registry of readers");
    }

    @ParameterizedTest
    @CsvSource({"16672, 16620, 2, macos-v2, 1", "16672, 16620, 2, macos-v2, 3", "16696, 16644, 3, macos-v3, 2"})
    void shouldOnlyReadVersionsOfMacos(int headerBytes, int ring, int version, String variant, int depth)
            throws IOException {
        Path path = SampleFile.of(headerBytes, 184, depth)
                .ring(ring)
                .version(version)
                .at(scratch.stream("mac"));

        assertReadOnly(path, variant, depth, "macOS");
        assertEquals(0, StreamInfo.of(path).semaphores().size());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void shouldReadAndWriteLayoutVersionTwo(int depth) throws IOException {
        Path path = SampleFile.of(16632, 184, depth).ring(16576).version(2).at(scratch.stream("two"));

        try (ImageStream stream = ImageStream.open(path);
                FrameReader reader = stream.reader(WaitStrategy.spin());
                FrameWriter writer = stream.writer()) {
            assertEquals("v2", stream.layout().variant());
            assertEquals(depth, stream.layout().depth());
            assertEquals(3, stream.layout().semaphores().count());
            assertEquals("x", stream.layout().storedName());
            assertEquals(Verdict.FRESH, reader.newest());
            assertEquals(depth, reader.count());
            assertEquals(1_700_000_000_123_456_789L, reader.acquiredNs());
            assertEquals(depth + 1, writer.write(MemorySegment.ofArray(new short[] {1, 2, 3, 4, 5, 6})));
            assertEquals(Verdict.FRESH, reader.newest());
            assertEquals(depth + 1, reader.count());
        }
        assertEquals(List.of(), StreamInfo.of(path).warnings());
    }

    @Test
    void shouldReadAStreamOfThePeerInLayoutVersionTwo() {
        PythonPeer.assumePresent();
        Path path = scratch.stream("peer");
        PythonPeer.run(
                "dao_peer.py",
                "create",
                path,
                "float32",
                "3,4",
                "--layout",
                "v2",
                "--depth",
                2,
                "--keywords",
                1,
                "--data",
                "0000803f");
        try (ImageStream stream = ImageStream.open(path, Access.READ_ONLY);
                FrameReader reader = stream.reader(WaitStrategy.spin())) {
            assertEquals("v2", stream.layout().variant());
            assertEquals(path.toString(), stream.layout().storedName());
            assertEquals(Shape.of(3, 4), stream.shape());
            assertEquals(16, stream.layout().semaphores().count());
            assertEquals(2024, stream.layout().packets().tableLength());
            assertEquals(Verdict.FRESH, reader.newest());
            assertEquals(1, reader.count());
            PythonPeer.run("dao_peer.py", "write", path, "00000040");
            assertEquals(Verdict.FRESH, reader.awaitNext(1_000_000_000L));
            assertEquals((byte) 0x40, reader.frame().get(java.lang.foreign.ValueLayout.JAVA_BYTE, 3));
        }
    }

    @Test
    void shouldRejectADamagedOrUnknownVersion() throws IOException {
        Path path = scratch.stream("two");
        SampleFile.of(16632, 184, 1).ring(16576).version(3).at(path);
        assertRefused(path, "is a dao stream of a version that ShmRT cannot read: ", "layout version (offset 4) is 3");
        SampleFile damaged = SampleFile.of(16632, 184, 1).ring(16576).version(2);
        damaged.bytes.putInt(16576, 7);
        damaged.at(path);
        assertRefused(path, "not that of 7 frames");
        damaged.bytes.putInt(16576, 1).putInt(16580, 1);
        damaged.at(path);
        assertRefused(path, "is 1 of 1");
        damaged.bytes.put(264, (byte) 4);
        damaged.at(path);
        assertRefused(path, "number of axes (offset 264) is 4");
        Files.write(path, Arrays.copyOf(damaged.file(), 4400));
        assertRefused(path, "fewer than the 16632");
    }

    private static void assertRefused(Path path, String words) {
        assertRefused(path, "is a damaged dao stream: ", words);
    }

    private static void assertRefused(Path path, String kind, String words) {
        IncompatibleException refusal =
                assertThrows(IncompatibleException.class, () -> ImageStream.open(path, Access.READ_ONLY));
        assertTrue(refusal.getMessage().contains(kind) && refusal.getMessage().contains(words), refusal.getMessage());
    }

    @Test
    void shouldNotMistakeANameForTheMagicNumber() throws IOException {
        Path path = scratch.stream("letters");
        ImageStream.create(path, SPEC).close();
        byte[] bytes = Files.readAllBytes(path);
        System.arraycopy("DSHMcam.im.shm\0".getBytes(StandardCharsets.US_ASCII), 0, bytes, 0, 15);
        Files.write(path, bytes);

        assertEquals("fifo", StreamInfo.of(path).layout().variant());
    }

    @ParameterizedTest
    @CsvSource({"16448, 0, 16392, wide", "16632, 184, 16576, v2"})
    void shouldReadAStreamOnAGpuOnlyIfItsCopyIsKeptCurrent(int headerBytes, int shift, int ring, String variant)
            throws IOException {
        SampleFile sample = SampleFile.of(headerBytes, shift, 1).ring(ring);
        if (shift > 0) {
            sample.version(2);
        }
        sample.bytes.putInt(ring + 8, GPU_MAGIC);
        Path path = sample.at(scratch.stream("gpu"));

        assertEquals(variant, StreamInfo.of(path).layout().variant());
        assertEquals(1, StreamInfo.of(path).status().cnt0());
        assertTrue(StreamInfo.of(path).warnings().getFirst().contains("pixels are on a GPU"));
        assertTrue(assertThrows(IncompatibleException.class, () -> ImageStream.open(path, Access.READ_ONLY))
                .getMessage()
                .contains("not kept current"));

        sample.bytes.putInt(ring + 8 + 24, 1);
        sample.at(path);
        assertReadOnly(path, variant, 1, "pixels are on a GPU");

        sample.bytes.putInt(ring + 8, 1);
        sample.at(path);
        assertThrows(IncompatibleException.class, () -> ImageStream.open(path, Access.READ_ONLY));
    }

    /** With frames of 7840 bytes, two slots of one layout are as long as one slot of the other. */
    @Test
    void shouldDistinguishLayoutsOfEqualSizeByTheirSecondHeader() throws IOException {
        StreamSpec spec = StreamSpec.dao(DataType.UINT8, Shape.of(80, 98));
        Path fifo = scratch.stream("fifo");
        ImageStream.create(fifo, spec.withDepth(2)).close();
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(fifo)).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putInt(16392, 1);
        Files.write(fifo, bytes.array());
        Path wide = scratch.stream("wide");
        ImageStream.create(wide, spec.withVariant("wide")).close();
        ByteBuffer packets = ByteBuffer.wrap(Files.readAllBytes(wide)).order(ByteOrder.LITTLE_ENDIAN);
        packets.putLong(200 + 8 * 512, 2);
        Files.write(wide, packets.array());

        assertEquals(Files.size(fifo), Files.size(wide));
        assertEquals("fifo", StreamInfo.of(fifo).layout().variant());
        assertEquals("wide", StreamInfo.of(wide).layout().variant());
    }

    /** Both layouts match, and the second header of the first one is beyond the part that is checked. */
    @Test
    void shouldNotSearchASecondHeaderBeyondTheHead() throws IOException {
        int frameBytes = 19840;
        ByteBuffer bytes = ByteBuffer.allocate(2 * (16448 + frameBytes)).order(ByteOrder.LITTLE_ENDIAN);
        assertEquals(bytes.capacity(), 3 * (4352 + frameBytes));
        bytes.put(80, (byte) 1).putInt(84, frameBytes).putLong(96, frameBytes).put(104, (byte) 1);
        bytes.putInt(16392, 2).putInt(4340, 3);
        Path path = Files.write(scratch.stream("both"), bytes.array());

        assertEquals("wide", StreamInfo.of(path).layout().variant());
    }

    static Stream<Golden> oldFiles() {
        return Golden.of("dao").filter(golden -> golden.text("kind").equals("dao-shm-prefifo"));
    }

    @ParameterizedTest
    @MethodSource("oldFiles")
    void shouldWriteTheSameBytesAsDaoBeforeTheRing(Golden golden) throws IOException {
        byte[] expected = golden.bytes();
        Path path = scratch.stream("same");
        StreamSpec spec = StreamSpec.dao(
                        golden.type(),
                        Shape.of(golden.numbers("axes_c").stream()
                                .mapToLong(n -> n)
                                .toArray()))
                .withVariant("pre-fifo")
                .withKeywords((int) golden.number("metadata", "NBkw"));
        try (ImageStream stream = ImageStream.create(path, spec);
                FrameWriter writer = stream.writer()) {
            writer.write(MemorySegment.ofArray(expected)
                    .asSlice(4296, stream.layout().frameBytes()));
        }
        byte[] sample = Files.readAllBytes(path);
        for (byte[] file : List.of(expected, sample)) {
            Arrays.fill(file, 0, 80, (byte) 0);
            Arrays.fill(file, 112, 128, (byte) 0);
            Arrays.fill(file, 136, 144, (byte) 0);
            if (golden.number("metadata", "NBkw") > 0) {
                // set by hand
                Arrays.fill(file, file.length - 240, file.length - 120, (byte) 0);
            }
        }
        assertArrayEquals(expected, sample);
    }

    @ParameterizedTest
    @CsvSource({"pre-fifo, old, 1", "wide, wide, 1", "wide, wide, 3", "v2, v2, 1", "2, v2, 3"})
    void shouldCreateStreamsThatThePeerReads(String layout, String peerLayout, int depth) {
        PythonPeer.assumePresent();
        Path path = scratch.stream("made");
        try (ImageStream stream = ImageStream.create(
                        path, SPEC.withVariant(layout).withDepth(depth).withKeywords(1));
                FrameWriter writer = stream.writer()) {
            for (int i = 1; i <= 4; i++) {
                writer.write(MemorySegment.ofArray(new byte[] {1, 2, 3, (byte) i}));
            }
        }

        String info = PythonPeer.run("dao_peer.py", "info", path).getFirst();
        assertTrue(info.contains("\"layout\": \"" + peerLayout + "\"") && info.contains("\"cnt0\": 4"), info);
        assertEquals("01020304", PythonPeer.run("dao_peer.py", "read", path).getFirst());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "pre-fifo | 2 | keep one frame",
                "3 | 1 | fifo, pre-fifo, wide, v2",
                "macos | 1 | fifo, pre-fifo, wide, v2",
                "FIFO | 1 | 'FIFO'"
            })
    void shouldRejectImpossibleLayoutsAtCreation(String layout, int depth, String words) {
        Path path = scratch.stream("none");

        IllegalArgumentException refusal = assertThrows(
                IllegalArgumentException.class,
                () -> ImageStream.create(path, SPEC.withVariant(layout).withDepth(depth)));

        assertTrue(refusal.getMessage().contains(words), refusal.getMessage());
        assertFalse(Files.exists(path));
        assertEquals(List.of(), scratch.semaphores());
    }

    @Test
    void shouldRejectFeaturesThatOnlyMilkHas() {
        assertThrows(
                IllegalArgumentException.class,
                () -> ImageStream.create(scratch.stream("none"), SPEC.withCircularBuffer(3)));
        assertThrows(
                IllegalArgumentException.class,
                () -> ImageStream.create(
                        scratch.stream("none"),
                        StreamSpec.dao(DataType.UINT8, Shape.of(2, 2, 2)).asRollingCube()));
    }
}
