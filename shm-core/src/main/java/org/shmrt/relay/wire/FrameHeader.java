package org.shmrt.relay.wire;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.shmrt.relay.FrameFields;
import org.shmrt.relay.link.LinkException;

/**
 * The header of a message, 64 bytes, little-endian. It is that of DAO's network service; ShmRT's own protocol uses its
 * two reserved words. The flags of a frame are 0, or the number of the receiver that wrote it into its replica; that is 1
 * unless the frame goes to a group. In ShmRT's protocol, the frame also has the count that it has there.
 *
 * <pre>
 *  0 u32 magic        8 u32 flags      16 u64 count of the frame           32 i64 acquired, UTC, ns since 1970
 *  4 u16 version     12 u32 skipped    24 u64 number of the message        40 u64 bytes of the payload
 *  6 u16 type                                                              48 u64 frame id    56 u64 skipped
 * </pre>
 *
 * <p>One object for each direction of a link, for one thread. No call allocates, except for a failure.
 */
public final class FrameHeader {
    /** Size of a header. */
    public static final int BYTES = 64;

    private static final short VERSION = 1;
    private static final int VERSION_AT = 4;
    private static final int TYPE_AT = 6;
    private static final int FLAGS_AT = 8;
    private static final int DROPPED_AT = 12;
    private static final int COUNT_AT = 16;
    private static final int NUMBER_AT = 24;
    private static final int ACQUIRED_AT = 32;
    private static final int PAYLOAD_AT = 40;
    private static final int FRAME_ID_AT = 48;
    private static final int SKIPPED_AT = 56;

    private final Protocol protocol;
    private final ByteBuffer bytes = ByteBuffer.allocateDirect(BYTES).order(ByteOrder.LITTLE_ENDIAN);
    private long number;

    /** A header of a protocol; its messages are numbered from 0. */
    public FrameHeader(Protocol protocol) {
        this.protocol = protocol;
        bytes.putInt(0, protocol.magic());
        bytes.putShort(VERSION_AT, VERSION);
    }

    /** Fills the header of a message that is not a frame. Returns the bytes to be sent. */
    public ByteBuffer message(MessageType type, long payloadBytes) {
        return fill(type, payloadBytes, 0, 0, 0, 0, 0);
    }

    /** Fills the header of a frame. Returns the bytes to be sent. */
    public ByteBuffer frame(FrameFields fields, long payloadBytes) {
        return fill(MessageType.FRAME, fields, payloadBytes);
    }

    /** Fills the header of a frame that is to be written into the source. Returns the bytes to be sent. */
    public ByteBuffer write(FrameFields fields, long payloadBytes) {
        return fill(MessageType.WRITE, fields, payloadBytes);
    }

    private ByteBuffer fill(MessageType type, FrameFields fields, long payloadBytes) {
        return fill(
                type,
                payloadBytes,
                fields.count(),
                fields.acquiredNs(),
                fields.frameId(),
                fields.skipped(),
                fields.writer());
    }

    private ByteBuffer fill(
            MessageType type, long payload, long count, long acquiredNs, long frameId, long skipped, int flags) {
        bytes.putShort(TYPE_AT, type.code());
        bytes.putInt(FLAGS_AT, flags);
        bytes.putInt(DROPPED_AT, (int) Math.min(skipped, 0xffff_ffffL));
        bytes.putLong(COUNT_AT, count);
        bytes.putLong(NUMBER_AT, number++);
        bytes.putLong(ACQUIRED_AT, acquiredNs);
        bytes.putLong(PAYLOAD_AT, payload);
        if (protocol.isExtended()) {
            bytes.putLong(FRAME_ID_AT, frameId);
            bytes.putLong(SKIPPED_AT, skipped);
        }
        return bytes.clear();
    }

    /** The buffer into which the next header is received. */
    public ByteBuffer toReceive() {
        return bytes.clear();
    }

    /**
     * Checks the header that was received.
     *
     * @return its type
     * @throws LinkException if it is not one, or messages are missing before it
     */
    public MessageType check(String peer) {
        if (bytes.getInt(0) != protocol.magic() || bytes.getShort(VERSION_AT) != VERSION) {
            throw violation(peer, "it sent bytes that are not a message of this protocol");
        }
        if (protocol.isExtended() && bytes.getLong(NUMBER_AT) != number++) {
            throw violation(peer, "a message is missing");
        }
        return MessageType.ofCode(bytes.getShort(TYPE_AT));
    }

    /**
     * Checks the header of a message of a group. This receiver may not have got the messages before it.
     *
     * @return its type
     * @throws LinkException if it is not one
     */
    public MessageType checkFirst(String peer) {
        number = bytes.getLong(NUMBER_AT);
        return check(peer);
    }

    /** The exception for a peer that violates the protocol. */
    public static LinkException violation(String peer, String what) {
        return new LinkException("the link to " + peer + " was closed: " + what
                + "; check that the program there is a relay of the same version");
    }

    /** Bytes of the payload, unchecked. */
    public long payloadBytes() {
        return bytes.getLong(PAYLOAD_AT);
    }

    /** The count of the frame. */
    public long count() {
        return bytes.getLong(COUNT_AT);
    }

    /** Takes the fields of a frame. */
    public void fields(FrameFields fields) {
        fields.set(
                count(),
                protocol.isExtended() ? bytes.getLong(FRAME_ID_AT) : 0,
                bytes.getLong(ACQUIRED_AT),
                protocol.isExtended() ? bytes.getLong(SKIPPED_AT) : Integer.toUnsignedLong(bytes.getInt(DROPPED_AT)));
        // In DAO's protocol, the frame may have another count in the replica.
        fields.writer(protocol.isExtended() ? bytes.getInt(FLAGS_AT) : 0);
    }
}
