package org.shmrt.relay.link;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Records that were altered, repeated, left out or moved are refused. */
class SecureLinkTest {
    private static final String SECRET = "0123456789abcdef0123456789abcdef";
    private static final LinkKeys KEYS = LinkKeys.derive(PreSharedKey.of(SECRET), new byte[32], new byte[32]);
    private static final int RECORD_OVERHEAD = 20;

    private static SecureLink link(MemoryLink inner, LinkKeys.Side side) {
        return new SecureLink(inner, KEYS, "test", side);
    }

    /** What the server sends for some messages, each a record. */
    private static byte[] sealed(byte[]... messages) {
        MemoryLink inner = new MemoryLink(new byte[0]);
        SecureLink server = link(inner, LinkKeys.Side.SERVER);
        for (byte[] message : messages) {
            server.send(ByteBuffer.wrap(message));
        }
        return inner.sent();
    }

    private static byte[] opened(byte[] sealed, int bytes) {
        ByteBuffer result = ByteBuffer.allocate(bytes);
        link(new MemoryLink(sealed), LinkKeys.Side.CLIENT).receive(result);
        return result.array();
    }

    private static byte[] text(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void shouldCarryBytesOfAnyLength() {
        byte[] message = new byte[200_000];
        new Random(1).nextBytes(message);
        MemoryLink inner = new MemoryLink(new byte[0]);
        SecureLink server = link(inner, LinkKeys.Side.SERVER);
        server.send(ByteBuffer.wrap(message, 0, 64), ByteBuffer.wrap(message, 64, 199_000));
        server.send(ByteBuffer.wrap(message, 199_064, 936));

        ByteBuffer first = ByteBuffer.allocate(70_000);
        ByteBuffer second = ByteBuffer.allocate(130_000);
        link(new MemoryLink(inner.sent()), LinkKeys.Side.CLIENT).receive(first, second);
        assertArrayEquals(Arrays.copyOf(message, 70_000), first.array());
        assertArrayEquals(Arrays.copyOfRange(message, 70_000, 200_000), second.array());
    }

    @Test
    void shouldNotShowTheBytes() {
        byte[] secret = text("a secret of some length that nobody may read");

        assertFalse(new String(sealed(secret), StandardCharsets.ISO_8859_1).contains("secret"));
        assertArrayEquals(secret, opened(sealed(secret), secret.length));
    }

    @Test
    void shouldRefuseEachAlteredByte() {
        byte[] message = text("frame");
        byte[] sealed = sealed(message);
        for (int i = 0; i < sealed.length; i++) {
            byte[] altered = sealed.clone();
            altered[i] ^= 1;
            assertThrows(LinkException.class, () -> opened(altered, message.length), "byte " + i);
        }
    }

    @Test
    void shouldRefuseRepeatedAndMovedAndMissingRecords() {
        byte[] both = sealed(text("one"), text("two"));
        int half = 3 + RECORD_OVERHEAD;
        byte[] first = Arrays.copyOf(both, half);
        byte[] second = Arrays.copyOfRange(both, half, both.length);
        assertArrayEquals(text("onetwo"), opened(both, 6));

        assertThrows(LinkException.class, () -> opened(join(first, first), 6));
        assertThrows(LinkException.class, () -> opened(join(second, first), 6));
        assertThrows(LinkException.class, () -> opened(second, 3));
    }

    private static byte[] join(byte[] a, byte[] b) {
        byte[] joined = Arrays.copyOf(a, a.length + b.length);
        System.arraycopy(b, 0, joined, a.length, b.length);
        return joined;
    }

    @Test
    void shouldRefuseRecordsOfTheSameSideAndOfOtherUses() {
        byte[] sealed = sealed(text("one"));

        assertThrows(
                LinkException.class,
                () -> link(new MemoryLink(sealed), LinkKeys.Side.SERVER).receive(ByteBuffer.allocate(3)));
        assertThrows(
                LinkException.class,
                () -> new SecureLink(new MemoryLink(sealed), KEYS, "other", LinkKeys.Side.CLIENT)
                        .receive(ByteBuffer.allocate(3)));
    }

    @Test
    void shouldRefuseARecordedSession() {
        LinkKeys later = LinkKeys.derive(PreSharedKey.of(SECRET), new byte[32], text("another number of the server"));
        MemoryLink inner = new MemoryLink(sealed(text("one")));

        LinkException e = assertThrows(
                LinkException.class,
                () -> new SecureLink(inner, later, "test", LinkKeys.Side.CLIENT).receive(ByteBuffer.allocate(3)));
        assertTrue(e.getMessage().contains("same key"), e.getMessage());
        assertTrue(inner.isClosed());
    }

    @Test
    void shouldRefuseLengthsBeforeItReadsThem() {
        for (int length : new int[] {0, -1, 65_537, Integer.MAX_VALUE, Integer.MIN_VALUE}) {
            byte[] record = new byte[100];
            ByteBuffer.wrap(record).putInt(Integer.reverseBytes(length));
            MemoryLink inner = new MemoryLink(record);

            assertThrows(
                    LinkException.class, () -> link(inner, LinkKeys.Side.CLIENT).receive(ByteBuffer.allocate(3)));
            assertEquals(96, inner.unread());
        }
    }
}
