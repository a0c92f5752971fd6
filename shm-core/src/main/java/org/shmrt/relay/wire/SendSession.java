package org.shmrt.relay.wire;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.function.LongToIntFunction;
import org.shmrt.posix.Clocks;
import org.shmrt.relay.Delivery;
import org.shmrt.relay.FrameFields;
import org.shmrt.relay.SourceFeed;
import org.shmrt.relay.StreamDescription;
import org.shmrt.relay.link.BufferViews;
import org.shmrt.relay.link.ByteLink;
import org.shmrt.relay.status.RowCounter;
import org.shmrt.relay.status.RowState;
import org.shmrt.relay.status.StatusRow;

/**
 * Sends one stream over a link until the link fails. For one thread, except {@link #stop} and {@link #receiverJoined}. A
 * frame allocates nothing here; Java's channels allocate some tens of bytes for each call.
 *
 * <p>A frame of a ring is sent straight from the shared memory, where the link can do that, and confirmed afterwards if
 * its writer has not overwritten it meanwhile. The first time it has, the session changes to copying each frame before:
 * else a link that is slower than the ring would never carry a whole frame.
 */
public final class SendSession {
    private static final long WAIT_NS = 100_000_000L;
    private static final long HEARTBEAT_NS = 1_000_000_000L;

    private final ByteLink link;
    private final Protocol protocol;
    private final FrameHeader header;
    private final SourceFeed feed;
    private final StatusRow row;
    private final Delivery delivery;
    private final RowCounter leftOut;
    private final LongToIntFunction writers;
    private final FrameFields fields = new FrameFields();
    private final BufferViews views = new BufferViews();
    private final ByteBuffer trailer = ByteBuffer.allocateDirect(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    private final ByteBuffer[] headAndPixels = new ByteBuffer[2];
    private final ByteBuffer[] wholeFrame = new ByteBuffer[3];
    private final ByteBuffer[] trailerOnly = {trailer};
    private MemorySegment copy = MemorySegment.NULL;
    private boolean isInPlace;
    /** The copy is the last frame of the feed, whole. */
    private boolean hasCopy;
    /** A receiver has joined since the last frame. */
    private boolean mustRepeat;

    private long sentNs;
    private volatile boolean stopped;
    private volatile boolean hasJoined;

    /**
     * A session.
     *
     * @param header the header of all messages that were sent over this link before, if any
     * @param writers which receiver wrote the frame of a count, see {@link FrameFields#writer()}
     */
    public SendSession(
            ByteLink link,
            Protocol protocol,
            FrameHeader header,
            SourceFeed feed,
            Delivery delivery,
            StatusRow row,
            LongToIntFunction writers) {
        this.link = link;
        this.protocol = protocol;
        this.header = header;
        this.feed = feed;
        this.row = row;
        this.delivery = delivery;
        this.writers = writers;
        this.leftOut = delivery == Delivery.EVERY ? RowCounter.LOST : RowCounter.SKIPPED;
        this.isInPlace = link.sendsInPlace();
    }

    /**
     * Sends until {@link #stop}.
     *
     * @throws org.shmrt.error.ShmException if the link is lost, or the stream was damaged
     */
    public void run() {
        row.add(RowCounter.CONNECTS, 1);
        while (!stopped) {
            switch (feed.next(WAIT_NS)) {
                case DESCRIPTION -> describe();
                case FRAME -> {
                    describeToNewReceiver();
                    sendFrame();
                }
                case NOTHING -> {
                    describeToNewReceiver();
                    repeatFrame();
                    beat();
                }
                case GONE -> {
                    row.state(RowState.WAITING, feed.reason());
                    beat();
                }
            }
        }
        link.send(header.message(MessageType.BYE, 0));
    }

    /** Ends the session soon, from any thread. */
    public void stop() {
        stopped = true;
    }

    /**
     * Another receiver has joined the link, which others share. The description is sent again, and then a frame: the next
     * one, or the last one again if none follows. For any thread.
     */
    public void receiverJoined() {
        hasJoined = true;
    }

    private void describeToNewReceiver() {
        if (hasJoined) {
            hasJoined = false;
            mustRepeat = true;
            describe();
        }
    }

    /** The last frame may be old, but it is the current state. Receivers that have it ignore it. */
    private void repeatFrame() {
        if (mustRepeat && hasCopy && feed.hasFrame()) {
            mustRepeat = false;
            sendWhole();
            sentNs = System.nanoTime();
        }
    }

    private void describe() {
        StreamDescription description = feed.description();
        ByteBuffer payload = protocol.encode(description);
        link.send(header.message(MessageType.DESCRIPTION, payload.remaining()), payload);
        sentNs = System.nanoTime();
        if (copy.byteSize() != description.frameBytes()) {
            copy = Arena.ofAuto().allocate(description.frameBytes(), 64);
            hasCopy = false;
        }
        if (delivery == Delivery.NEWEST) {
            link.boundUnsent(description.frameBytes());
        }
        isInPlace &= description.depth() > 1;
        row.state(RowState.CONNECTED, "");
    }

    private void beat() {
        long nowNs = System.nanoTime();
        if (nowNs - sentNs >= HEARTBEAT_NS) {
            link.send(header.message(MessageType.HEARTBEAT, 0));
            sentNs = nowNs;
        }
    }

    private void sendFrame() {
        boolean isSent = isInPlace ? sendInPlace() : sendCopy();
        if (isSent) {
            mustRepeat = false;
            row.add(RowCounter.FRAMES, 1);
            row.add(RowCounter.BYTES, copy.byteSize());
            row.set(RowCounter.SOURCE_COUNT, fields.count());
            if (fields.acquiredNs() != 0) {
                row.set(RowCounter.AGE_NS, Clocks.realtimeNs() - fields.acquiredNs());
            }
        } else {
            feed.skip();
        }
        row.set(leftOut, fields.skipped());
        sentNs = System.nanoTime();
    }

    private void readFields() {
        feed.fields(fields);
        fields.writer(writers.applyAsInt(fields.count()));
    }

    private boolean sendInPlace() {
        readFields();
        hasCopy = false;
        MemorySegment frame = feed.frame();
        headAndPixels[0] = header.frame(fields, frame.byteSize());
        headAndPixels[1] = views.of(frame);
        link.send(headAndPixels);
        boolean isWhole = feed.isWhole();
        trailer.putLong(0, isWhole ? fields.count() : ~fields.count()).clear();
        link.send(trailerOnly);
        isInPlace = isWhole;
        return isWhole;
    }

    private boolean sendCopy() {
        hasCopy = feed.copyTo(copy);
        if (hasCopy) {
            readFields();
            sendWhole();
        }
        return hasCopy;
    }

    private void sendWhole() {
        trailer.putLong(0, fields.count()).clear();
        wholeFrame[0] = header.frame(fields, copy.byteSize());
        wholeFrame[1] = views.of(copy);
        wholeFrame[2] = trailer;
        link.send(wholeFrame);
    }
}
