package org.shmrt.relay.wire;

import java.nio.ByteBuffer;
import java.util.Optional;
import org.shmrt.error.ShmException;
import org.shmrt.relay.FrameFields;
import org.shmrt.relay.RelayLimits;
import org.shmrt.relay.SourceWriter;
import org.shmrt.relay.link.BufferViews;
import org.shmrt.relay.link.ByteLink;

/**
 * Handles what a receiver sends back: heartbeats, READY for the frames of a group, BYE, and frames to be written into the
 * source. Those frames are dropped unless there is a {@link SourceWriter}. Each link has a thread of its own.
 */
public final class Upstream {
    private static final int DISCARD_BYTES = 1 << 16;
    private static final long MAX_WRITE_BYTES = RelayLimits.MAX_FRAME_BYTES;

    private final ByteLink link;
    private final FrameHeader header;
    private final Optional<SourceWriter> writer;
    private final Runnable onReady;
    private final Runnable atEnd;
    private final FrameFields fields = new FrameFields();
    private final BufferViews views = new BufferViews();

    /**
     * Prepares to listen.
     *
     * @param header the header of all messages that were received over this link before, if any
     * @param writer publishes the frames to be written; empty if they are dropped
     * @param onReady called when the receiver is ready for the frames of a group
     * @param atEnd called once when the link has ended
     */
    public Upstream(
            ByteLink link, FrameHeader header, Optional<SourceWriter> writer, Runnable onReady, Runnable atEnd) {
        this.link = link;
        this.header = header;
        this.writer = writer;
        this.onReady = onReady;
        this.atEnd = atEnd;
    }

    /** Prepares to listen to a receiver that is in no group. */
    public Upstream(ByteLink link, FrameHeader header, Optional<SourceWriter> writer, Runnable atEnd) {
        this(link, header, writer, () -> {}, atEnd);
    }

    /** Starts the thread. */
    public void start() {
        Thread.ofPlatform().daemon().name("shm-relay-upstream " + link.peer()).start(this::run);
    }

    private void run() {
        try {
            while (listen()) {
                // until BYE
            }
        } catch (ShmException e) {
            // the thread that sends reports it
        } finally {
            link.close();
            atEnd.run();
        }
    }

    private boolean listen() {
        link.receive(header.toReceive());
        MessageType type = header.check(link.peer());
        long bytes = header.payloadBytes();
        if (type == MessageType.WRITE && bytes >= 0 && bytes <= MAX_WRITE_BYTES) {
            write(bytes);
            return true;
        }
        if (type == MessageType.HEARTBEAT && bytes == 0) {
            return true;
        }
        if (type == MessageType.READY && bytes == 0) {
            onReady.run();
            return true;
        }
        if (type != MessageType.BYE) {
            throw FrameHeader.violation(link.peer(), "it sent the message " + type);
        }
        return false;
    }

    private void write(long bytes) {
        if (writer.isEmpty() || !writer.get().accepts(bytes)) {
            discard(bytes);
            return;
        }
        link.receive(views.of(writer.get().buffer()));
        header.fields(fields);
        writer.get().publish(fields);
    }

    private void discard(long bytes) {
        ByteBuffer buffer = ByteBuffer.allocateDirect(DISCARD_BYTES);
        for (long left = bytes; left > 0; left -= buffer.limit()) {
            link.receive(buffer.clear().limit((int) Math.min(left, DISCARD_BYTES)));
        }
    }
}
