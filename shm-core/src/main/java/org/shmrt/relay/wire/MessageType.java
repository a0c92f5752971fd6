package org.shmrt.relay.wire;

/** The types of message, with their numbers on the wire. */
public enum MessageType {
    /** Payload: a description, in the form of the protocol. */
    DESCRIPTION(1),
    /** Payload: the pixels. Then a u64: the count of the frame if it is whole, else another value. */
    FRAME(2),
    /** No payload: the link is alive. */
    HEARTBEAT(3),
    /** Payload: pixels to be written into the source. */
    WRITE(4),
    /** No payload: the sender ends the link. */
    BYE(5),
    /** No payload: a request for the list of streams. */
    LIST(16),
    /** Payload: the list. */
    ENTRIES(17),
    /** Payload: {@link Requests.Subscription}. */
    SUBSCRIBE(18),
    /** The request is granted. Payload: a ticket of the group that sends the frames; none if they come over this link. */
    OK(19),
    /** Payload: the reason in UTF-8. */
    ERROR(20),
    /** No payload: the receiver hears the group, and needs a description before the next frame. */
    READY(21),
    /** Any other number. */
    UNKNOWN(0);

    private final short code;

    MessageType(int code) {
        this.code = (short) code;
    }

    short code() {
        return code;
    }

    static MessageType ofCode(short code) {
        return switch (code) {
            case 1 -> DESCRIPTION;
            case 2 -> FRAME;
            case 3 -> HEARTBEAT;
            case 4 -> WRITE;
            case 5 -> BYE;
            case 16 -> LIST;
            case 17 -> ENTRIES;
            case 18 -> SUBSCRIBE;
            case 19 -> OK;
            case 20 -> ERROR;
            case 21 -> READY;
            default -> UNKNOWN;
        };
    }
}
