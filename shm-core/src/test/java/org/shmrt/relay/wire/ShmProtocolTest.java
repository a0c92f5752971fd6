package org.shmrt.relay.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.shmrt.error.IncompatibleException;
import org.shmrt.error.ShmException;
import org.shmrt.memory.DataType;
import org.shmrt.memory.Shape;
import org.shmrt.relay.Delivery;
import org.shmrt.relay.FrameFields;
import org.shmrt.relay.RelayLimits;
import org.shmrt.relay.StreamDescription;
import org.shmrt.relay.link.LinkException;
import org.shmrt.relay.link.MemoryLink;
import org.shmrt.relay.link.RefusedException;
import org.shmrt.stream.keyword.Keyword;

/** Messages of ShmRT's own protocol, valid and not. */
class ShmProtocolTest {
    private static final ShmProtocol PROTOCOL = ShmProtocol.INSTANCE;
    private static final StreamDescription CAM = new StreamDescription(
            "wärme",
            "milk",
            DataType.COMPLEX64,
            Shape.of(3, 480, 640),
            1,
            1_700_000_000_123_456_789L,
            9,
            List.of(
                    Keyword.of("exptime", 0.0125).withComment("Sekunden, größer 0"),
                    Keyword.of("abcdefghijklmnop", "0123456789abcdef"),
                    Keyword.of("gain", Long.MIN_VALUE)));

    private static byte[] bytes(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        return bytes;
    }

    private static ByteBuffer buffer(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    @Test
    void shouldDecodeWhatItEncodes() {
        assertEquals(CAM, PROTOCOL.decode(PROTOCOL.encode(CAM)));
        List<StreamDescription> list = ShmProtocol.decodeList(ShmProtocol.encodeList(List.of(CAM, CAM)));
        assertEquals(2, list.size());
        assertEquals(CAM.shape(), list.get(1).shape());
        assertEquals(List.of(), list.get(1).keywords());
    }

    @Test
    void shouldRefuseTruncatedAndLongerDescriptions() {
        byte[] whole = bytes(PROTOCOL.encode(CAM));
        for (int length = 0; length < whole.length; length++) {
            byte[] part = Arrays.copyOf(whole, length);
            assertThrows(IncompatibleException.class, () -> PROTOCOL.decode(buffer(part)), "length " + length);
        }
        assertThrows(
                IncompatibleException.class, () -> PROTOCOL.decode(buffer(Arrays.copyOf(whole, whole.length + 1))));
    }

    @Test
    void shouldUseOrRefuseDamagedDescriptions() {
        byte[] whole = bytes(PROTOCOL.encode(CAM));
        Random random = new Random(1);
        for (int i = 0; i < 20_000; i++) {
            byte[] damaged = whole.clone();
            for (int j = random.nextInt(4); j >= 0; j--) {
                damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
            }
            try {
                StreamDescription description = PROTOCOL.decode(buffer(damaged));
                assertTrue(description.frameBytes() <= RelayLimits.MAX_FRAME_BYTES);
            } catch (ShmException e) {
                // refused in words
            }
        }
    }

    @Test
    void shouldRefuseWhatIsTooLarge() {
        assertThrows(
                IncompatibleException.class,
                () -> new StreamDescription(
                        "cam", "dao", DataType.FLOAT64, Shape.of(1L << 20, 1L << 20), 1, 0, 0, List.of()));
        assertThrows(
                IncompatibleException.class,
                () -> new StreamDescription(
                        "cam", "dao", DataType.FLOAT64, Shape.of(Long.MAX_VALUE), 1, 0, 0, List.of()));
        assertThrows(
                IncompatibleException.class,
                () -> new StreamDescription(
                        "cam", "dao", DataType.UINT8, Shape.of(1 << 20, 1 << 10), 100, 0, 0, List.of()));
        assertThrows(
                IncompatibleException.class,
                () -> new StreamDescription("cam", "dao", DataType.UINT8, Shape.of(4), 1, 0, 65_535, List.of()));
        for (String name : List.of("", "../x", "a/b", ".hidden", "new\nline", "x".repeat(201))) {
            assertThrows(IncompatibleException.class, () -> StreamDescription.checkName(name), name);
        }
    }

    @Test
    void shouldCarryTheFieldsOfAFrame() {
        FrameFields fields = new FrameFields();
        fields.set(-5, 1L << 40, 123, 1L << 33);
        FrameHeader sent = new FrameHeader(PROTOCOL);
        MemoryLink link = new MemoryLink(bytes(sent.frame(fields, 1000)));
        FrameHeader received = new FrameHeader(PROTOCOL);
        link.receive(received.toReceive());

        assertEquals(MessageType.FRAME, received.check("peer"));
        assertEquals(1000, received.payloadBytes());
        FrameFields arrived = new FrameFields();
        received.fields(arrived);
        assertEquals(-5, arrived.count());
        assertEquals(1L << 40, arrived.frameId());
        assertEquals(123, arrived.acquiredNs());
        assertEquals(1L << 33, arrived.skipped());
    }

    @Test
    void shouldNoticeAMissingMessage() {
        FrameHeader sent = new FrameHeader(PROTOCOL);
        sent.message(MessageType.HEARTBEAT, 0);
        MemoryLink link = new MemoryLink(bytes(sent.message(MessageType.HEARTBEAT, 0)));
        FrameHeader received = new FrameHeader(PROTOCOL);
        link.receive(received.toReceive());

        assertThrows(LinkException.class, () -> received.check("peer"));
    }

    private static Requests requests(MemoryLink link) {
        return new Requests(link, new FrameHeader(PROTOCOL), new FrameHeader(PROTOCOL));
    }

    @Test
    void shouldCarryRequests() {
        MemoryLink client = new MemoryLink(new byte[0]);
        Requests.Subscription wanted = new Requests.Subscription("cam", "rtc2", Delivery.EVERY, "10.0.0.1:99/5");
        assertThrows(LinkException.class, () -> requests(client).subscribe(wanted));
        MemoryLink server = new MemoryLink(client.sent());
        Requests received = requests(server);

        Requests.Request request = received.receive();
        assertEquals(wanted, request.subscription());
        received.refuse("there is no stream cam");
        RefusedException e = assertThrows(
                RefusedException.class,
                () -> requests(new MemoryLink(server.sent())).subscribe(wanted));
        assertTrue(e.getMessage().contains("there is no stream cam"), e.getMessage());
    }

    @Test
    void shouldRefusePayloadsBeforeItReservesMemory() {
        for (long bytes : new long[] {-1, 4097, Long.MAX_VALUE}) {
            MemoryLink link = new MemoryLink(bytes(new FrameHeader(PROTOCOL).message(MessageType.SUBSCRIBE, bytes)));

            assertThrows(LinkException.class, () -> requests(link).receive());
        }
    }

    @Test
    void shouldUseOrRefuseRandomRequests() {
        Random random = new Random(2);
        for (int i = 0; i < 20_000; i++) {
            byte[] payload = new byte[random.nextInt(64)];
            random.nextBytes(payload);
            byte[] header = bytes(new FrameHeader(PROTOCOL).message(MessageType.SUBSCRIBE, payload.length));
            byte[] message = Arrays.copyOf(header, header.length + payload.length);
            System.arraycopy(payload, 0, message, header.length, payload.length);
            if (random.nextBoolean()) {
                message[random.nextInt(header.length)] = (byte) random.nextInt();
            }
            try {
                requests(new MemoryLink(message)).receive();
            } catch (ShmException e) {
                // refused in words
            }
        }
    }
}
