package org.shmrt.relay.link;

import java.nio.ByteBuffer;

/**
 * A connection to another process that carries bytes in order, or fails. One thread may send while another one receives;
 * {@link #close} is for any thread and ends both. Every failure is a {@link LinkException}.
 */
public interface ByteLink extends AutoCloseable {
    /**
     * Sends all remaining bytes of some buffers, in their order. Blocks while the other side does not receive.
     *
     * @throws LinkException if the link is lost
     */
    void send(ByteBuffer... parts);

    /**
     * Receives bytes until all buffers are full.
     *
     * @throws LinkException if the link is lost, or the bytes were altered on the way
     */
    void receive(ByteBuffer... parts);

    /**
     * Whether a buffer to be sent may be memory that another process can truncate meanwhile: the kernel reads it, and
     * reports a fault as an error.
     */
    boolean sendsInPlace();

    /**
     * Bounds the bytes that were sent and are still in this machine, as far as the link can do that: they make all later
     * ones older.
     */
    void boundUnsent(long bytes);

    /** The other side, for people. */
    String peer();

    /** Ends the link. Calls of other threads fail soon. Closing twice is harmless. */
    @Override
    void close();
}
