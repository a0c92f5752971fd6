package org.shmrt.relay.aeron;

import io.aeron.ExclusivePublication;
import io.aeron.Publication;
import io.aeron.ReservedValueSupplier;
import java.nio.ByteBuffer;
import org.agrona.concurrent.BackoffIdleStrategy;
import org.agrona.concurrent.IdleStrategy;
import org.agrona.concurrent.UnsafeBuffer;
import org.shmrt.relay.link.FrameEngine;
import org.shmrt.relay.link.LinkException;

/**
 * Sends bytes in messages of one packet each, so that the receiver copies them once, to where they belong. The first
 * packet of each call of {@link #send} is marked.
 */
final class AeronSender implements FrameEngine.GroupSender {
    /** The reserved value of the first packet of a message, where a receiver can join; else it is 0. */
    static final long START = 1;

    private static final ReservedValueSupplier START_SUPPLIER = (buffer, offset, length) -> START;
    /** Without progress for so long, the link is lost. */
    private static final long SILENCE_NS = 5_000_000_000L;

    private static final long MAX_PARK_NS = 50_000;

    private final ExclusivePublication publication;
    private final String peer;
    private final String endpoint;
    private final LastError error;
    private final UnsafeBuffer bytes = new UnsafeBuffer(0, 0);
    private final IdleStrategy idle = new BackoffIdleStrategy(100, 10, 1_000, MAX_PARK_NS);
    private ReservedValueSupplier mark;

    /**
     * A sender.
     *
     * @param peer the other side, for people
     * @param endpoint what receivers need to join
     */
    AeronSender(ExclusivePublication publication, String peer, String endpoint, LastError error) {
        this.error = error;
        this.publication = publication;
        this.peer = peer;
        this.endpoint = endpoint;
    }

    @Override
    public String endpoint() {
        return endpoint;
    }

    @Override
    public void send(ByteBuffer... parts) {
        int most = publication.maxPayloadLength();
        mark = START_SUPPLIER;
        for (ByteBuffer part : parts) {
            bytes.wrap(part, part.position(), part.remaining());
            int length = part.remaining();
            for (int at = 0; at < length; at += most) {
                offer(at, Math.min(most, length - at));
            }
            part.position(part.limit());
        }
    }

    private void offer(int at, int length) {
        long startNs = 0;
        long result = publication.offer(bytes, at, length, mark);
        while (result < 0) {
            if (result == Publication.CLOSED || result == Publication.MAX_POSITION_EXCEEDED) {
                throw new LinkException("the link to " + peer + " by Aeron was closed");
            }
            long nowNs = System.nanoTime();
            startNs = startNs == 0 ? nowNs : startNs;
            if (nowNs - startNs > SILENCE_NS) {
                throw new LinkException("the link to " + peer + " by Aeron was lost: "
                        + (result == Publication.NOT_CONNECTED
                                ? "no receiver answers; check that no firewall is between"
                                : "the receiver does not receive")
                        + error.clause());
            }
            idle.idle();
            result = publication.offer(bytes, at, length, mark);
        }
        mark = null;
        idle.reset();
    }

    @Override
    public void receive(ByteBuffer... parts) {
        throw new UnsupportedOperationException("a sender of Aeron cannot receive");
    }

    @Override
    public boolean sendsInPlace() {
        return false; // Aeron copies the bytes in this process, where a truncated page would be a fault
    }

    @Override
    public void boundUnsent(long bytes) {
        // the window of the engine does that
    }

    @Override
    public String peer() {
        return peer;
    }

    @Override
    public void close() {
        publication.close();
    }
}
