package org.shmrt.relay.link;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;

/** A link whose sent bytes are collected, and whose received bytes are given by the test. */
public class MemoryLink implements ByteLink {
    private final ByteArrayOutputStream sent = new ByteArrayOutputStream();
    private final ByteBuffer incoming;
    private boolean closed;

    /** A link that will receive some bytes and then end. */
    public MemoryLink(byte[] incoming) {
        this.incoming = ByteBuffer.wrap(incoming);
    }

    /** The bytes sent so far. */
    public byte[] sent() {
        return sent.toByteArray();
    }

    /** Whether it was closed. */
    public boolean isClosed() {
        return closed;
    }

    /** Bytes that were not received. */
    public int unread() {
        return incoming.remaining();
    }

    @Override
    public void send(ByteBuffer... parts) {
        for (ByteBuffer part : parts) {
            byte[] bytes = new byte[part.remaining()];
            part.get(bytes);
            sent.writeBytes(bytes);
        }
    }

    @Override
    public void receive(ByteBuffer... parts) {
        for (ByteBuffer part : parts) {
            if (part.remaining() > incoming.remaining()) {
                throw new LinkException("the link ended");
            }
            byte[] bytes = new byte[part.remaining()];
            incoming.get(bytes);
            part.put(bytes);
        }
    }

    @Override
    public boolean sendsInPlace() {
        return true;
    }

    @Override
    public void boundUnsent(long bytes) {
        // nothing is kept
    }

    @Override
    public String peer() {
        return "memory";
    }

    @Override
    public void close() {
        closed = true;
    }
}
