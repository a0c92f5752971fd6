package org.shmrt.relay.aeron;

import io.aeron.ExclusivePublication;
import io.aeron.Publication;
import java.nio.ByteBuffer;
import org.agrona.concurrent.BackoffIdleStrategy;
import org.agrona.concurrent.IdleStrategy;
import org.agrona.concurrent.UnsafeBuffer;
import org.shmrt.relay.link.ByteLink;
import org.shmrt.relay.link.LinkException;

/** Sends bytes in messages of one packet each, so that the receiver copies them once, to where they belong. */
final class AeronSender implements ByteLink {
    /** Without progress for so long, the link is lost. */
    private static final long SILENCE_NS = 5_000_000_000L;

    private static final long MAX_PARK_NS = 50_000;

    private final ExclusivePublication publication;
    private final String peer;
    private final LastError error;
    private final UnsafeBuffer bytes = new UnsafeBuffer(0, 0);
    private final IdleStrategy idle = new BackoffIdleStrategy(100, 10, 1_000, MAX_PARK_NS);

    AeronSender(ExclusivePublication publication, String peer, LastError error) {
        this.error = error;
        this.publication = publication;
        this.peer = peer;
    }

    @Override
    public void send(ByteBuffer... parts) {
        int most = publication.maxPayloadLength();
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
        long result = publication.offer(bytes, at, length);
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
            result = publication.offer(bytes, at, length);
        }
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
