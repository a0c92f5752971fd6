package org.shmrt.relay.link;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.SecureRandom;
import java.util.Optional;

/**
 * The first bytes of a connection of ShmRT's own protocol. Each side sends 48 bytes: 8 that name the protocol, its version
 * (u8), whether it uses a key (u8), 6 that are 0, and 32 random ones. With a key, everything after them is encrypted with
 * keys derived from it and from the random numbers of both sides. Who does not have the key can neither read nor send
 * anything after the first bytes.
 */
public final class Handshake {
    private static final long MAGIC = 0x59414c4552524853L;
    private static final byte VERSION = 1;
    private static final int RANDOM_BYTES = 32;
    private static final int HELLO_BYTES = 48;
    private static final SecureRandom RANDOM = new SecureRandom();

    /**
     * An established link.
     *
     * @param link to be used from now on
     * @param keys its keys, for a second link of the same session; empty without a key
     */
    public record Session(ByteLink link, Optional<LinkKeys> keys) {}

    private Handshake() {}

    /**
     * Greets as the side that connects.
     *
     * @throws RefusedException if only one of the two sides has a key
     */
    public static Session client(ByteLink link, Optional<PreSharedKey> key) {
        byte[] random = random();
        link.send(hello(key, random));
        ByteBuffer other = receive(link);
        boolean isKeyed = isKeyed(link, other);
        if (isKeyed && key.isEmpty()) {
            throw refused(link, "the relay at " + link.peer() + " needs a key: give --key-file");
        }
        if (!isKeyed && key.isPresent()) {
            throw refused(
                    link,
                    "the relay at " + link.peer() + " uses no key, so frames would not be encrypted: start it"
                            + " with --key-file, or connect without");
        }
        return session(link, key, random, random(other), LinkKeys.Side.CLIENT);
    }

    /**
     * Greets as the side that listens.
     *
     * @throws RefusedException if only one of the two sides has a key
     */
    public static Session server(ByteLink link, Optional<PreSharedKey> key) {
        ByteBuffer other = receive(link);
        boolean isKeyed = isKeyed(link, other);
        byte[] random = random();
        link.send(hello(key, random));
        if (isKeyed != key.isPresent()) {
            throw refused(
                    link, link.peer() + " was refused: it connected " + (isKeyed ? "with" : "without") + " a key");
        }
        return session(link, key, random(other), random, LinkKeys.Side.SERVER);
    }

    private static Session session(
            ByteLink link, Optional<PreSharedKey> key, byte[] client, byte[] server, LinkKeys.Side side) {
        Optional<LinkKeys> keys = key.map(known -> LinkKeys.derive(known, client, server));
        return new Session(SecureLink.of(link, keys, "control", side), keys);
    }

    private static byte[] random() {
        byte[] bytes = new byte[RANDOM_BYTES];
        RANDOM.nextBytes(bytes);
        return bytes;
    }

    private static ByteBuffer hello(Optional<PreSharedKey> key, byte[] random) {
        return ByteBuffer.allocateDirect(HELLO_BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(MAGIC)
                .put(VERSION)
                .put((byte) (key.isPresent() ? 1 : 0))
                .put(new byte[HELLO_BYTES - RANDOM_BYTES - Long.BYTES - 2])
                .put(random)
                .flip();
    }

    private static ByteBuffer receive(ByteLink link) {
        ByteBuffer hello = ByteBuffer.allocateDirect(HELLO_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        link.receive(hello);
        return hello.flip();
    }

    private static boolean isKeyed(ByteLink link, ByteBuffer hello) {
        if (hello.getLong(0) != MAGIC) {
            throw refused(
                    link,
                    "the program at " + link.peer() + " does not speak the protocol of shm relay: check the port");
        }
        if (hello.get(Long.BYTES) != VERSION) {
            throw refused(
                    link,
                    "the relay at " + link.peer() + " speaks version " + hello.get(Long.BYTES)
                            + " of the protocol, and this one version " + VERSION
                            + ": use the same version of ShmRT on both sides");
        }
        return hello.get(Long.BYTES + 1) != 0;
    }

    private static byte[] random(ByteBuffer hello) {
        byte[] bytes = new byte[RANDOM_BYTES];
        hello.get(HELLO_BYTES - RANDOM_BYTES, bytes);
        return bytes;
    }

    private static RefusedException refused(ByteLink link, String message) {
        link.close();
        return new RefusedException(message);
    }
}
