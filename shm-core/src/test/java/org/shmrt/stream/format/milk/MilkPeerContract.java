package org.shmrt.stream.format.milk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.shmrt.memory.DataType;
import org.shmrt.memory.Shape;
import org.shmrt.process.ChildProcess;
import org.shmrt.stream.FrameReader;
import org.shmrt.stream.FrameWriter;
import org.shmrt.stream.ImageStream;
import org.shmrt.stream.Verdict;
import org.shmrt.stream.WaitStrategy;
import org.shmrt.stream.format.StreamSpec;
import org.shmrt.stream.keyword.Keyword;
import org.shmrt.testing.PythonPeer;

/**
 * Requirements on the exchange of frames and tables with another implementation of milk, tested once for each
 * implementation.
 */
@Timeout(600)
abstract class MilkPeerContract extends MilkPeerStreamingContract {
    private static final int OWN_PID = (int) ProcessHandle.current().pid();

    final JsonObject info(String build) {
        return JsonParser.parseString(runOf(build, "info", path).getLast()).getAsJsonObject();
    }

    /** Each type, with one to three axes. */
    static Stream<Arguments> images() {
        List<Shape> shapes = List.of(Shape.of(5), Shape.of(3, 4), Shape.of(2, 3, 4));
        return Arrays.stream(DataType.values())
                .filter(type -> MilkTypes.code(type) > 0)
                .map(type -> Arguments.of(type, shapes.get(MilkTypes.code(type) % 3)));
    }

    private static String sizes(Shape shape) {
        List<String> axes = new ArrayList<>();
        for (int i = shape.rank() - 1; i >= 0; i--) {
            axes.add(Long.toString(shape.length(i)));
        }
        return String.join(",", axes);
    }

    private static byte[] noise(long bytes, int seed) {
        byte[] noise = new byte[(int) bytes];
        new Random(seed).nextBytes(noise);
        return noise;
    }

    private static List<Long> longs(JsonObject info, String key) {
        return info.getAsJsonArray(key).asList().stream()
                .map(JsonElement::getAsLong)
                .toList();
    }

    @ParameterizedTest
    @MethodSource("images")
    void shouldBeReadByThePeer(DataType type, Shape shape) {
        byte[] frame = noise(shape.byteSize(type), 1);
        try (ImageStream stream =
                        ImageStream.create(path, StreamSpec.milk(type, shape).withKeywords(3));
                FrameWriter writer = stream.writer()) {
            writer.write(MemorySegment.ofArray(new byte[frame.length]));
            writer.frameId(77);
            writer.write(MemorySegment.ofArray(frame));

            JsonObject info = info(DEFAULT_BUILD);

            assertEquals(stream.layout().storedName(), info.get("name").getAsString());
            assertEquals(stream.layout().axes(), longs(info, "size"));
            assertEquals(MilkTypes.code(type), info.get("datatype").getAsInt());
            assertEquals(shape.elementCount(), info.get("nelement").getAsLong());
            assertEquals(2, info.get("cnt0").getAsLong());
            assertEquals(77, info.get("cnt2").getAsLong());
            assertEquals(0, info.get("write").getAsInt());
            assertEquals(-1, info.get("location").getAsInt());
            assertEquals(stream.status().storedInode(), info.get("inode").getAsLong());
            assertEquals(
                    stream.status().writtenNs() / SECOND, info.get("writetime").getAsLong());
            assertEquals(IntStream.range(0, 10).mapToObj(i -> 2L).toList(), longs(info, "sem_values"));
            assertEquals(IntStream.range(0, 10).mapToObj(i -> -1L).toList(), longs(info, "readers"));
            assertEquals(IntStream.range(0, 10).mapToObj(i -> (long) OWN_PID).toList(), longs(info, "writers"));
            assertEquals(HexFormat.of().formatHex(frame), run("read", path).getLast());
        }
    }

    @ParameterizedTest
    @MethodSource("images")
    void shouldReadAndWriteAStreamOfThePeer(DataType type, Shape shape) {
        byte[] first = noise(shape.byteSize(type), 1);
        byte[] second = noise(first.length, 2);
        run("create", path, type.numpyName(), sizes(shape), "--keywords", 2);
        run("write", path, HexFormat.of().formatHex(first));
        try (ImageStream stream = ImageStream.open(path);
                FrameWriter writer = stream.writer();
                FrameReader reader = stream.reader(WaitStrategy.spin())) {
            assertEquals(type, stream.type());
            assertEquals(shape, stream.shape());
            assertEquals(2, stream.layout().keywords().count());
            assertEquals(Verdict.FRESH, reader.newest());
            assertEquals(1, reader.count());
            assertEquals(HexFormat.of().formatHex(first), hex(reader.frame()));
            assertTrue(reader.acquiredNs() > 0);
            assertEquals(reader.acquiredNs(), stream.status().writtenNs());

            assertEquals(2, writer.write(MemorySegment.ofArray(second)));
        }

        assertEquals(HexFormat.of().formatHex(second), run("read", path).getLast());
    }

