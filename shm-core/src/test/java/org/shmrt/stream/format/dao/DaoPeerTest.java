package org.shmrt.stream.format.dao;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.shmrt.error.IncompatibleException;
import org.shmrt.memory.DataType;
import org.shmrt.memory.Shape;
import org.shmrt.process.ChildProcess;
import org.shmrt.stream.FrameReader;
import org.shmrt.stream.FrameWriter;
import org.shmrt.stream.FramesAhead;
import org.shmrt.stream.ImageStream;
import org.shmrt.stream.Verdict;
import org.shmrt.stream.WaitStrategy;
import org.shmrt.stream.format.StreamSpec;
import org.shmrt.testing.PythonPeer;
import org.shmrt.testing.RampFrames;
import org.shmrt.testing.Scratch;

/** Frames are exchanged with an independent DAO program, written in Python. */
@Tag("slow")
@Timeout(600)
class DaoPeerTest {
    private static final String PEER = "dao_peer.py";
    private static final long SECOND = 1_000_000_000L;
    private static final HexFormat HEX = HexFormat.of();

    @RegisterExtension
    final Scratch scratch = Scratch.inSharedMemory();

    private Path path;

    @BeforeAll
    static void findPython() {
        PythonPeer.assumePresent();
    }

    @BeforeEach
    void choosePath() {
        path = scratch.stream("cam");
    }

    /** Every type of DAO, with different axes and depths. */
    static Stream<Arguments> images() {
        List<Shape> shapes = List.of(Shape.of(5, 1), Shape.of(3, 4), Shape.of(2, 3, 4));
        return Arrays.stream(DataType.values())
                .filter(type -> DaoTypes.code(type) > 0)
                .map(type -> Arguments.of(type, shapes.get(DaoTypes.code(type) % 3), 1 + DaoTypes.code(type) % 2));
    }

    private static String sizes(Shape shape) {
        return shape.toString().replace('x', ',');
    }

    private static byte[] noise(long bytes) {
        byte[] noise = new byte[(int) bytes];
        new Random(bytes).nextBytes(noise);
        return noise;
    }

    private JsonObject info() {
        return JsonParser.parseString(PythonPeer.run(PEER, "info", path).getFirst())
                .getAsJsonObject();
    }

    private String peerReads() {
        return PythonPeer.run(PEER, "read", path).getFirst();
    }

    @ParameterizedTest
    @MethodSource("images")
    void shouldBeReadByThePeer(DataType type, Shape shape, int depth) {
        byte[] frame = noise(shape.byteSize(type));
        try (ImageStream stream =
                        ImageStream.create(path, StreamSpec.dao(type, shape).withDepth(depth));
                FrameWriter writer = stream.writer()) {
            writer.write(MemorySegment.ofArray(new byte[frame.length]));
            writer.frameId(77);
            writer.write(MemorySegment.ofArray(frame));
        }

        JsonObject info = info();

        assertEquals("fifo", info.get("layout").getAsString());
        assertEquals(path.toString(), info.get("name").getAsString());
        assertEquals(shape.rank(), info.get("naxis").getAsInt());
        assertEquals(DaoTypes.code(type), info.get("atype").getAsInt());
        assertEquals(shape.elementCount(), info.get("nelement").getAsLong());
        assertEquals(depth, info.get("fifo_size").getAsInt());
        assertEquals(2, info.get("cnt0").getAsLong());
        assertEquals(77, info.get("cnt2").getAsLong());
        assertEquals(0, info.get("write").getAsInt());
        assertEquals("[1,1,1,1,1,1,1,1,1,1]", info.get("sem_values").toString());
        assertEquals(HEX.formatHex(frame), peerReads());
    }

    @ParameterizedTest
    @MethodSource("images")
    void shouldReadAndWriteWhatThePeerCreated(DataType type, Shape shape, int depth) {
        byte[] first = noise(shape.byteSize(type));
        byte[] second = noise(first.length + 1);
        PythonPeer.run(
                PEER,
                "create",
                path,
                type,
                sizes(shape),
                "--depth",
                depth,
                "--keywords",
                2,
                "--data",
                HEX.formatHex(first));
        try (ImageStream stream = ImageStream.open(path);
                FrameWriter writer = stream.writer();
                FrameReader reader = stream.reader(WaitStrategy.spin())) {
            assertEquals(type, stream.type());
            assertEquals(shape, stream.shape());
            assertEquals(depth, stream.layout().depth());
            assertEquals(Verdict.FRESH, reader.newest());
            assertEquals(1, reader.count());
            assertEquals(HEX.formatHex(first), hex(reader.frame()));
            assertFalse(reader.isStrict());

            assertEquals(2, writer.write(MemorySegment.ofArray(second).asSlice(0, first.length)));
        }

        assertEquals(HEX.formatHex(second, 0, first.length), peerReads());
    }

