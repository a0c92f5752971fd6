package org.shmrt.relay.link;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;

/**
 * Encrypts and authenticates the bytes that one sender sends to a group, with AES-256-GCM and a key of the group. A
 * receiver may join at any message: so each record has its number in the clear, after its length, whose highest bit marks
 * the first record of a message. From then on, a record that was altered, left out, repeated or moved is not accepted. It
 * proves that a member of the group sent it: all of them have the key. Allocates some objects for each record.
 */
public final class SecureGroupLink extends RecordLink implements JoinableLink {
    private static final int FIRST = 1 << 31;
    private static final int NUMBER_AT = Integer.BYTES;
    private static final int HEADER_BYTES = NUMBER_AT + Long.BYTES;

    private final JoinableLink joinable;
    private final RecordCipher cipher;
    /** The number of the next record to be sent, or the least that is accepted. */
    private volatile long next;

    private boolean isJoining;
    private boolean isFirst;

    private SecureGroupLink(ByteLink inner, JoinableLink joinable, GroupKey key, long next) {
        super(inner, HEADER_BYTES);
        this.joinable = joinable;
        this.cipher = new RecordCipher(LinkKeys.of(key).key("group", LinkKeys.Side.SERVER));
        this.next = next;
    }

    /** The sending end. */
    public static SecureGroupLink sender(ByteLink inner, GroupKey key) {
        return new SecureGroupLink(inner, null, key, 0);
    }

    /** The receiving end for a ticket: the link itself if the group is not encrypted. */
    public static JoinableLink receiver(JoinableLink inner, GroupTicket ticket) {
        return ticket.key()
                .<JoinableLink>map(key -> new SecureGroupLink(inner, inner, key, ticket.firstRecord()))
                .orElse(inner);
    }

    /**
     * The number of the next record that is sent: a receiver that joins now does not accept earlier ones, some of which may
     * still be on the way to it.
     */
    public long nextRecord() {
        return next;
    }

    @Override
    void seal(ByteBuffer from, boolean isFirstRecord, ByteBuffer to) throws GeneralSecurityException {
        int word = from.remaining() | (isFirstRecord ? FIRST : 0);
        long number = next;
        next = number + 1;
        cipher.encrypt(number, word, from, to.putInt(word).putLong(number));
    }

    @Override
    int length(ByteBuffer recordHeader) {
        return recordHeader.getInt(0) & ~FIRST;
    }

    @Override
    void open(ByteBuffer recordHeader, ByteBuffer from, ByteBuffer to) throws GeneralSecurityException {
        long number = recordHeader.getLong(NUMBER_AT);
        if (isJoining && number < next) {
            // It was on the way when the ticket was given, or somebody repeats it.
            isFirst = false;
            return;
        }
        if (!isJoining && number != next) {
            throw failed("received record " + number + " where " + next + " was next", null);
        }
        int word = recordHeader.getInt(0);
        cipher.decrypt(number, word, from, to);
        next = number + 1;
        isFirst = (word & FIRST) != 0;
    }

    @Override
    public void skipToMessage() {
        isJoining = true;
        do {
            joinable.skipToMessage();
            receiveRecord();
        } while (!isFirst);
        isJoining = false;
    }
}
