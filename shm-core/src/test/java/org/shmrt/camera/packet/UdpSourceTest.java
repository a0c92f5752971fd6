package org.shmrt.camera.packet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.DatagramChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Random;
import java.util.TreeSet;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.shmrt.camera.FrameSource;
import org.shmrt.camera.FrameTarget;
import org.shmrt.camera.Grabber;
import org.shmrt.camera.SourceOptions;
import org.shmrt.error.IncompatibleException;
import org.shmrt.memory.DataType;
import org.shmrt.memory.Shape;
import org.shmrt.stream.ImageStream;
import org.shmrt.stream.PacketWriter;
import org.shmrt.stream.inspect.PacketStatus;
import org.shmrt.testing.ExternalCommand;
import org.shmrt.testing.Scratch;

/** Frames in packets that are lost, repeated and reordered, with exact books. */
@Timeout(100)
class UdpSourceTest {
    /** A frame is 6 x 8 uint16: 8 packets of 12 bytes. */
    private static final Shape SHAPE = Shape.of(6, 8);

    private static final int PACKETS = 8;
    private static final int PAYLOAD = 12;
    private static final Map<String, String> DESCRIPTION =
            Map.of("header", "10", "frame", "0:4", "packet", "4:2", "total", "6:2", "offset", "8:2", "order", "big");

    @RegisterExtension
    final Scratch scratch = Scratch.inSharedMemory();

    private DatagramChannel sender;

    /** Counts what is read, and keeps the pixels. */
    private static final class Frames implements FrameTarget {
        private final MemorySegment memory;
        private final List<Long> ids = new ArrayList<>();
        private long id;

        Frames(FrameSource source) {
            memory = Arena.ofAuto().allocate(source.format().frameBytes(), 8);
        }

        @Override
        public MemorySegment pixels() {
            return memory;
        }

        @Override
        public void frameId(long newId) {
            id = newId;
        }

        @Override
        public void acquiredNs(long unixNs) {
            assertTrue(unixNs > 1_000_000_000_000_000_000L);
        }

        @Override
        public boolean hasPackets() {
            return false;
        }

        @Override
        public PacketWriter packets() {
            throw new UnsupportedOperationException();
        }

        /** Reads until a number of frames is delivered or lost; checks the pixels of each. */
        void readUntil(FrameSource source, long sent) {
            while (ids.size() + source.lost() < sent) {
                if (source.read(this, 50_000_000L) == FrameSource.Arrival.FRAME) {
                    ids.add(id);
                    for (int i = 0; i < 48; i++) {
                        assertEquals((short) value(id, i), memory.getAtIndex(ValueLayout.JAVA_SHORT, i), "frame " + id);
                    }
                }
            }
        }
    }

    private static int value(long frame, int element) {
        return (int) (frame * 1000 + element);
    }

    @BeforeEach
    void openSender() throws IOException {
        sender = DatagramChannel.open();
    }

    @AfterEach
    void closeSender() throws IOException {
        sender.close();
    }

    private static SourceOptions options(Shape shape, DataType type, double rateHz, Map<String, String> settings) {
        return new SourceOptions(
                Optional.of(shape),
                Optional.of(type),
                OptionalLong.empty(),
                rateHz > 0 ? OptionalDouble.of(rateHz) : OptionalDouble.empty(),
                settings);
    }

    private static FrameSource open(int port, Map<String, String> settings) {
        return FrameSource.open("udp:127.0.0.1:" + port, options(SHAPE, DataType.UINT16, 0, settings));
    }

    private static int freePort() throws IOException {
        try (DatagramChannel probe = DatagramChannel.open()) {
            probe.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            return ((InetSocketAddress) probe.getLocalAddress()).getPort();
        }
    }

    private static Map<String, String> with(String... namesAndValues) {
        Map<String, String> settings = new HashMap<>(DESCRIPTION);
        for (int i = 0; i < namesAndValues.length; i += 2) {
            settings.put(namesAndValues[i], namesAndValues[i + 1]);
        }
        return settings;
    }