    private static String hex(MemorySegment frame) {
        return HEX.formatHex(frame.toArray(ValueLayout.JAVA_BYTE));
    }

    @ParameterizedTest
    @CsvSource({"old, pre-fifo, 1", "wide, wide, 1", "wide, wide, 3", "v2, v2, 1", "v2, v2, 3"})
    void shouldExchangeStreamsOfOtherGenerations(String layout, String variant, int depth) {
        PythonPeer.run(
                PEER,
                "create",
                path,
                "uint8",
                "2,2",
                "--layout",
                layout,
                "--depth",
                depth,
                "--keywords",
                1,
                "--data",
                "01020304");
        try (ImageStream stream = ImageStream.open(path);
                FrameWriter writer = stream.writer();
                FrameReader reader = stream.reader(WaitStrategy.semaphore())) {
            assertEquals(variant, stream.layout().variant());
            assertEquals(Verdict.FRESH, reader.newest());
            assertEquals("01020304", hex(reader.frame()));

            for (int count = 2; count <= 5; count++) {
                assertEquals(count, writer.write(MemorySegment.ofArray(new byte[] {9, 8, 7, (byte) count})));
            }
            assertEquals("09080705", peerReads());

            PythonPeer.run(PEER, "write", path, "0a0b0c0d");
            assertEquals(Verdict.FRESH, reader.newest());
            assertEquals("0a0b0c0d", hex(reader.frame()));
            assertEquals(6, reader.count());
        }
    }

