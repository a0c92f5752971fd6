package org.shmrt.relay.service;

import java.util.concurrent.locks.LockSupport;
import org.shmrt.error.ShmException;
import org.shmrt.relay.link.ByteLink;
import org.shmrt.relay.wire.FrameHeader;
import org.shmrt.relay.wire.MessageType;

/** Gives signs of life over a link on which nothing else is sent any more, with a thread of its own. */
final class Heart implements AutoCloseable {
    private final ByteLink link;
    private final FrameHeader header;
    private final Thread thread;
    private volatile boolean stopped;

    private Heart(ByteLink link, FrameHeader header) {
        this.link = link;
        this.header = header;
        this.thread = Thread.ofPlatform()
                .daemon()
                .name("shm-relay-heart " + link.peer())
                .unstarted(this::run);
    }

    static Heart start(ByteLink link, FrameHeader header) {
        Heart heart = new Heart(link, header);
        heart.thread.start();
        return heart;
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

    /** Says farewell, and ends the thread. */
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
