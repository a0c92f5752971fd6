package org.shmrt.stream.format.dao;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.shmrt.memory.DataType;
import org.shmrt.memory.Shape;
import org.shmrt.stream.Access;
import org.shmrt.stream.FrameReader;
import org.shmrt.stream.FrameWriter;
import org.shmrt.stream.ImageStream;
import org.shmrt.stream.PacketWriter;
import org.shmrt.stream.Verdict;
import org.shmrt.stream.WaitStrategy;
import org.shmrt.stream.format.StreamSpec;
import org.shmrt.stream.inspect.PacketStatus;
import org.shmrt.testing.Golden;
import org.shmrt.testing.PythonPeer;
import org.shmrt.testing.Scratch;

/** Frames that arrive in packets, and frames that are written without notification. */
@Timeout(600)
class DaoPacketsTest {
    private static final String PEER = "dao_peer.py";

    @RegisterExtension
    final Scratch scratch = Scratch.inSharedMemory();

    private ImageStream like(Golden golden) {
        return ImageStream.create(
                scratch.stream("same"),
                StreamSpec.dao(
                                golden.type(),
                                Shape.of(golden.numbers("axes_c").stream()
                                        .mapToLong(n -> n)
                                        .toArray()))
                        .withDepth(golden.slots().size()));
    }

    /** Compares with a golden file, except names, times and order marks. */
    private static void assertSameBytes(Golden golden, ImageStream stream, int... differing) throws IOException {
        byte[] expected = golden.bytes();
        byte[] actual = Files.readAllBytes(stream.path());
        for (byte[] file : List.of(expected, actual)) {
            for (int header = 0; header < golden.slots().size() * 4304; header += 4304) {
                Arrays.fill(file, header, header + 80, (byte) 0);
                Arrays.fill(file, header + 112, header + 128, (byte) 0);
                Arrays.fill(file, header + 136, header + 144, (byte) 0);
                file[header + 177] = 0;
            }
        }
        for (int at : differing) {
            assertEquals(1, actual[at]);
            actual[at] = expected[at];
        }
        assertArrayEquals(expected, actual);
    }

    private static MemorySegment floats(int from, int count) {
        float[] values = new float[count];
        IntStream.range(0, count).forEach(i -> values[i] = from + i + 0.5f);
        return MemorySegment.ofArray(values);
    }

    private static MemorySegment ints(int from, int count) {
        return MemorySegment.ofArray(
                IntStream.range(from, from + count).map(i -> 7 * i).toArray());
    }

    private static MemorySegment shorts(int first, int count) {
        short[] values = new short[count];
        IntStream.range(0, count).forEach(i -> values[i] = (short) (first + i));
        return MemorySegment.ofArray(values);
    }

    @Test
    void shouldWriteTheSameBytesAsDaoForFourPackets() throws IOException {
        Golden golden = Golden.named("dao", "part_4packets_final_float32");
        try (ImageStream stream = like(golden);
                FrameWriter writer = stream.writer()) {
            PacketWriter packets = writer.packets();
            packets.begin(77, 4);
            for (int id = 0; id < 4; id++) {
                assertFalse(packets.isComplete());
                packets.write(id, 4L * id, floats(4 * id, 4));
            }
            assertTrue(packets.isComplete());
            assertEquals(1, packets.finish());

            assertSameBytes(golden, stream);
            assertEquals(
                    new PacketStatus(0, 77, 4, 3, 12, 4, List.of(), List.of(), false),
                    stream.newestPackets().orElse(null));
        }
    }

    @Test
    void shouldWriteTheSameBytesAsDaoForPacketsOutOfOrder() throws IOException {
        Golden golden = Golden.named("dao", "part_out_of_order_final_int32");
        try (ImageStream stream = like(golden);
                FrameWriter writer = stream.writer()) {
            PacketWriter packets = writer.packets();
            packets.begin(900, 3);
            for (int id : new int[] {2, 0, 1}) {
                packets.write(id, 4L * id, ints(4 * id, 4), 900 + id);
            }
            assertEquals(1, packets.finish());
            assertEquals(1, packets.outOfOrder());

            assertSameBytes(golden, stream);
        }
    }

