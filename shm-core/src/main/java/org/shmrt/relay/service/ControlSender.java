package org.shmrt.relay.service;

import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.shmrt.error.ShmException;
import org.shmrt.relay.LocalWrites;
import org.shmrt.relay.link.BufferViews;
import org.shmrt.relay.link.ByteLink;
import org.shmrt.relay.status.RowCounter;
import org.shmrt.relay.status.StatusRow;
import org.shmrt.relay.wire.FrameHeader;
import org.shmrt.relay.wire.MessageType;

/**
 * Sends everything over a link that carries no frames of the source in this direction, with a thread of its own:
 * heartbeats, and frames that local programs wrote into the replica.
 */
final class ControlSender implements AutoCloseable {
    private final ByteLink link;
    private final FrameHeader header;
    private final Optional<LocalWrites> writes;
    private final Runnable onWrite;
    private final BufferViews views = new BufferViews();
    private final Thread thread;
    private volatile boolean isReady;
    private volatile boolean stopped;

    private ControlSender(ByteLink link, FrameHeader header, Optional<LocalWrites> writes, Runnable onWrite) {
        this.link = link;
        this.header = header;
        this.writes = writes;
        this.onWrite = onWrite;
        this.thread = Thread.ofPlatform()
                .daemon()
                .name("shm-relay-control " + link.peer())
                .unstarted(this::run);
    }

    /** Starts to send heartbeats. */
    static ControlSender heartbeats(ByteLink link, FrameHeader header) {
        ControlSender sender = new ControlSender(link, header, Optional.empty(), () -> {});
        sender.thread.start();
        return sender;
    }

    /**
     * Starts to send. Frames that were written before are too old, and are not sent.
     *
     * @param writes frames to be sent; empty for heartbeats alone
     * @param row counts the frames
     */
    static ControlSender start(ByteLink link, FrameHeader header, Optional<LocalWrites> writes, StatusRow row) {
        ControlSender sender = new ControlSender(link, header, writes, () -> row.add(RowCounter.WRITES, 1));
        writes.ifPresent(LocalWrites::forget);
        sender.thread.start();
        return sender;
    }

    private void run() {
        long pauseNs = writes.isPresent() ? Timing.WRITES_NS : Timing.HEARTBEAT_NS;
        long sentNs = System.nanoTime() - Timing.HEARTBEAT_NS;
        try {
            while (!stopped) {
                if (isReady) {
                    isReady = false;
                    link.send(header.message(MessageType.READY, 0));
                }
                if (sendWrite()) {
                    sentNs = System.nanoTime();
                    continue; // more of them may wait
                }
                if (System.nanoTime() - sentNs >= Timing.HEARTBEAT_NS) {
                    link.send(header.message(MessageType.HEARTBEAT, 0));
                    sentNs = System.nanoTime();
                }
                LockSupport.parkNanos(pauseNs);
            }
            link.send(header.message(MessageType.BYE, 0));
        } catch (ShmException e) {
            // the thread that receives reports it
        }
    }

    private boolean sendWrite() {
        if (writes.isEmpty() || !writes.get().take()) {
            return false;
        }
        LocalWrites taken = writes.get();
        link.send(header.write(taken.fields(), taken.frame().byteSize()), views.of(taken.frame()));
        if (!stopped) {
            onWrite.run();
        }
        return true;
    }

    /** Says that this side hears the group. */
    void ready() {
        isReady = true;
        LockSupport.unpark(thread);
    }

    /** Sends BYE, and ends the thread. */
    @Override
    public void close() {
        stopped = true;
        LockSupport.unpark(thread);
        try {
            thread.join(100);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