    private void send(int port, ByteBuffer packet) throws IOException {
        sender.send(packet, new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    }

    private static ByteBuffer packet(long frame, int index) {
        ByteBuffer packet = ByteBuffer.allocate(10 + PAYLOAD)
                .putInt((int) frame)
                .putShort((short) index)
                .putShort((short) PACKETS)
                .putShort((short) (index * PAYLOAD))
                .order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < PAYLOAD / 2; i++) {
            packet.putShort((short) value(frame, index * PAYLOAD / 2 + i));
        }
        return packet.flip();
    }

    private void sendFrame(int port, long frame) throws IOException {
        for (int i = 0; i < PACKETS; i++) {
            send(port, packet(frame, i));
        }
    }

    @Test
    void shouldAssembleFramesWhateverTheOrderOfTheirPackets() throws IOException {
        int port = freePort();
        try (FrameSource source = open(port, DESCRIPTION)) {
            Frames frames = new Frames(source);
            Random random = new Random(1);
            for (long frame = 7; frame < 107; frame++) {
                List<ByteBuffer> packets = new ArrayList<>();
                for (int i = 0; i < PACKETS; i++) {
                    packets.add(packet(frame, i));
                    if (random.nextInt(4) == 0) {
                        packets.add(packet(frame, i));
                    }
                }
                Collections.shuffle(packets, random);
                for (ByteBuffer packet : packets) {
                    send(port, packet);
                }
                frames.readUntil(source, frame - 6);
            }
            assertEquals(LongStream.range(7, 107).boxed().toList(), frames.ids);
            assertEquals(0, source.lost());
            assertTrue(source.remark().contains("packets repeated"), source.remark());
        }
    }