    @Test
    void shouldWriteTheSameBytesAsDaoWithinAFrameExceptTheFlag() throws IOException {
        Golden golden = Golden.named("dao", "part_fifo2_2of4_unfinalized_uint16");
        try (ImageStream stream = like(golden);
                FrameWriter writer = stream.writer()) {
            writer.write(shorts(1, 8));
            PacketWriter packets = writer.packets();
            packets.begin(5, 4);
            packets.write(0, 0, shorts(500, 2));
            packets.write(2, 4, shorts(504, 2));

            assertSameBytes(golden, stream, 4304 + 176);
            assertNull(stream.newestPackets().orElse(null));
            assertEquals(List.of(1, 3), stream.packetsInProgress().orElseThrow().missing());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"part_4packets_final_float32", "part_out_of_order_final_int32"})
    void shouldReadPacketsOfDao(String name) {
        Path path = Golden.named("dao", name).copyTo(scratch.stream("golden"));
        try (ImageStream stream = ImageStream.open(path, Access.READ_ONLY)) {
            PacketStatus status = stream.newestPackets().orElse(null);

            assertEquals(name.contains("4packets"), status.isComplete());
            assertEquals(name.contains("4packets") ? List.of() : List.of(0, 2), status.missing());
        }
    }

    @Test
    void shouldReportMissingLateDuplicateAndReorderedPackets() {
        Path path = scratch.stream("cam");
        StreamSpec spec = StreamSpec.dao(DataType.UINT16, Shape.of(4, 3)).withDepth(2);
        try (ImageStream stream = ImageStream.create(path, spec);
                FrameWriter writer = stream.writer()) {
            assertNull(stream.newestPackets().orElse(null));
            PacketWriter packets = writer.packets();
            packets.begin(1, 4);
            for (int id : new int[] {3, 0, 1, 1}) {
                packets.write(id, 3L * id, shorts(id, 3));
            }
            assertEquals(1, packets.duplicates());
            assertEquals(1, packets.outOfOrder());
            packets.finish();

            PacketStatus status = stream.newestPackets().orElse(null);
            assertEquals(List.of(2), status.missing());
            assertTrue(status.outOfOrder());
            assertFalse(status.isComplete());

            for (int frame = 2; frame <= 3; frame++) {
                packets.begin(frame, 4);
                packets.write(0, 0, shorts(0, 3));
                packets.write(2, 6, shorts(0, 3), 9);
                packets.write(1, 3, shorts(0, 3));
                packets.finish();
            }
            status = stream.newestPackets().orElse(null);
            assertEquals(3, status.frameNumber());
            assertEquals(List.of(2, 3), status.missing());
            assertEquals(List.of(2), status.late());
        }
    }

    @Test
    void shouldHideAFrameThatIsStillArriving() {
        Path path = scratch.stream("cam");
        MemorySegment copy = MemorySegment.ofArray(new byte[24]);
        try (ImageStream stream = ImageStream.create(path, StreamSpec.dao(DataType.UINT16, Shape.of(4, 3)));
                FrameWriter writer = stream.writer();
                FrameReader reader = stream.reader(WaitStrategy.spin())) {
            writer.write(shorts(1, 12));
            assertEquals(Verdict.FRESH, reader.newest());
            PacketWriter packets = writer.packets();
            packets.begin(2, 2);
            packets.write(0, 0, shorts(100, 6));

            assertFalse(reader.validate());
            assertEquals(Verdict.TIMED_OUT, reader.readNewest(copy, 1_000_000L));

            packets.write(1, 6, shorts(106, 6));
            packets.finish();
            assertEquals(Verdict.FRESH, reader.readNewest(copy, 1_000_000_000L));
            assertEquals(-1, copy.mismatch(shorts(100, 12)));
        }
    }

