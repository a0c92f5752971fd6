package org.shmrt.relay.aeron;

import io.aeron.Subscription;
import io.aeron.logbuffer.ControlledFragmentHandler;
import io.aeron.logbuffer.Header;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.function.BooleanSupplier;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.BackoffIdleStrategy;
import org.agrona.concurrent.IdleStrategy;
import org.shmrt.posix.Faults;
import org.shmrt.posix.GuardedCopy;
import org.shmrt.relay.link.FrameEngine;
import org.shmrt.relay.link.JoinableLink;
import org.shmrt.relay.link.LinkException;

/**
 * Receives bytes: each packet is copied once, to where it belongs. For one thread, except {@link #close}.
 */
final class AeronReceiver implements FrameEngine.Receiver, JoinableLink {
    /** How long a sender may take to appear, or be silent: it sends a heartbeat each second. */
    private static final long SILENCE_NS = 5_000_000_000L;

    private static final long MAX_PARK_NS = 50_000;
    private static final int FRAGMENTS = 64;
    private static final int MAX_PACKET_BYTES = 1 << 16;
    /** Most buffers of one call of {@link #receive}. */
    private static final int MAX_PARTS = 4;
    /** The packets of Aeron are given by their address. */
    @SuppressWarnings("restricted")
    private static final MemorySegment MEMORY = MemorySegment.NULL.reinterpret(Long.MAX_VALUE);

    private final Subscription subscription;
    private final String endpoint;
    private final LastError error;
    private final ControlledFragmentHandler handler = this::onFragment;
    private final ControlledFragmentHandler skipping = this::onSkipped;
    private final BooleanSupplier wanting = this::isWanting;
    private final BooleanSupplier nothingKept = this::isNothingKept;
    private final IdleStrategy idle = new BackoffIdleStrategy(100, 10, 1_000, MAX_PARK_NS);
    /** The rest of a packet of which the first bytes were wanted. */
    private final ByteBuffer rest = ByteBuffer.allocateDirect(MAX_PACKET_BYTES).limit(0);

    private final MemorySegment restBytes =
            MemorySegment.ofBuffer(rest.duplicate().clear());

    private final MemorySegment[] targets = new MemorySegment[MAX_PARTS];
    private final int[] starts = new int[MAX_PARTS];
    private ByteBuffer[] parts;
    private int part;
    private boolean hadImage;

    AeronReceiver(Subscription subscription, String endpoint, int mtuBytes, LastError error) {
        this.error = error;
        this.subscription = subscription;
        this.endpoint = endpoint;
        if (mtuBytes > MAX_PACKET_BYTES) {
            throw new IllegalArgumentException(
                    "a packet of " + mtuBytes + " bytes is too large: use at most " + MAX_PACKET_BYTES);
        }
    }

    @Override
    public String endpoint() {
        return endpoint;
    }

    @Override
    public void receive(ByteBuffer... wanted) {
        parts = wanted;
        part = 0;
        for (int i = 0; i < wanted.length; i++) {
            targets[i] = MemorySegment.ofBuffer(wanted[i]);
            starts[i] = wanted[i].position();
        }
        takeRest();
        poll(handler, wanting);
        parts = null;
    }

    @Override
    public void skipToMessage() {
        rest.limit(0);
        poll(skipping, nothingKept);
    }

    private boolean isNothingKept() {
        return !rest.hasRemaining();
    }

    private ControlledFragmentHandler.Action onSkipped(DirectBuffer packet, int offset, int length, Header header) {
        if (header.reservedValue() != AeronSender.START) {
            return ControlledFragmentHandler.Action.CONTINUE;
        }
        keep(packet, offset, length);
        return ControlledFragmentHandler.Action.BREAK;
    }

    private void keep(DirectBuffer packet, int offset, int length) {
        rest.clear();
        packet.getBytes(offset, rest, 0, length);
        rest.limit(length);
    }

    /** Waits until the sender is heard. */
    void awaitSender() {
        poll(skipping, () -> subscription.imageCount() == 0);
    }

    /** Handles packets while a condition holds. */
    private void poll(ControlledFragmentHandler with, BooleanSupplier condition) {
        long silentNs = System.nanoTime();
        while (condition.getAsBoolean()) {
            if (subscription.controlledPoll(with, FRAGMENTS) > 0) {
                Faults.poll();
                idle.reset();
                silentNs = System.nanoTime();
            } else {
                check(System.nanoTime() - silentNs);
                idle.idle();
            }
        }
    }

    private boolean isWanting() {
        while (part < parts.length && !parts[part].hasRemaining()) {
            part++;
        }
        return part < parts.length;
    }

    private void takeRest() {
        while (rest.hasRemaining() && isWanting()) {
            ByteBuffer to = parts[part];
            int bytes = Math.min(to.remaining(), rest.remaining());
            GuardedCopy.copy(restBytes, rest.position(), targets[part], to.position() - starts[part], bytes);
            to.position(to.position() + bytes);
            rest.position(rest.position() + bytes);
        }
    }

    private ControlledFragmentHandler.Action onFragment(DirectBuffer packet, int offset, int length, Header header) {
        int at = offset;
        int end = offset + length;
        while (at < end && isWanting()) {
            ByteBuffer to = parts[part];
            int bytes = Math.min(to.remaining(), end - at);
            // The target may be a stream whose file another process truncates.
            GuardedCopy.copy(MEMORY, packet.addressOffset() + at, targets[part], to.position() - starts[part], bytes);
            to.position(to.position() + bytes);
            at += bytes;
        }
        if (at < end) {
            keep(packet, at, end - at);
        }
        return isWanting() ? ControlledFragmentHandler.Action.COMMIT : ControlledFragmentHandler.Action.BREAK;
    }

    private void check(long silentNs) {
        if (subscription.isClosed()) {
            throw new LinkException("the link by Aeron to " + endpoint + " was closed");
        }
        int images = subscription.imageCount();
        if (images > 1) {
            throw new LinkException("two senders send to " + endpoint + ": the link was closed");
        }
        hadImage |= images == 1;
        if (silentNs > SILENCE_NS || (hadImage && images == 0)) {
            throw new LinkException("the link by Aeron to " + endpoint + " was lost: "
                    + (hadImage
                            ? "the sender is gone or silent"
                            : "no sender appeared; check that no firewall is between")
                    + error.clause());
        }
    }

    @Override
    public void send(ByteBuffer... bytes) {
        throw new UnsupportedOperationException("a receiver of Aeron cannot send");
    }

    @Override
    public boolean sendsInPlace() {
        return false;
    }

    @Override
    public void boundUnsent(long bytes) {
        // the window of the engine does that
    }

    @Override
    public String peer() {
        return endpoint;
    }

    @Override
    public void close() {
        subscription.close();
    }
}
