package org.shmrt.relay.dao;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.shmrt.error.IncompatibleException;
import org.shmrt.error.ShmException;
import org.shmrt.memory.DataType;
import org.shmrt.memory.Shape;
import org.shmrt.relay.StreamDescription;
import org.shmrt.relay.link.LinkException;
import org.shmrt.relay.link.MemoryLink;
import org.shmrt.relay.link.RefusedException;
import org.shmrt.stream.keyword.Keyword;

/** Messages and lines of DAO's network service, valid and not. */
class DaoProtocolTest {
    private static final List<Keyword> KEYWORDS = List.of(
            Keyword.of("exptime", 0.0125).withComment("seconds"),
            Keyword.of("abcdefghijklmnop", "0123456789abcdef"),
            Keyword.of("gain", -7L));

    private static StreamDescription description(DataType type, Shape shape) {
        return new StreamDescription("cam", "dao", type, shape, 1, 0, 5, KEYWORDS);
    }

    @Test
    void shouldEncodeByTheOffsetsOfTheService() {
        ByteBuffer meta = DaoProtocol.INSTANCE.encode(description(DataType.UINT16, Shape.of(480, 640)));

        assertEquals(288 + 5 * 120, meta.remaining());
        assertEquals('c', meta.get(0));
        assertEquals(2, meta.get(256));
        assertEquals(3, meta.get(257));
        assertEquals(5, meta.getShort(258));
        assertEquals(480, meta.getInt(260));
        assertEquals(640, meta.getInt(264));
        assertEquals(1, meta.getInt(268));
        assertEquals(307_200, meta.getLong(272));
        assertEquals(2, meta.getLong(280));
        assertEquals('e', meta.get(288));
        assertEquals('D', meta.get(288 + 16));
        assertEquals(0.0125, meta.getDouble(288 + 24));
        assertEquals('s', meta.get(288 + 40));
        assertEquals('N', meta.get(288 + 3 * 120 + 16));
    }

    @Test
    void shouldDecodeWhatItEncodes() {
        for (DataType type : List.of(DataType.UINT8, DataType.INT64, DataType.COMPLEX128)) {
            StreamDescription description = description(type, Shape.of(3, 4, 5));
            assertEquals(description, DaoProtocol.INSTANCE.decode(DaoProtocol.INSTANCE.encode(description)));
        }
    }

    @Test
    void shouldRefuseWhatDoesNotAgree() {
        for (int offset : new int[] {256, 257, 258, 260, 272, 280}) {
            ByteBuffer meta = DaoProtocol.INSTANCE.encode(description(DataType.UINT16, Shape.of(4, 6)));
            meta.put(offset, (byte) 77);
            assertThrows(IncompatibleException.class, () -> DaoProtocol.INSTANCE.decode(meta), "offset " + offset);
        }
        assertThrows(IncompatibleException.class, () -> DaoProtocol.INSTANCE.decode(ByteBuffer.allocate(287)));
    }

    @Test
    void shouldUseOrRefuseDamagedDescriptions() {
        ByteBuffer whole = DaoProtocol.INSTANCE.encode(description(DataType.UINT16, Shape.of(4, 6)));
        Random random = new Random(1);
        for (int i = 0; i < 20_000; i++) {
            ByteBuffer damaged = ByteBuffer.allocate(whole.capacity())
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .put(whole.duplicate())
                    .flip();
            for (int j = random.nextInt(4); j >= 0; j--) {
                damaged.put(random.nextInt(damaged.limit()), (byte) random.nextInt());
            }
            try {
                DaoProtocol.INSTANCE.encode(DaoProtocol.INSTANCE.decode(damaged));
            } catch (ShmException e) {
                // refused in words
            }
        }
    }

    private static MemoryLink link(String incoming) {
        return new MemoryLink(incoming.getBytes(StandardCharsets.UTF_8));
    }

    private static String sent(MemoryLink link) {
        return new String(link.sent(), StandardCharsets.UTF_8);
    }

    @Test
    void shouldReadTheListOfTheService() {
        MemoryLink link = link("""
            NODE rtc1 17 dao
            SHM cam 2 480 640 1 3 5 4 0
            SHM gpu 2 8 8 1 9 0 1 1
            SHM odd 9 8 8 1 9 0 1 0
            SHM huge 3 4000000000 4000000000 4000000000 9 0 1 0
            something new
            END
            """);

        DaoCatalog catalog = new DaoRequests(link).catalog();
        assertEquals("CATALOG\n", sent(link));
        assertEquals("rtc1", catalog.node());
        assertEquals(1, catalog.streams().size());
        assertEquals(Shape.of(480, 640), catalog.streams().get(0).shape());
        assertEquals(DataType.UINT16, catalog.streams().get(0).type());
    }

    @Test
    void shouldAnswerWithTheListAsTheServiceDoes() {
        MemoryLink link = link("");
        StreamDescription half =
                new StreamDescription("half", "milk", DataType.FLOAT16, Shape.of(4), 1, 0, 0, List.of());
        new DaoRequests(link)
                .answer(new DaoCatalog("rtc1", List.of(description(DataType.FLOAT32, Shape.of(97)), half)));

        assertTrue(sent(link).matches("NODE rtc1 [0-9]+\nSHM cam 1 97 1 1 9 5 1 0\nEND\n"), sent(link));
    }

    @Test
    void shouldUnderstandRequests() {
        assertEquals(
                new DaoRequests.Request.Subscribe("cam", "rtc2"),
                new DaoRequests(link("SUBSCRIBE cam rtc2\n")).receive());
        assertEquals(new DaoRequests.Request.Catalog(), new DaoRequests(link("CATALOG\n")).receive());
        assertEquals(
                new DaoRequests.Request.Unknown("GET / HTTP/1.1\r"),
                new DaoRequests(link("GET / HTTP/1.1\r\n")).receive());
        assertThrows(LinkException.class, () -> new DaoRequests(link("x".repeat(600) + "\n")).receive());
    }

    @Test
    void shouldReportARefusal() {
        MemoryLink link = link("ERR no such SHM here\n");

        RefusedException e = assertThrows(RefusedException.class, () -> new DaoRequests(link).subscribe("cam", "rtc2"));
        assertTrue(e.getMessage().contains("no such SHM here"), e.getMessage());
        assertEquals("SUBSCRIBE cam rtc2\n", sent(link));
    }
}