    @ParameterizedTest
    @CsvSource({"fifo, 512", "pre-fifo, 512", "wide, 2024"})
    void shouldRejectIdsBeyondTheTable(String layout, int ids) throws IOException {
        Path path = scratch.stream("cam");
        StreamSpec spec = StreamSpec.dao(DataType.UINT8, Shape.of(64, 64)).withVariant(layout);
        try (ImageStream stream = ImageStream.create(path, spec);
                FrameWriter writer = stream.writer()) {
            PacketWriter packets = writer.packets();
            assertEquals(ids, packets.maxPackets());
            assertThrows(IllegalArgumentException.class, () -> packets.begin(1, ids + 1));
            assertThrows(IllegalArgumentException.class, () -> packets.begin(1, 0));
            MemorySegment one = MemorySegment.ofArray(new byte[] {42});
            assertThrows(IllegalStateException.class, () -> packets.write(0, 0, one));

            packets.begin(Long.MAX_VALUE, ids);
            packets.write(ids - 1, 4095, one);
            assertThrows(IllegalArgumentException.class, () -> packets.write(ids, 0, one));
            assertThrows(IllegalArgumentException.class, () -> packets.write(-1, 0, one));
            assertThrows(IllegalArgumentException.class, () -> packets.write(0, 4096, one));
            assertThrows(IllegalArgumentException.class, () -> packets.write(0, -1, one));
            assertThrows(IllegalArgumentException.class, () -> packets.write(0, 0, MemorySegment.ofArray(new byte[0])));
            packets.finish();

            assertEquals(ids - 1, stream.newestPackets().orElseThrow().missing().size());
            assertEquals(layout, stream.layout().variant());
        }
        byte[] bytes = Files.readAllBytes(path);
        ByteBuffer header = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        assertEquals(Long.MAX_VALUE, header.getLong(200 + 8 * (ids - 1)));
        ImageStream.open(path).close();
    }

    @Test
    void shouldRejectPartialElementsAndAFrameStartedTwice() {
        try (ImageStream stream =
                        ImageStream.create(scratch.stream("cam"), StreamSpec.dao(DataType.UINT16, Shape.of(4, 3)));
                FrameWriter writer = stream.writer()) {
            PacketWriter packets = writer.packets();
            packets.begin(1, 2);
            assertThrows(IllegalStateException.class, () -> packets.begin(2, 2));
            assertThrows(IllegalArgumentException.class, () -> packets.write(0, 0, MemorySegment.ofArray(new byte[3])));
            packets.abort();
            assertThrows(IllegalStateException.class, packets::finish);

            packets.begin(2, 1);
            packets.write(0, 0, shorts(0, 12));
            assertEquals(1, packets.finish());
        }
    }

    @Test
    void shouldNotTrustAHeaderWithAnInvalidTable() throws IOException {
        Path path = scratch.stream("odd");
        ImageStream.create(path, StreamSpec.dao(DataType.UINT16, Shape.of(4, 3)))
                .close();
        byte[] bytes = Files.readAllBytes(path);
        ByteBuffer words = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putInt(192, -1);
        Files.write(path, bytes);
        try (ImageStream stream = ImageStream.open(path, Access.READ_ONLY)) {
            assertTrue(stream.newestPackets().orElseThrow().isComplete());
            assertEquals(0xffff_ffffL, stream.newestPackets().orElseThrow().total());
        }
        words.putInt(188, -1);
        Files.write(path, bytes);
        try (ImageStream stream = ImageStream.open(path, Access.READ_ONLY)) {
            assertNull(stream.newestPackets().orElse(null));
        }
    }

    @Test
    void shouldRejectPacketsWhereTheFormatHasNone() {
        try (ImageStream stream =
                        ImageStream.create(scratch.stream("milk"), StreamSpec.milk(DataType.UINT16, Shape.of(4, 3)));
                FrameWriter writer = stream.writer()) {
            assertThrows(IllegalArgumentException.class, writer::packets);
        }
    }

