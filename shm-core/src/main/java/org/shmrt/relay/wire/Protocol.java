package org.shmrt.relay.wire;

import java.nio.ByteBuffer;
import org.shmrt.relay.StreamDescription;

/** What distinguishes the two protocols: ShmRT's own, and that of DAO's network service. Stateless. */
public interface Protocol {
    /** The first four bytes of a message. */
    int magic();

    /** Whether the header has the id of a frame and a count of skipped frames of 64 bits, and messages are numbered. */
    boolean isExtended();

    /** Most bytes of the payload of a description. */
    int maxDescriptionBytes();

    /**
     * The payload of a description.
     *
     * @return a new buffer, ready to be read
     */
    ByteBuffer encode(StreamDescription description);

    /**
     * Decodes the payload of a description. Safe with any bytes.
     *
     * @throws org.shmrt.error.IncompatibleException if they are not a description within the limits
     */
    StreamDescription decode(ByteBuffer payload);
}
