package org.shmrt.camera.packet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.shmrt.camera.FrameSource;
import org.shmrt.camera.Grabber;
import org.shmrt.camera.SourceOptions;
import org.shmrt.error.IncompatibleException;
import org.shmrt.memory.DataType;
import org.shmrt.memory.Shape;
import org.shmrt.stream.ImageStream;
import org.shmrt.stream.inspect.PacketStatus;
import org.shmrt.testing.FreePort;

/** Frames in packets that are lost, repeated and reordered, with exact books. */
@Timeout(600)
class UdpSourceTest extends PacketFixture {
    @Test
    void shouldAssembleFramesWhateverTheOrderOfTheirPackets() throws IOException {
        int port = FreePort.udp();
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
        int port = FreePort.udp();
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
        int port = FreePort.udp();
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
        int port = FreePort.udp();
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
        int port = FreePort.udp();
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
    void shouldContinueWhenTheSenderStartsAgainSoonAfterItsStart() throws IOException {
        int port = FreePort.udp();
        try (FrameSource source = open(port, DESCRIPTION)) {
            Frames frames = new Frames(source);
            sendFrame(port, 5);
            frames.readUntil(source, 1);
            assertEquals(FrameSource.Arrival.TIMED_OUT, source.read(frames, 150_000_000L));
            for (int i = 0; i < PACKETS; i++) {
                send(port, packet(2, i));
            }
            Frames again = new Frames(source);
            while (source.read(again, 50_000_000L) != FrameSource.Arrival.FRAME) {
                Thread.onSpinWait();
            }
            assertEquals(6, again.id);
            assertEquals(0, source.lost());
        }
    }

    @Test
    void shouldSwapPixelsThatAreBigEndian() throws IOException {
        int port = FreePort.udp();
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
        int port = FreePort.udp();
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
        int other = FreePort.udp();
        try (FrameSource source = open(other, with("incomplete", "publish"));
                ImageStream stream =
                        Grabber.createOrOpen(scratch.stream("milk"), Grabber.spec("milk", source.format(), 1));
                Grabber grabber = new Grabber(source, stream)) {
            assertThrows(IncompatibleException.class, () -> grabber.run(1));
        }
    }

    @Test
    void shouldNotAllocateForAFrame() throws IOException {
        int port = FreePort.udp();
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
        int port = FreePort.udp();
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
    void shouldEndAReadInAnotherThread() throws IOException, InterruptedException {
        FrameSource source = open(FreePort.udp(), DESCRIPTION);
        List<FrameSource.Arrival> arrivals = new ArrayList<>();
        Thread reader = Thread.ofPlatform().start(() -> arrivals.add(source.read(new Frames(source), 50_000_000_000L)));
        while (reader.getState() == Thread.State.NEW) {
            Thread.onSpinWait();
        }
        source.close();
        reader.join();
        assertEquals(List.of(FrameSource.Arrival.ENDED), arrivals);
    }
}