    @Test
    void shouldWritePacketsIntoMilkStreamsOfTheLayoutWithPackets() {
        try (ImageStream stream = ImageStream.create(
                        scratch.stream("milk"),
                        StreamSpec.milk(DataType.UINT16, Shape.of(4, 3)).withVariant("2.00-dao-compat"));
                FrameWriter writer = stream.writer()) {
            PacketWriter packets = writer.packets();
            packets.begin(5, 2);
            packets.write(1, 6, shorts(0, 6));
            assertEquals(1, packets.finish());
            assertEquals(List.of(0), stream.newestPackets().orElseThrow().missing());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"fifo", "old", "wide"})
    void shouldExchangePacketsWithThePeer(String layout) {
        PythonPeer.assumePresent();
        Path path = scratch.stream("peer");
        PythonPeer.run(PEER, "create", path, "uint8", "2,2", "--layout", layout);
        try (ImageStream stream = ImageStream.open(path);
                FrameWriter writer = stream.writer();
                FrameReader reader = stream.reader(WaitStrategy.semaphore())) {
            PythonPeer.run(PEER, "part", path, 1, 2, 2, 33, "0304");
            PythonPeer.run(PEER, "part", path, 0, 2, 0, 33, "0102");
            PythonPeer.run(PEER, "finalize", path);

            assertEquals(Verdict.FRESH, reader.awaitNext(1_000_000_000L));
            assertEquals(-1, reader.frame().mismatch(MemorySegment.ofArray(new byte[] {1, 2, 3, 4})));
            assertEquals(
                    new PacketStatus(0, 33, 2, 0, 0, 2, List.of(), List.of(), true),
                    stream.newestPackets().orElse(null));

            PacketWriter packets = writer.packets();
            packets.begin(34, 2);
            packets.write(1, 2, MemorySegment.ofArray(new byte[] {7, 8}));
            packets.write(0, 0, MemorySegment.ofArray(new byte[] {5, 6}));
            assertEquals(2, packets.finish());
            assertEquals("0 2 0 2 34 34", PythonPeer.run(PEER, "packets", path).getFirst());
            assertEquals("05060708", PythonPeer.run(PEER, "read", path).getFirst());
        }
    }

    @Test
    void shouldShowAQuietWriteWithTheNextPublication() throws IOException {
        Path path = scratch.stream("quiet");
        try (ImageStream stream = ImageStream.create(
                        path, StreamSpec.dao(DataType.UINT16, Shape.of(4, 3)).withDepth(2));
                FrameWriter writer = stream.writer();
                FrameReader reader = stream.reader(WaitStrategy.spin())) {
            writer.write(shorts(1, 12));
            byte[] before = Files.readAllBytes(path);

            writer.writeQuietly(shorts(100, 12));

            byte[] after = Files.readAllBytes(path);
            assertArrayEquals(Arrays.copyOf(before, 2 * 4304 + 24), Arrays.copyOf(after, 2 * 4304 + 24));
            assertEquals(Verdict.FRESH, reader.newest());
            assertEquals(1, reader.count());
            writer.claim();
            assertEquals(2, writer.publish());
            assertEquals(Verdict.FRESH, reader.newest());
            assertEquals(-1, reader.frame().mismatch(shorts(100, 12)));
        }
    }

    @Test
    void shouldChangeOnlyThePixelsInAQuietWriteAtDepthOne() throws IOException {
        Path path = scratch.stream("quiet");
        try (ImageStream stream = ImageStream.create(path, StreamSpec.dao(DataType.UINT16, Shape.of(4, 3)));
                FrameWriter writer = stream.writer()) {
            writer.write(shorts(1, 12));
            byte[] before = Files.readAllBytes(path);

            writer.writeQuietly(shorts(100, 12));

            byte[] after = Files.readAllBytes(path);
            assertArrayEquals(Arrays.copyOf(before, 4304), Arrays.copyOf(after, 4304));
            assertEquals(-1, MemorySegment.ofArray(after).asSlice(4304, 24).mismatch(shorts(100, 12)));
            writer.claim();
            assertThrows(IllegalStateException.class, () -> writer.writeQuietly(shorts(1, 12)));
            writer.publish();
            assertThrows(IllegalArgumentException.class, () -> writer.writeQuietly(shorts(1, 11)));
        }
    }
}