    @ParameterizedTest
    @ValueSource(strings = {"2.00", "2.00-dao-compat", "2.00-writehistory"})
    void shouldExchangeStreamsOfEveryBuild(String build) {
        StreamSpec spec = StreamSpec.milk(DataType.UINT8, Shape.of(2, 2))
                .withVariant(build)
                .withCircularBuffer(3);
        try (ImageStream stream = ImageStream.create(path, spec);
                FrameWriter writer = stream.writer()) {
            for (int count = 1; count <= 4; count++) {
                writer.write(MemorySegment.ofArray(new byte[] {1, 2, 3, (byte) count}));
            }
            assertEquals("01020304", runOf(build, "read", path).getLast());
            runOf(build, "write", path, "05060708", "--count", 3);
            assertEquals(7, stream.status().cnt0());
            assertEquals(8, writer.write(MemorySegment.ofArray(new byte[4])));
            assertCircular(info(build), 2, 2);
        }

        runOf(build, "create", path, "uint8", "2,2", "--circular", 3, "--build", build);
        runOf(build, "write", path, "05060708", "--count", 7);
        try (ImageStream stream = ImageStream.open(path);
                FrameReader reader = stream.reader(WaitStrategy.spin())) {
            assertEquals(build, stream.layout().variant());
            assertEquals(Verdict.FRESH, reader.newest());
            assertEquals("05060708", hex(reader.frame()));
            assertCircular(info(build), 1, 2);
        }
    }

    private static void assertCircular(JsonObject info, int index, int cycle) {
        assertEquals(3, info.get("cbsize").getAsInt());
        assertEquals(index, info.get("cbindex").getAsInt());
        assertEquals(cycle, info.get("cbcycle").getAsInt());
    }

    @Test
    void shouldWriteSlicesOfACubeAlternately() {
        run("create", path, "uint8", "2,2,3", "--cube");
        try (ImageStream stream = ImageStream.open(path);
                FrameWriter writer = stream.writer()) {
            for (int turn = 1; turn <= 8; turn += 2) {
                run("slice", path, "0%1$x0%1$x0%1$x0%1$x".formatted(turn));
                assertEquals(turn % 3, stream.status().cnt1());
                byte value = (byte) (turn + 1);
                assertEquals(
                        turn + 1, writer.writeSlice(MemorySegment.ofArray(new byte[] {value, value, value, value})));
                assertEquals((turn + 1) % 3, info(DEFAULT_BUILD).get("cnt1").getAsInt());
            }
        }
        assertEquals("060606060707070708080808", run("read", path).getLast());
    }

    @Test
    void shouldReadTheKeywordsOfThePeer() {
        run("create", path, "uint8", "2,2", "--keywords", 4);
        run("keyword", path, "gain", "D", "2.5");
        run("keyword", path, "sixteen_letters_", "L", "-9223372036854775808");
        run("keyword", path, "mode", "S", "sixteen letters!");
        try (ImageStream stream = ImageStream.open(path)) {
            String comment = "set by a peer";
            assertEquals(
                    List.of(
                            new Keyword("gain", Keyword.Type.DOUBLE, 2.5, comment),
                            new Keyword("sixteen_letters_", Keyword.Type.LONG, Long.MIN_VALUE, comment),
                            new Keyword("mode", Keyword.Type.TEXT, "sixteen letters!", comment)),
                    stream.keywords());
        }
    }

    @Test
    void shouldPassTheProcessTraceToThePeer() {
        Path downstream = scratch.stream("dm");
        run("create", path, "uint8", "2,2");
        run("create", downstream, "uint8", "2,2");
        try (ImageStream cam = ImageStream.open(path);
                FrameReader reader = cam.reader(WaitStrategy.semaphore(4));
                ImageStream dm = ImageStream.open(downstream);
                FrameWriter writer = dm.writer()) {
            writer.tracedTo(reader);
            run("write", path, "01020304", "--count", 3);
            assertTrue(reader.awaitNext(SECOND).hasFrame());
            writer.write(reader.frame());

            JsonObject info =
                    JsonParser.parseString(run("info", downstream).getLast()).getAsJsonObject();
            assertEquals(
                    "[[" + OWN_PID + "," + cam.status().storedInode() + ",4,3]]",
                    info.get("traces").toString());
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 0, 9})
    void shouldWakeThePeer(int semaphore) {
        try (ImageStream stream = ImageStream.create(path, StreamSpec.milk(DataType.UINT8, Shape.of(2, 2)));
                FrameWriter writer = stream.writer();
                ChildProcess peer = start(DEFAULT_BUILD, "wait", path, semaphore, 30, "--count", 2)) {
            assertEquals("ready " + Math.max(0, semaphore), peer.lineWith("ready"));
            PythonPeer.assertPrintsTwoFrames(peer, writer);
        }
    }