    /** Drops, repeats and reorders packets across frames, and computes what must come of it. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4})
    void shouldKeepExactBooksUnderLossAndReordering(int seed) throws IOException {
        Random random = new Random(seed);
        int port = freePort();
        int sent = 300;
        TreeSet<Long> incomplete = new TreeSet<>();
        List<ByteBuffer> packets = new ArrayList<>();
        for (long frame = 0; frame < sent; frame++) {
            // the last frame arrives: nobody can count what was sent after the last packet
            boolean isSafe = frame == 0 || frame == sent - 1;
            boolean isMissing = !isSafe && random.nextInt(20) == 0;
            for (int i = 0; i < PACKETS; i++) {
                if (isMissing || (!isSafe && random.nextInt(60) == 0)) {
                    incomplete.add(frame);
                } else {
                    packets.add(packet(frame, i));
                    if (random.nextInt(30) == 0) {
                        packets.add(packet(frame, i));
                    }
                }
            }
        }
        // neighbours change places, also across the boundary of two frames
        for (int i = PACKETS; i + 1 < packets.size() - PACKETS; i++) {
            if (random.nextInt(5) == 0) {
                Collections.swap(packets, i, i + 1);
            }
        }
        try (FrameSource source = open(port, DESCRIPTION)) {
            Frames frames = new Frames(source);
            int at = 0;
            for (ByteBuffer packet : packets) {
                send(port, packet);
                if (++at % 100 == 0) { // never more than the socket holds
                    frames.readUntil(source, Math.max(0, at / 10 - 20));
                }
            }
            frames.readUntil(source, sent);

            List<Long> expected = LongStream.range(0, sent)
                    .boxed()
                    .filter(frame -> !incomplete.contains(frame))
                    .toList();
            assertEquals(expected, frames.ids);
            assertEquals(incomplete.size(), source.lost());
            assertTrue(source.damaged() <= source.lost());
        }
    }

    @Test
    void shouldGiveUpTheLastFrameIfItsPacketsDoNotCome() throws IOException {
        int port = freePort();
        try (FrameSource source = open(port, DESCRIPTION)) {
            Frames frames = new Frames(source);
            sendFrame(port, 1);
            send(port, packet(2, 0));
            send(port, packet(2, 3));
            frames.readUntil(source, 2);

            assertEquals(List.of(1L), frames.ids);
            assertEquals(1, source.lost());
            assertEquals(1, source.damaged());
            assertTrue(source.remark().contains("6 packets missing in incomplete frames"), source.remark());
            send(port, packet(2, 1)); // too late
            sendFrame(port, 3);
            frames.readUntil(source, 3);
            assertEquals(List.of(1L, 3L), frames.ids);
        }
    }

    @Test
    void shouldIgnorePacketsThatAreNotOfTheseFrames() throws IOException {
        int port = freePort();
        try (FrameSource source = open(port, DESCRIPTION)) {
            Frames frames = new Frames(source);
            for (int i = 0; i < PACKETS; i++) {
                send(port, ByteBuffer.allocate(i)); // too short
                send(port, ByteBuffer.allocate(11)); // half an element
                send(port, packet(1, i).putShort(4, (short) 9)); // beyond the number of packets
                send(port, packet(1, i).putShort(8, (short) 90)); // beyond the frame
                send(port, packet(1, i));
            }
            frames.readUntil(source, 1);
            assertEquals(List.of(1L), frames.ids);
            assertTrue(source.remark().contains("32 packets not of these frames"), source.remark());
        }
    }

    @Test
    void shouldContinueWhenTheSenderStartsAgainAndWhenNumbersWrap() throws IOException {
        FrameNumbers wrapping = new FrameNumbers(16, 1);
        assertEquals(65_534, wrapping.of(65_534));
        assertEquals(65_536, wrapping.of(0));
        assertEquals(65_535, wrapping.of(65_535));
        assertEquals(65_540, wrapping.of(4));
        assertEquals(0, wrapping.restarts());
        assertEquals(65_541, wrapping.of(40_000));
        assertEquals(1, wrapping.restarts());
        FrameNumbers times = new FrameNumbers(32, 90_000 / 29.97);
        for (int i = 0; i < 100_000; i++) {
            assertEquals(i, times.of(0xffff_f000L + Math.round(i * 90_000 / 29.97) & 0xffff_ffffL));
        }
        int port = freePort();
        try (FrameSource source = open(port, DESCRIPTION)) {
            Frames frames = new Frames(source);
            sendFrame(port, 500);
            sendFrame(port, 501);
            frames.readUntil(source, 2);
            assertEquals(List.of(500L, 501L), frames.ids);
            for (int i = 0; i < PACKETS; i++) {
                send(port, packet(0, i));
            }
            Frames again = new Frames(source);
            while (source.read(again, 50_000_000L) != FrameSource.Arrival.FRAME) {
                Thread.onSpinWait();
            }
            assertEquals(502, again.id);
            assertEquals(0, source.lost());
            assertTrue(source.remark().contains("started its frame numbers again 1 times"), source.remark());
        }
    }

    @Test
    void shouldSwapPixelsThatAreBigEndian() throws IOException {
        int port = freePort();
        Map<String, String> settings = Map.of(
                "header",
                "8",
                "trailer",
                "2",
                "frame",
                "0:2",
                "packet",
                "2:1",
                "first",
                "1",
                "payload",
                "32",
                "order",
                "little",
                "pixel-order",
                "big");
        try (FrameSource source = open(port, settings)) {
            Frames frames = new Frames(source);
            for (int index = 2; index >= 0; index--) {
                ByteBuffer packet = ByteBuffer.allocate(8 + 32 + 2).order(ByteOrder.LITTLE_ENDIAN);
                packet.putShort((short) 3).put((byte) (index + 1)).position(8);
                packet.order(ByteOrder.BIG_ENDIAN);
                for (int i = 0; i < 16; i++) {
                    packet.putShort((short) value(3, index * 16 + i));
                }
                send(port, packet.rewind());
            }
            frames.readUntil(source, 1);
            assertEquals(List.of(3L), frames.ids);
        }
    }

    @Test
    void shouldPublishIncompleteFramesWithTheRecordOfTheirPackets() throws IOException {
        int port = freePort();
        try (FrameSource source = open(port, with("incomplete", "publish"));
                ImageStream stream =
                        Grabber.createOrOpen(scratch.stream("cam"), Grabber.spec("dao", source.format(), 3));
                Grabber grabber = new Grabber(source, stream)) {
            sendFrame(port, 20);
            assertTrue(grabber.run(1));
            PacketStatus whole = stream.newestPackets().orElseThrow();
            assertEquals(List.of(), whole.missing());
            for (int i = 0; i < PACKETS; i++) {
                if (i != 2 && i != 5) {
                    send(port, packet(21, i));
                }
            }
            assertTrue(grabber.run(1));

            assertEquals(List.of(2, 5), stream.newestPackets().orElseThrow().missing());
            assertEquals(21, stream.status().cnt2());
            assertEquals(0, grabber.counts().lost());
            assertTrue(source.remark().contains("1 frames published incomplete"), source.remark());
        }
        int other = freePort();
        try (FrameSource source = open(other, with("incomplete", "publish"));
                ImageStream stream =
                        Grabber.createOrOpen(scratch.stream("milk"), Grabber.spec("milk", source.format(), 1));
                Grabber grabber = new Grabber(source, stream)) {
            assertThrows(IncompatibleException.class, () -> grabber.run(1));
        }
    }

    @Test
    void shouldNotAllocateForAFrame() throws IOException {
        int port = freePort();
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        try (FrameSource source = open(port, DESCRIPTION);
                ImageStream stream =
                        Grabber.createOrOpen(scratch.stream("cam"), Grabber.spec("dao", source.format(), 3));
                Grabber grabber = new Grabber(source, stream)) {
            long frame = 0;
            long least = Long.MAX_VALUE;
            for (int round = 0; round < 200; round++) {
                for (int i = 0; i < 100; i++) {
                    sendFrame(port, frame++);
                }
                long before = threads.getCurrentThreadAllocatedBytes();
                assertTrue(grabber.run(100));
                least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
            }
            assertTrue(least < 1000, least + " bytes for 100 frames");
            assertEquals(0, source.lost());
        }
    }

    @Test
    void shouldCountWhatTheKernelDropsAndSuggestALargerBuffer() throws IOException {
        int port = freePort();
        SourceOptions fast = options(
                Shape.of(4096, 4096),
                DataType.UINT16,
                1e5,
                Map.of("header", "10", "frame", "0:4", "packet", "4:2", "offset", "8:2"));
        try (FrameSource source = FrameSource.open("udp:127.0.0.1:" + port, fast)) {
            assertTrue(
                    source.remark().contains("MB/s fill in") && source.remark().contains("net.core.rmem_max"),
                    source.remark());
            ByteBuffer large = ByteBuffer.allocate(60_000);
            while (!source.remark().contains("packets were dropped because the buffer of the socket was full")) {
                send(port, large.rewind());
            }
        }
    }

    @Test
    void shouldReadADescriptionFromAFile() throws IOException {
        Path file = scratch.directory().resolve("detector.txt");
        Files.writeString(file, """
            # our detector
            header = 10
            frame = 0:4   # big-endian
            packet = 4:2
            total=6:2
            offset = 8:2
            """);
        int port = freePort();
        try (FrameSource source = open(port, Map.of("description", file.toString()))) {
            Frames frames = new Frames(source);
            sendFrame(port, 1);
            frames.readUntil(source, 1);
            assertEquals(List.of(1L), frames.ids);
        }
        Files.writeString(file, "heder = 10\n");
        assertThrows(IncompatibleException.class, () -> open(port, Map.of("description", file.toString())));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "header; x; needs header=NUMBER",
                "frame; 8:4; outside of the header",
                "frame; 0-4; is not AT:BYTES",
                "payload; 4; either offset=AT:BYTES or payload=BYTES",
                "order; middle; use big or little",
                "incomplete; keep; use withhold or publish",
                "sampling; rgb; applies to description=rtp only",
                "nosuch; 1; no setting 'nosuch'",
                "description; rtp; does not apply to description=rtp",
            })
    void shouldRefuseDescriptions(String name, String value, String reason) throws IOException {
        int port = freePort();
        IllegalArgumentException failure =
                assertThrows(IllegalArgumentException.class, () -> open(port, with(name, value)));
        assertTrue(failure.getMessage().contains(reason), failure.getMessage());
    }

    @Test
    void shouldEndAReadInAnotherThread() throws IOException, InterruptedException {
        FrameSource source = open(freePort(), DESCRIPTION);
        List<FrameSource.Arrival> arrivals = new ArrayList<>();
        Thread reader = Thread.ofPlatform().start(() -> arrivals.add(source.read(new Frames(source), 50_000_000_000L)));
        while (reader.getState() == Thread.State.NEW) {
            Thread.onSpinWait();
        }
        source.close();
        reader.join();
        assertEquals(List.of(FrameSource.Arrival.ENDED), arrivals);
    }

    private static void assumeRtp() {
        Assumptions.assumeTrue(
                ExternalCommand.succeeds("gst-inspect-1.0", "rtpvrawpay"),
                "gst-launch-1.0 or its good plugins are not installed");
    }

    @ParameterizedTest
    @CsvSource({"RGB, rgb, 3", "BGR, bgr, 3", "UYVY, uyvy, 1"})
    void shouldReadRtpRawVideoOfGstreamer(String format, String sampling, int channels)
            throws IOException, InterruptedException {
        assumeRtp();
        int port = freePort();
        Path expected = scratch.directory().resolve("expected.raw");
        String caps = "video/x-raw,format=" + format + ",width=64,height=30,framerate=50/1";
        // every frame shows the same picture, so that it does not matter which ones arrive
        assertTrue(ExternalCommand.succeeds(
                "gst-launch-1.0",
                "-q",
                "videotestsrc",
                "num-buffers=1",
                "pattern=smpte75",
                "!",
                caps,
                "!",
                "filesink",
                "location=" + expected));
        byte[] picture = Files.readAllBytes(expected);
        Files.delete(expected);
        Shape shape = channels == 3 ? Shape.of(30, 64, 3) : Shape.of(30, 64);
        SourceOptions options = options(shape, DataType.UINT8, 50, Map.of("description", "rtp", "sampling", sampling));
        try (FrameSource source = FrameSource.open("udp:127.0.0.1:" + port, options)) {
            Process program = new ProcessBuilder(
                            "gst-launch-1.0",
                            "-q",
                            "videotestsrc",
                            "num-buffers=20",
                            "is-live=true",
                            "pattern=smpte75",
                            "!",
                            caps,
                            "!",
                            "rtpvrawpay",
                            "!",
                            "udpsink",
                            "host=127.0.0.1",
                            "port=" + port)
                    .inheritIO()
                    .start();
            try {
                Frames frames = new Frames(source);
                int count = 0;
                while (count + source.lost() < 20) {
                    if (source.read(frames, 50_000_000L) == FrameSource.Arrival.FRAME) {
                        byte[] found = frames.memory.toArray(ValueLayout.JAVA_BYTE);
                        for (int i = 0; i < found.length; i++) {
                            int at = channels == 1 ? 2 * i + 1 : format.equals("RGB") ? i : i / 3 * 3 + 2 - i % 3;
                            assertEquals(picture[at], found[i], "byte " + i);
                        }
                        assertEquals(count + source.lost(), frames.id);
                        count++;
                    }
                }
                assertFalse(Arrays.equals(new byte[picture.length], picture));
                assertEquals(20, count + source.lost());
            } finally {
                program.destroyForcibly().waitFor();
            }
        }
    }
}