    @Test
    void shouldRejectAStreamWhosePixelsAreOnAGpu() throws IOException {
        PythonPeer.run(PEER, "create", path, "uint8", "2,2", "--layout", "wide");
        try (FileChannel file = FileChannel.open(path, StandardOpenOption.WRITE)) {
            file.write(ByteBuffer.wrap(new byte[] {1}), 16400);
        }

        IncompatibleException refusal = assertThrows(IncompatibleException.class, () -> ImageStream.open(path));

        assertTrue(refusal.getMessage().contains("GPU"), refusal.getMessage());
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 4, 9})
    void shouldWakeThePeerOnEachSemaphore(int semaphore) {
        try (ImageStream stream = ImageStream.create(path, StreamSpec.dao(DataType.UINT8, Shape.of(2, 2)));
                FrameWriter writer = stream.writer();
                ChildProcess peer = PythonPeer.start(PEER, "wait", path, semaphore, 30, "--count", 2)) {
            assertEquals("ready", peer.line());
            PythonPeer.assertPrintsTwoFrames(peer, writer);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"write", "write-safe"})
    void shouldBeWokenByThePeer(String order) {
        PythonPeer.run(PEER, "create", path, "uint8", "2,2", "--depth", 2);
        try (ImageStream stream = ImageStream.open(path);
                FrameReader reader = stream.reader(WaitStrategy.semaphore(6));
                ChildProcess peer =
                        PythonPeer.start(PEER, order, path, "0a0b0c0d", "--count", 3, "--interval-ms", 50)) {
            for (int count = 1; count <= 3; count++) {
                assertEquals(Verdict.FRESH, reader.awaitNext(30 * SECOND));
                assertEquals(count, reader.count());
                assertEquals("0a0b0c0d", hex(reader.frame()));
            }
            peer.finish();
        }
    }

    @ParameterizedTest
    @CsvSource({"1, spin", "1024, sem"})
    void shouldReadThePeersFramesWhole(int depth, String wait) {
        int frames = 1000;
        PythonPeer.run(PEER, "create", path, "uint16", "64,64", "--depth", depth);
        RampFrames ramp = new RampFrames(64 * 64);
        try (ImageStream stream = ImageStream.open(path);
                FrameReader reader =
                        stream.reader(wait.equals("spin") ? WaitStrategy.spin() : WaitStrategy.semaphore());
                ChildProcess peer = PythonPeer.start(PEER, "ramp", path, frames, 1000)) {
            assertEquals(frames, ramp.readUpTo(reader, frames, 30 * SECOND));
            peer.finish();
            if (depth > 1) {
                assertEquals(0, reader.lostTotal());
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 1024})
    void shouldDeliverWholeFramesToThePeer(int depth) throws InterruptedException {
        int frames = 1000;
        RampFrames ramp = new RampFrames(64 * 64);
        try (ImageStream stream = ImageStream.create(
                        path, StreamSpec.dao(DataType.UINT16, Shape.of(64, 64)).withDepth(depth));
                FrameWriter writer = stream.writer();
                ChildProcess peer = PythonPeer.start(PEER, "follow", path, frames, 30, "--check-ramp")) {
            assertEquals("ready 0", peer.line());
            for (int count = 1; count <= frames; count++) {
                Thread.sleep(1);
                writer.write(ramp.of(count));
            }

            JsonObject seen = JsonParser.parseString(peer.finish().getLast()).getAsJsonObject();

            assertEquals(0, seen.get("torn").getAsInt());
            assertEquals(
                    frames, seen.get("frames").getAsInt() + seen.get("skipped").getAsInt());
            if (depth > 1) {
                assertEquals(0, seen.get("skipped").getAsInt());
            }
        }
    }

    /** Frames that are claimed ahead, arrive out of order, and are spoilt: the peer sees the same as without. */
    @Test
    void shouldDeliverFramesClaimedAheadToThePeer() throws InterruptedException {
        int frames = 900;
        RampFrames ramp = new RampFrames(64 * 64);
        try (ImageStream stream = ImageStream.create(
                        path, StreamSpec.dao(DataType.UINT16, Shape.of(64, 64)).withDepth(1024));
                FrameWriter writer = stream.writer();
                FramesAhead ahead = writer.claimAhead(4);
                ChildProcess peer = PythonPeer.start(PEER, "follow", path, frames, 30, "--check-ramp")) {
            assertEquals("ready 0", peer.line());
            for (int count = 1; count <= frames; count += 3) {
                Thread.sleep(1);
                int[] buffers = {ahead.claim(), ahead.claim(), ahead.claim(), ahead.claim()};
                ahead.memory(buffers[count % 4]).fill((byte) 9);
                ahead.giveBack(buffers[count % 4]);
                for (int i = 1; i <= 3; i++) {
                    int buffer = buffers[(count + i) % 4];
                    ahead.memory(buffer).copyFrom(ramp.of(count + i - 1));
                    ahead.publish(buffer, count);
                }
            }

            JsonObject seen = JsonParser.parseString(peer.finish().getLast()).getAsJsonObject();

            assertEquals(0, seen.get("torn").getAsInt());
            assertEquals(0, seen.get("skipped").getAsInt());
            assertEquals(frames, seen.get("frames").getAsInt());
            assertTrue(ahead.copies() > 0);
        }
    }

    @Test
    void shouldReportAStreamThatThePeerRecreatedInTheSameFile() {
        PythonPeer.run(PEER, "create", path, "uint16", "64,64");
        try (ImageStream stream = ImageStream.open(path);
                FrameReader reader = stream.reader(WaitStrategy.semaphore())) {
            PythonPeer.run(PEER, "create", path, "uint8", "2,2");

            assertEquals(Verdict.RECREATED, reader.awaitNext(30 * SECOND));
        }
        try (ImageStream again = ImageStream.open(path)) {
            assertEquals(Shape.of(2, 2), again.shape());
        }
    }

    @Test
    void shouldReportAStreamThatThePeerRecreatedWithTheSameSize() {
        PythonPeer.run(PEER, "create", path, "uint8", "2,2");
        try (ImageStream stream = ImageStream.open(path);
                FrameReader reader = stream.reader(WaitStrategy.spin())) {
            PythonPeer.run(PEER, "create", path, "uint8", "4,1");

            assertEquals(Verdict.RECREATED, reader.awaitNext(30 * SECOND));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 127, 128})
    void shouldNotReportThePeersFramesAsStrict(int frames) {
        try (ImageStream stream = ImageStream.create(path, StreamSpec.dao(DataType.UINT8, Shape.of(2, 2)));
                FrameReader reader = stream.reader(WaitStrategy.spin())) {
            try (FrameWriter writer = stream.writer()) {
                writer.write(MemorySegment.ofArray(new byte[] {1, 2, 3, 4}));
                assertEquals(Verdict.FRESH, reader.newest());
                assertTrue(reader.isStrict());
            }

            PythonPeer.run(PEER, "write", path, "05060708", "--count", frames);

            assertEquals(Verdict.FRESH, reader.newest());
            assertEquals(1 + frames, reader.count());
            assertFalse(reader.isStrict());
            assertFalse(stream.status().strict());
        }
    }

    @Test
    void shouldNotModifyAStreamThatThePeerRecreatedInTheSameFileWhenTheWriterCloses() {
        String frame = "ff".repeat(5 * 4304);
        try (ImageStream stream = ImageStream.create(
                path, StreamSpec.dao(DataType.UINT8, Shape.of(16, 4)).withDepth(4))) {
            FrameWriter writer = stream.writer();
            writer.claim();
            PythonPeer.run(PEER, "create", path, "uint8", "5,4304", "--data", frame);

            writer.close();

            assertEquals(frame, peerReads());
        }
    }
}
