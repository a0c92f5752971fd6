package org.shmrt.relay.link;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.GeneralSecurityException;
import java.util.Optional;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import org.shmrt.posix.Faults;
import org.shmrt.posix.GuardedCopy;

/**
 * Encrypts and authenticates the bytes of another link with AES-256-GCM. They travel in records: the length (u32, little-
 * endian), then the encrypted bytes with their tag. The nonce is the number of the record, which both sides count, so a
 * record that was altered, left out, repeated or moved is not accepted. Allocates some objects for each record.
 */
public final class SecureLink implements ByteLink {
    private static final String CIPHER = "AES/GCM/NoPadding";
    private static final int TAG_BYTES = 16;
    private static final int NONCE_BYTES = 12;
    private static final int LENGTH_BYTES = 4;
    private static final int MAX_PLAIN_BYTES = 1 << 16;

    private final ByteLink inner;
    private final Direction sending;
    private final Direction receiving;
    private final ByteBuffer plain = ByteBuffer.allocate(MAX_PLAIN_BYTES);
    private final ByteBuffer sealed = direct(LENGTH_BYTES + MAX_PLAIN_BYTES + TAG_BYTES);
    private final ByteBuffer length = direct(LENGTH_BYTES);
    private final ByteBuffer arrived = direct(MAX_PLAIN_BYTES + TAG_BYTES);
    private final byte[] openedBytes = new byte[MAX_PLAIN_BYTES];
    private final ByteBuffer opened = ByteBuffer.wrap(openedBytes).limit(0);
    private final MemorySegment openedSegment = MemorySegment.ofArray(openedBytes);

    /** One direction: its key and the number of its next record. */
    private static final class Direction {
        private final SecretKey key;
        private final Cipher cipher;
        private final byte[] nonceBytes = new byte[NONCE_BYTES];
        private final ByteBuffer nonce = ByteBuffer.wrap(nonceBytes);
        private final byte[] lengthBytes = new byte[LENGTH_BYTES];
        private final ByteBuffer length = ByteBuffer.wrap(lengthBytes).order(ByteOrder.LITTLE_ENDIAN);
        private long number;

        Direction(SecretKey key) throws GeneralSecurityException {
            this.key = key;
            this.cipher = Cipher.getInstance(CIPHER);
        }

        /** Prepares the cipher for the next record, whose length is authenticated too. */
        Cipher next(int mode, int plainBytes) throws GeneralSecurityException {
            nonce.putLong(NONCE_BYTES - Long.BYTES, number++);
            length.putInt(0, plainBytes);
            cipher.init(mode, key, new GCMParameterSpec(TAG_BYTES * Byte.SIZE, nonceBytes));
            cipher.updateAAD(lengthBytes);
            return cipher;
        }
    }

    private static ByteBuffer direct(int bytes) {
        return ByteBuffer.allocateDirect(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    /**
     * Encrypts a link.
     *
     * @param use what the link is for: two links of one session must have different uses
     * @param side which side this is
     */
    public SecureLink(ByteLink inner, LinkKeys keys, String use, LinkKeys.Side side) {
        this.inner = inner;
        try {
            LinkKeys.Side other = side == LinkKeys.Side.CLIENT ? LinkKeys.Side.SERVER : LinkKeys.Side.CLIENT;
            sending = new Direction(keys.key(use, side));
            receiving = new Direction(keys.key(use, other));
        } catch (GeneralSecurityException e) {
            throw new LinkException("this Java has no " + CIPHER + ": use a complete JDK", e);
        }
    }

    /** Encrypts a link if there are keys for it; else it is used as it is. */
    public static ByteLink of(ByteLink inner, Optional<LinkKeys> keys, String use, LinkKeys.Side side) {
        return keys.<ByteLink>map(known -> new SecureLink(inner, known, use, side))
                .orElse(inner);
    }

    @Override
    public void send(ByteBuffer... parts) {
        for (ByteBuffer part : parts) {
            while (part.hasRemaining()) {
                int bytes = Math.min(part.remaining(), plain.remaining());
                plain.put(plain.position(), part, part.position(), bytes).position(plain.position() + bytes);
                part.position(part.position() + bytes);
                if (!plain.hasRemaining()) {
                    sendRecord();
                }
            }
        }
        if (plain.position() > 0) {
            sendRecord();
        }
    }

    private void sendRecord() {
        plain.flip();
        sealed.clear();
        sealed.putInt(plain.remaining());
        try {
            sending.next(Cipher.ENCRYPT_MODE, plain.remaining()).doFinal(plain, sealed);
        } catch (GeneralSecurityException e) {
            throw failed("cannot encrypt", e);
        }
        plain.clear();
        inner.send(sealed.flip());
    }

    @Override
    public void receive(ByteBuffer... parts) {
        for (ByteBuffer part : parts) {
            while (part.hasRemaining()) {
                if (!opened.hasRemaining()) {
                    receiveRecord();
                }
                int bytes = Math.min(part.remaining(), opened.remaining());
                // The target may be a stream whose file another process truncates.
                GuardedCopy.copy(openedSegment, opened.position(), MemorySegment.ofBuffer(part), 0, bytes);
                Faults.poll();
                opened.position(opened.position() + bytes);
                part.position(part.position() + bytes);
            }
        }
    }

    private void receiveRecord() {
        inner.receive(length.clear());
        int bytes = length.getInt(0);
        if (bytes < 1 || bytes > MAX_PLAIN_BYTES) {
            throw failed("received a record of " + Integer.toUnsignedString(bytes) + " bytes", null);
        }
        inner.receive(arrived.clear().limit(bytes + TAG_BYTES));
        opened.clear();
        try {
            receiving.next(Cipher.DECRYPT_MODE, bytes).doFinal(arrived.flip(), opened);
        } catch (AEADBadTagException e) {
            opened.limit(0);
            throw failed("received bytes that the owner of the key did not send, or sent before", e);
        } catch (GeneralSecurityException e) {
            opened.limit(0);
            throw failed("cannot decrypt", e);
        }
        opened.flip();
    }

    private LinkException failed(String reason, Exception cause) {
        inner.close();
        return new LinkException(
                "the link to " + peer() + " " + reason + ": it was closed; check that both sides have the same key",
                cause);
    }

    @Override
    public boolean sendsInPlace() {
        return false;
    }

    @Override
    public void boundUnsent(long bytes) {
        inner.boundUnsent(bytes);
    }

    @Override
    public String peer() {
        return inner.peer();
    }

    @Override
    public void close() {
        inner.close();
    }
}
