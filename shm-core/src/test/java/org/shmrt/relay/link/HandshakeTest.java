package org.shmrt.relay.link;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The first bytes of a connection. */
class HandshakeTest {
    private static final Optional<PreSharedKey> KEY = Optional.of(PreSharedKey.of("0123456789abcdef0123456789abcdef"));

    /** What a client sends first. */
    private static byte[] hello(Optional<PreSharedKey> key) {
        MemoryLink link = new MemoryLink(new byte[0]);
        assertThrows(LinkException.class, () -> Handshake.client(link, key));
        return link.sent();
    }

    @Test
    void shouldUseNewRandomNumbersEachTime() {
        byte[] first = hello(KEY);
        byte[] second = hello(KEY);

        assertEquals(48, first.length);
        assertTrue(Arrays.equals(first, 0, 16, second, 0, 16));
        assertTrue(!Arrays.equals(first, 16, 48, second, 16, 48));
    }

    @Test
    void shouldRefuseASideWithoutTheKey() {
        assertThrows(RefusedException.class, () -> Handshake.server(new MemoryLink(hello(Optional.empty())), KEY));
        assertThrows(RefusedException.class, () -> Handshake.server(new MemoryLink(hello(KEY)), Optional.empty()));

        RefusedException e = assertThrows(
                RefusedException.class, () -> Handshake.client(new MemoryLink(hello(KEY)), Optional.empty()));
        assertTrue(e.getMessage().contains("--key-file"), e.getMessage());
        RefusedException unkeyed = assertThrows(
                RefusedException.class, () -> Handshake.client(new MemoryLink(hello(Optional.empty())), KEY));
        assertTrue(unkeyed.getMessage().contains("would not be encrypted"), unkeyed.getMessage());
    }

    @Test
    void shouldEncryptWithAKeyOnly() {
        assertTrue(Handshake.server(new MemoryLink(hello(Optional.empty())), Optional.empty())
                .keys()
                .isEmpty());

        MemoryLink link = new MemoryLink(hello(KEY));
        Handshake.Session session = Handshake.server(link, KEY);
        session.link().send(ByteBuffer.wrap("text".getBytes(StandardCharsets.UTF_8)));
        assertTrue(session.keys().isPresent());
        assertTrue(!new String(link.sent(), StandardCharsets.ISO_8859_1).contains("text"));
    }

    @Test
    void shouldRefuseOtherProgramsAndVersions() {
        byte[] other = new byte[48];
        assertThrows(RefusedException.class, () -> Handshake.server(new MemoryLink(other), KEY));
        byte[] later = hello(KEY);
        later[8] = 2;
        MemoryLink link = new MemoryLink(later);

        assertTrue(assertThrows(RefusedException.class, () -> Handshake.server(link, KEY))
                .getMessage()
                .contains("version 2"));
        assertTrue(link.isClosed());
    }

    @Test
    void shouldRefuseShortSecrets() {
        assertThrows(IllegalArgumentException.class, () -> PreSharedKey.of("short"));
    }
}
