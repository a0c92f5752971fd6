package org.shmrt.relay.service;

import java.util.concurrent.locks.LockSupport;
import org.shmrt.error.ShmException;
import org.shmrt.relay.link.ByteLink;
import org.shmrt.relay.wire.FrameHeader;
import org.shmrt.relay.wire.MessageType;

/** Sends heartbeats over a link on which nothing else is sent any more, with a thread of its own. */
final class HeartbeatSender implements AutoCloseable {
    private final ByteLink link;
    private final FrameHeader header;
    private final Thread thread;
    private volatile boolean stopped;

    private HeartbeatSender(ByteLink link, FrameHeader header) {
        this.link = link;
        this.header = header;
        this.thread = Thread.ofPlatform()
                .daemon()
                .name("shm-relay-heartbeat " + link.peer())
                .unstarted(this::run);
    }

    static HeartbeatSender start(ByteLink link, FrameHeader header) {
        HeartbeatSender sender = new HeartbeatSender(link, header);
        sender.thread.start();
        return sender;
    }

    private void run() {
        try {
            while (!stopped) {
                link.send(header.message(MessageType.HEARTBEAT, 0));
                LockSupport.parkNanos(Timing.HEARTBEAT_NS);
            }
            link.send(header.message(MessageType.BYE, 0));
        } catch (ShmException e) {
            // the thread that receives reports it
        }
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
