package org.shmrt.relay.link;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** A receiver joins between any two messages, and refuses records that were altered, repeated, left out or moved. */
class SecureGroupLinkTest {
    private static final GroupKey KEY = GroupKey.random();
    private static final int LARGE = 150_000;

    /** What was sent: the bytes of each call in one element. */
    private static final class Sent implements JoinableLink {
        private final List<byte[]> units;
        private int unit;
        private int at;
        private boolean isClosed;

        Sent(List<byte[]> units) {
            this.units = new ArrayList<>(units);
        }

        @Override
        public void send(ByteBuffer... parts) {
            for (ByteBuffer part : parts) {
                byte[] bytes = new byte[part.remaining()];
                part.get(bytes);
                units.add(bytes);
            }
        }

        @Override
        public void receive(ByteBuffer... parts) {
            for (ByteBuffer part : parts) {
                while (part.hasRemaining()) {
                    if (unit == units.size()) {
                        throw new LinkException("the end");
                    }
                    byte[] bytes = units.get(unit);
                    int length = Math.min(part.remaining(), bytes.length - at);
                    part.put(bytes, at, length);
                    at += length;
                    if (at == bytes.length) {
                        unit++;
                        at = 0;
                    }
                }
            }
        }

        @Override
        public void skipToMessage() {
            if (at > 0) {
                unit++;
                at = 0;
            }
        }

        @Override
        public boolean sendsInPlace() {
            return false;
        }

        @Override
        public void boundUnsent(long bytes) {
            // it has no buffers
        }

        @Override
        public String peer() {
            return "group";
        }

        @Override
        public void close() {
            isClosed = true;
        }
    }

    /** The records of some messages. */
    private static List<byte[]> sealed(byte[]... messages) {
        Sent inner = new Sent(List.of());
        SecureGroupLink sender = SecureGroupLink.sender(inner, KEY);
        for (byte[] message : messages) {
            sender.send(ByteBuffer.wrap(message));
        }
        return inner.units;
    }

    private static JoinableLink receiver(Sent inner, long firstRecord) {
        return SecureGroupLink.receiver(inner, new GroupTicket("", Optional.of(KEY), firstRecord, 1));
    }

    private static String received(JoinableLink link, int bytes) {
        ByteBuffer result = ByteBuffer.allocate(bytes);
        link.receive(result);
        return new String(result.array(), StandardCharsets.UTF_8);
    }

    private static byte[] text(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void shouldCarryMessagesOfAnyLength() {
        byte[] message = new byte[LARGE];
        new Random(1).nextBytes(message);
        JoinableLink link = receiver(new Sent(sealed(message, text("end"))), 0);
        ByteBuffer result = ByteBuffer.allocate(LARGE);

        link.skipToMessage();
        link.receive(result);
        assertArrayEquals(message, result.array());
        assertEquals("end", received(link, 3));
    }

    @Test
    void shouldJoinAtTheNextMessage() {
        List<byte[]> records = sealed(new byte[LARGE], text("one"), text("two"));
        assertEquals(5, records.size());
        for (int missed = 1; missed < 3; missed++) {
            JoinableLink link = receiver(new Sent(records.subList(missed, records.size())), 0);
            link.skipToMessage();
            assertEquals("one", received(link, 3));
            assertEquals("two", received(link, 3));
        }
    }

    @Test
    void shouldSkipTheRestOfAMessage() {
        JoinableLink link = receiver(new Sent(sealed(text("first"), new byte[LARGE], text("last"))), 0);
        link.skipToMessage();
        assertEquals("fi", received(link, 2));
        link.skipToMessage();
        received(link, 10);
        link.skipToMessage();
        assertEquals("last", received(link, 4));
    }

    @Test
    void shouldNotShowTheBytes() {
        byte[] secret = text("a secret of some length that nobody may read");
        byte[] record = sealed(secret).getFirst();
        assertFalse(new String(record, StandardCharsets.ISO_8859_1).contains("secret"));
    }

    @Test
    void shouldRefuseEachAlteredByte() {
        byte[] record = sealed(text("frame")).getFirst();
        for (int i = 0; i < record.length; i++) {
            byte[] altered = record.clone();
            altered[i] ^= 1;
            Sent inner = new Sent(List.of(altered));
            JoinableLink link = receiver(inner, 0);
            assertThrows(LinkException.class, link::skipToMessage, "byte " + i);
            assertTrue(inner.isClosed || i < Integer.BYTES, "byte " + i); // a length can be too long to arrive
        }
    }

    @Test
    void shouldRefuseThatAFirstRecordIsMadeOfALaterOne() {
        List<byte[]> records = sealed(new byte[LARGE]);
        byte[] second = records.get(1).clone();
        second[3] |= (byte) 0x80;
        JoinableLink link = receiver(new Sent(List.of(second)), 0);
        assertThrows(LinkException.class, link::skipToMessage);
    }

    @Test
    void shouldRefuseRepeatedAndMovedAndMissingRecords() {
        List<byte[]> records = sealed(text("one"), text("two"), text("six"));
        for (List<Integer> order : List.of(List.of(0, 0), List.of(1, 0), List.of(0, 2))) {
            JoinableLink link =
                    receiver(new Sent(order.stream().map(records::get).toList()), 0);
            link.skipToMessage();
            received(link, 3);
            assertThrows(LinkException.class, () -> received(link, 3), order.toString());
        }
    }

    @Test
    void shouldIgnoreRecordsOfTheTimeBeforeItJoined() {
        List<byte[]> records = sealed(new byte[LARGE], text("one"), text("two"));
        JoinableLink link = receiver(new Sent(records), records.size() - 1);
        link.skipToMessage();
        assertEquals("two", received(link, 3));

        LinkException e = assertThrows(LinkException.class, receiver(new Sent(records), records.size())::skipToMessage);
        assertEquals("the end", e.getMessage());
    }

    @Test
    void shouldTellWhichRecordComesNext() {
        SecureGroupLink sender = SecureGroupLink.sender(new Sent(List.of()), KEY);
        sender.send(ByteBuffer.allocate(LARGE));
        assertEquals(3, sender.nextRecord());
    }

    @Test
    void shouldRefuseTheRecordsOfAnotherGroup() {
        Sent inner = new Sent(sealed(text("one")));
        GroupTicket other = new GroupTicket("", Optional.of(GroupKey.random()), 0, 1);
        LinkException e = assertThrows(
                LinkException.class,
                () -> SecureGroupLink.receiver(inner, other).skipToMessage());
        assertTrue(e.getMessage().contains("same key"), e.getMessage());
    }

    @Test
    void shouldUseTheLinkItselfWithoutAKey() {
        Sent inner = new Sent(List.of(text("plain")));
        JoinableLink link = SecureGroupLink.receiver(inner, new GroupTicket("", Optional.empty(), 0, 1));
        assertEquals(inner, link);
        assertArrayEquals(text("plain"), Arrays.copyOf(inner.units.getFirst(), 5));
    }
}