    @Test
    void shouldLetTheWaitOfThePeerTimeOut() {
        ImageStream.create(path, StreamSpec.milk(DataType.UINT8, Shape.of(2, 2)))
                .close();
        try (ChildProcess peer = start(DEFAULT_BUILD, "wait", path, 3, 0.2)) {
            assertEquals("timeout", peer.rest().getLast());
            assertEquals(3, peer.exitCode());
        }
    }

    @Test
    void shouldPublishItsReservationsToThePeerAndRemoveThem() {
        try (ImageStream stream = ImageStream.create(path, StreamSpec.milk(DataType.UINT8, Shape.of(2, 2)))) {
            try (FrameReader first = stream.reader(WaitStrategy.semaphore());
                    FrameReader second = stream.reader(WaitStrategy.semaphore(0));
                    ChildProcess peer = start(DEFAULT_BUILD, "hold", path, first.semaphoreIndex())) {
                assertEquals(9, first.semaphoreIndex());
                assertEquals("1", peer.line(), "semaphores 9 and 0 are reserved by ShmRT");
                List<Long> readers = longs(info(DEFAULT_BUILD), "readers");
                assertEquals(OWN_PID, readers.get(9));
                assertEquals(OWN_PID, readers.get(0));
                assertEquals(peer.pid(), readers.get(1));
                assertEquals(0, second.semaphoreIndex());
            }
            assertEquals(-1, longs(info(DEFAULT_BUILD), "readers").get(9));
            assertEquals(-1, longs(info(DEFAULT_BUILD), "readers").get(0));
        }
    }

    @Test
    void shouldRespectTheReservationOfALivePeer() {
        try (ImageStream stream = ImageStream.create(path, StreamSpec.milk(DataType.UINT8, Shape.of(2, 2)));
                ChildProcess peer = start(DEFAULT_BUILD, "hold", path, 9)) {
            assertEquals("9", peer.line());
            try (FrameReader reader = stream.reader(WaitStrategy.semaphore())) {
                assertEquals(8, reader.semaphoreIndex());
            }
            peer.kill();
            try (FrameReader reader = stream.reader(WaitStrategy.semaphore())) {
                assertEquals(9, reader.semaphoreIndex(), "the peer is dead");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"spin", "sem"})
    void shouldReportAStreamThatThePeerRecreated(String wait) {
        run("create", path, "uint16", "64,64");
        try (ImageStream stream = ImageStream.open(path);
                FrameReader reader = stream.reader(strategy(wait))) {
            run("create", path, "uint16", "64,64");

            assertEquals(Verdict.RECREATED, reader.awaitNext(30 * SECOND));
        }
        try (ImageStream again = ImageStream.open(path)) {
            assertEquals(0, again.status().cnt0());
        }
    }

    /** Both sides get the link, as cacao's operators name streams. */
    @Test
    void shouldExchangeFramesWithThePeerThroughALink() throws IOException {
        run("create", path, "uint8", "2,2");
        Path link = Files.createSymbolicLink(scratch.stream("alias"), path);
        try (ImageStream stream = ImageStream.open(link);
                FrameWriter writer = stream.writer();
                FrameReader reader = stream.reader(WaitStrategy.semaphore());
                ChildProcess peer = start(DEFAULT_BUILD, "wait", link, 0, 30)) {
            peer.lineWith("ready");
            writer.write(MemorySegment.ofArray(new byte[] {1, 2, 3, 4}));
            assertEquals("1 01020304", peer.line());
            peer.finish();
            assertEquals(Verdict.FRESH, reader.awaitNext(SECOND));

            run("write", link, "05060708");

            assertEquals(Verdict.FRESH, reader.awaitNext(30 * SECOND));
            assertEquals("05060708", hex(reader.frame()));
            assertEquals(2, reader.count());
        }
        assertTrue(Files.isSymbolicLink(link));
        Files.delete(link);
    }
}
