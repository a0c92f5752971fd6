package org.shmrt.relay.wire;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.function.BooleanSupplier;
import org.shmrt.error.IncompatibleException;
import org.shmrt.posix.Faults;
import org.shmrt.relay.FrameFields;
import org.shmrt.relay.Replica;
import org.shmrt.relay.link.BufferViews;
import org.shmrt.relay.link.ByteLink;
import org.shmrt.relay.link.JoinableLink;
import org.shmrt.relay.link.LinkException;
import org.shmrt.relay.status.RowCounter;
import org.shmrt.relay.status.RowState;
import org.shmrt.relay.status.StatusRow;

/**
 * Receives one stream from a link into a replica until the link fails. For one thread. A frame allocates nothing here; Java's
 * channels allocate some tens of bytes for each call.
 */
public final class ReceiveSession {
    private final ByteLink link;
    private final Protocol protocol;
    private final FrameHeader header;
    private final Replica replica;
    private final StatusRow row;
    private final int number;
    private final FrameFields fields = new FrameFields();
    private final BufferViews views = new BufferViews();
    private final ByteBuffer trailer = ByteBuffer.allocateDirect(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    private final ByteBuffer[] headerOnly = new ByteBuffer[1];
    private final ByteBuffer[] pixelsAndTrailer = new ByteBuffer[2];

    /**
     * A session.
     *
     * @param header the header of all messages that were received over this link before, if any
     * @param number that of this receiver in its group; 1 without one
     */
    public ReceiveSession(
            ByteLink link, Protocol protocol, FrameHeader header, Replica replica, StatusRow row, int number) {
        this.number = number;
        this.link = link;
        this.protocol = protocol;
        this.header = header;
        this.replica = replica;
        this.row = row;
    }

    /**
     * Receives until the other side ends the link.
     *
     * @throws LinkException if the link is lost, or the other side violates the protocol
     * @throws org.shmrt.error.ShmException if the replica cannot be written
     */
    public void run() {
        run(() -> true);
    }

    /**
     * Joins a group, skips messages that are not for this receiver, and receives until the other side ends the link.
     *
     * @param group the link of this session
     * @throws LinkException if the link is lost, or the other side violates the protocol
     * @throws org.shmrt.error.ShmException if the replica cannot be written
     */
    public void join(JoinableLink group) {
        run(() -> awaitDescription(group));
    }

    private void run(BooleanSupplier start) {
        row.add(RowCounter.CONNECTS, 1);
        try {
            boolean goesOn = start.getAsBoolean();
            while (goesOn) {
                goesOn = receive(); // until BYE
            }
        } catch (InternalError e) {
            throw replica.fault(e);
        } catch (IllegalArgumentException e) {
            throw new IncompatibleException("cannot create the replica: " + e.getMessage(), e);
        } finally {
            replica.linkLost();
        }
    }

    /** Skips messages up to the first description. Returns false if the sender ends the link before. */
    private boolean awaitDescription(JoinableLink group) {
        MessageType type = MessageType.UNKNOWN;
        while (type != MessageType.DESCRIPTION) {
            group.skipToMessage();
            headerOnly[0] = header.toReceive();
            link.receive(headerOnly);
            type = header.checkFirst(link.peer());
            if (type != MessageType.FRAME && !handle(type)) {
                return false;
            }
        }
        return true;
    }

    private boolean receive() {
        headerOnly[0] = header.toReceive();
        link.receive(headerOnly);
        return handle(header.check(link.peer()));
    }

    private boolean handle(MessageType type) {
        switch (type) {
            case FRAME -> receiveFrame();
            case DESCRIPTION -> {
                replica.describe(protocol.decode(Requests.payload(link, header, protocol.maxDescriptionBytes())));
                row.state(RowState.CONNECTED, "");
            }
            case HEARTBEAT -> {
                if (header.payloadBytes() != 0) {
                    throw FrameHeader.violation(link.peer(), "it sent a heartbeat with a payload");
                }
            }
            case BYE -> {
                return false;
            }
            default -> throw FrameHeader.violation(link.peer(), "it sent the message " + type);
        }
        return true;
    }

    private void receiveFrame() {
        if (header.payloadBytes() != replica.frameBytes() || header.count() == 0) {
            throw FrameHeader.violation(
                    link.peer(),
                    "it announced a frame of " + Long.toUnsignedString(header.payloadBytes()) + " bytes and count "
                            + Long.toUnsignedString(header.count()) + " where frames have " + replica.frameBytes());
        }
        header.fields(fields);
        if (fields.writer() != number) {
            fields.writer(0); // to this replica it is a frame like any other
        }
        pixelsAndTrailer[0] = views.of(replica.begin());
        pixelsAndTrailer[1] = trailer.clear();
        link.receive(pixelsAndTrailer);
        Faults.poll();
        if (trailer.getLong(0) == fields.count()) {
            replica.publish(fields);
        } else {
            replica.discard();
        }
    }
}
