package org.shmrt.relay.wire;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.shmrt.error.IncompatibleException;
import org.shmrt.relay.Delivery;
import org.shmrt.relay.RelayLimits;
import org.shmrt.relay.StreamDescription;
import org.shmrt.relay.link.ByteLink;
import org.shmrt.relay.link.GroupKey;
import org.shmrt.relay.link.GroupTicket;
import org.shmrt.relay.link.LinkException;
import org.shmrt.relay.link.RefusedException;

/** The requests and answers at the beginning of a connection of ShmRT's own protocol. For one thread for each side. */
public final class Requests {
    private static final int MAX_LIST_BYTES = 16 << 20;
    private static final int MAX_REQUEST_BYTES = 4096;
    private static final int MAX_ENDPOINT_BYTES = 256;

    /**
     * A request for the frames of a stream.
     *
     * @param stream its name at the source
     * @param reader the machine that asks, for people
     * @param delivery which frames it wants
     * @param endpoint where Aeron sends the frames; empty for this connection, {@link #GROUP} for a group
     */
    public record Subscription(String stream, String reader, Delivery delivery, String endpoint) {
        /** The endpoint of who wants to join the group of the other side. */
        public static final String GROUP = "group";
    }

    /**
     * A request.
     *
     * @param type {@link MessageType#LIST} or {@link MessageType#SUBSCRIBE}
     * @param subscription null for a list
     */
    public record Request(MessageType type, Subscription subscription) {}

    private final ByteLink link;
    private final FrameHeader sent;
    private final FrameHeader received;

    /**
     * The requests of a link.
     *
     * @param sent the header of all messages that this side sends
     * @param received the header of all messages that it receives
     */
    public Requests(ByteLink link, FrameHeader sent, FrameHeader received) {
        this.link = link;
        this.sent = sent;
        this.received = received;
    }

    /** Asks for the streams of the other side, and waits for the answer. */
    public List<StreamDescription> list() {
        link.send(sent.message(MessageType.LIST, 0));
        MessageType type = receiveAnswer();
        if (type != MessageType.ENTRIES) {
            throw refusal(type);
        }
        return ShmProtocol.decodeList(payload(MAX_LIST_BYTES));
    }

