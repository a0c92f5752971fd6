package org.shmrt.relay.link;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.Optional;

/**
 * Encrypts and authenticates the bytes of another link with AES-256-GCM. They travel in records: the length (u32, little-
 * endian), then the encrypted bytes with their tag. The nonce is the number of the record, which both sides count, so a
 * record that was altered, left out, repeated or moved is not accepted. Allocates some objects for each record.
 */
public final class SecureLink extends RecordLink {
    private final RecordCipher sending;
    private final RecordCipher receiving;
    private long sent;
    private long received;

    /**
     * Encrypts a link.
     *
     * @param use what the link is for: two links of one session must have different uses
     * @param side which side this is
     */
    public SecureLink(ByteLink inner, LinkKeys keys, String use, LinkKeys.Side side) {
        super(inner, Integer.BYTES);
        LinkKeys.Side other = side == LinkKeys.Side.CLIENT ? LinkKeys.Side.SERVER : LinkKeys.Side.CLIENT;
        sending = new RecordCipher(keys.key(use, side));
        receiving = new RecordCipher(keys.key(use, other));
    }

    /** Encrypts a link if there are keys for it; else it is used as it is. */
    public static ByteLink of(ByteLink inner, Optional<LinkKeys> keys, String use, LinkKeys.Side side) {
        return keys.<ByteLink>map(known -> new SecureLink(inner, known, use, side))
                .orElse(inner);
    }

    @Override
    void seal(ByteBuffer from, boolean isFirst, ByteBuffer to) throws GeneralSecurityException {
        int bytes = from.remaining();
        sending.encrypt(sent++, bytes, from, to.putInt(bytes));
    }

    @Override
    int length(ByteBuffer recordHeader) {
        return recordHeader.getInt(0);
    }

    @Override
    void open(ByteBuffer recordHeader, ByteBuffer from, ByteBuffer to) throws GeneralSecurityException {
        receiving.decrypt(received++, length(recordHeader), from, to);
    }
}
