package org.shmrt.camera.packet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.DatagramChannel;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.shmrt.camera.FrameSource;
import org.shmrt.camera.FrameTarget;
import org.shmrt.camera.SourceOptions;
import org.shmrt.memory.DataType;
import org.shmrt.memory.Shape;
import org.shmrt.testing.Scratch;

/** A sender of packets, and a target that checks the frames that are assembled from them. */
abstract class PacketFixture {
    /** A frame is 6 x 8 uint16: 8 packets of 12 bytes. */
    static final Shape SHAPE = Shape.of(6, 8);

    static final int PACKETS = 8;
    static final int PAYLOAD = 12;
    static final Map<String, String> DESCRIPTION =
            Map.of("header", "10", "frame", "0:4", "packet", "4:2", "total", "6:2", "offset", "8:2", "order", "big");

    @RegisterExtension
    final Scratch scratch = Scratch.inSharedMemory();

    private DatagramChannel sender;

    /** Counts what is read, and keeps the pixels. */
    static final class Frames implements FrameTarget {
        final MemorySegment memory;
        final List<Long> ids = new ArrayList<>();
        long id;

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

    static int value(long frame, int element) {
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

    static SourceOptions options(Shape shape, DataType type, double rateHz, Map<String, String> settings) {
        return new SourceOptions(
                Optional.of(shape),
                Optional.of(type),
                OptionalLong.empty(),
                rateHz > 0 ? OptionalDouble.of(rateHz) : OptionalDouble.empty(),
                settings);
    }

    static FrameSource open(int port, Map<String, String> settings) {
        return FrameSource.open("udp:127.0.0.1:" + port, options(SHAPE, DataType.UINT16, 0, settings));
    }

    static Map<String, String> with(String... namesAndValues) {
        Map<String, String> settings = new HashMap<>(DESCRIPTION);
        for (int i = 0; i < namesAndValues.length; i += 2) {
            settings.put(namesAndValues[i], namesAndValues[i + 1]);
        }
        return settings;
    }

    final void send(int port, ByteBuffer packet) throws IOException {
        sender.send(packet, new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    }

    static ByteBuffer packet(long frame, int index) {
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

    final void sendFrame(int port, long frame) throws IOException {
        for (int i = 0; i < PACKETS; i++) {
            send(port, packet(frame, i));
        }
    }
}