    /**
     * Asks for a stream, and waits for the answer. Safe with any bytes.
     *
     * @return what is needed to join the group; empty if the frames come otherwise
     * @throws RefusedException if the other side does not send it
     */
    public Optional<GroupTicket> subscribe(Subscription wanted) {
        ByteBuffer payload = ByteBuffer.allocateDirect(MAX_REQUEST_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        payload.put((byte) wanted.delivery().ordinal());
        WireText.put(payload, wanted.stream());
        WireText.put(payload, wanted.reader());
        WireText.put(payload, wanted.endpoint());
        payload.flip();
        link.send(sent.message(MessageType.SUBSCRIBE, payload.remaining()), payload);
        MessageType type = receiveAnswer();
        if (type != MessageType.OK) {
            throw refusal(type);
        }
        boolean isGroup = wanted.endpoint().equals(Subscription.GROUP);
        if (isGroup != received.payloadBytes() > 0) {
            throw FrameHeader.violation(link.peer(), "its answer is not for the transport that was requested");
        }
        return isGroup ? Optional.of(ticket(payload(MAX_REQUEST_BYTES))) : Optional.empty();
    }

    private GroupTicket ticket(ByteBuffer payload) {
        try {
            String endpoint = WireText.get(payload, MAX_ENDPOINT_BYTES);
            long firstRecord = payload.getLong();
            int member = payload.getInt();
            Optional<GroupKey> key = payload.hasRemaining() ? Optional.of(GroupKey.get(payload)) : Optional.empty();
            return new GroupTicket(endpoint, key, firstRecord, member);
        } catch (BufferUnderflowException e) {
            throw new IncompatibleException("the answer of " + link.peer() + " is too short", e);
        }
    }

    private MessageType receiveAnswer() {
        try {
            return receiveHeader();
        } catch (RefusedException e) {
            throw e;
        } catch (LinkException e) {
            // A side that cannot decrypt the first message closes the link without a word.
            throw new LinkException(e.getMessage() + "; if they use a key, check that it is the same on both sides", e);
        }
    }

    private RefusedException refusal(MessageType type) {
        if (type != MessageType.ERROR) {
            throw FrameHeader.violation(link.peer(), "it answered a request with the message " + type);
        }
        String reason =
                StandardCharsets.UTF_8.decode(payload(MAX_REQUEST_BYTES)).toString();
        return new RefusedException("the relay at " + link.peer() + " refused: " + reason);
    }

    /** Waits for a request. Safe with any bytes. */
    public Request receive() {
        MessageType type = receiveHeader();
        if (type == MessageType.LIST && received.payloadBytes() == 0) {
            return new Request(type, null);
        }
        if (type != MessageType.SUBSCRIBE) {
            throw FrameHeader.violation(link.peer(), "it sent the message " + type + " where a request was expected");
        }
        ByteBuffer payload = payload(MAX_REQUEST_BYTES);
        try {
            int delivery = payload.get();
            if (delivery < 0 || delivery >= Delivery.values().length) {
                throw FrameHeader.violation(link.peer(), "it asked for frames in an unknown way");
            }
            String stream = WireText.get(payload, RelayLimits.MAX_NAME_BYTES);
            String reader = WireText.get(payload, RelayLimits.MAX_NAME_BYTES);
            String endpoint = WireText.get(payload, MAX_ENDPOINT_BYTES);
            return new Request(type, new Subscription(stream, reader, Delivery.values()[delivery], endpoint));
        } catch (BufferUnderflowException e) {
            throw new IncompatibleException("a request of " + link.peer() + " is too short", e);
        }
    }

    /** Answers a request for the list. */
    public void answer(List<StreamDescription> streams) {
        ByteBuffer payload = ShmProtocol.encodeList(streams);
        link.send(sent.message(MessageType.ENTRIES, payload.remaining()), payload);
    }

    /** Grants a subscription, whose frames come over this link or by an engine. */
    public void grant() {
        link.send(sent.message(MessageType.OK, 0));
    }

    /** Grants a subscription, whose frames a group gets. */
    public void grant(GroupTicket ticket) {
        ByteBuffer payload = ByteBuffer.allocateDirect(MAX_REQUEST_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        WireText.put(payload, ticket.endpoint());
        payload.putLong(ticket.firstRecord());
        payload.putInt(ticket.member());
        ticket.key().ifPresent(key -> key.put(payload));
        payload.flip();
        link.send(sent.message(MessageType.OK, payload.remaining()), payload);
    }

    /** Refuses a request. */
    public void refuse(String reason) {
        byte[] text = reason.substring(0, Math.min(reason.length(), MAX_REQUEST_BYTES / 4))
                .getBytes(StandardCharsets.UTF_8);
        ByteBuffer payload = ByteBuffer.allocateDirect(text.length).put(text).flip();
        link.send(sent.message(MessageType.ERROR, text.length), payload);
    }

    private MessageType receiveHeader() {
        link.receive(received.toReceive());
        return received.check(link.peer());
    }

    private ByteBuffer payload(int maxBytes) {
        return payload(link, received, maxBytes);
    }

    /** Receives the payload of a message. Its size is checked before memory is reserved for it. */
    static ByteBuffer payload(ByteLink link, FrameHeader header, int maxBytes) {
        long bytes = header.payloadBytes();
        if (bytes < 0 || bytes > maxBytes) {
            throw FrameHeader.violation(
                    link.peer(), "it announced a message of " + Long.toUnsignedString(bytes) + " bytes");
        }
        ByteBuffer payload = ByteBuffer.allocateDirect((int) bytes).order(ByteOrder.LITTLE_ENDIAN);
        link.receive(payload);
        return payload.flip();
    }
}
