package org.shmrt.relay;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.locks.ReentrantLock;
import org.shmrt.posix.Faults;
import org.shmrt.stream.FrameReader;
import org.shmrt.stream.ImageStream;
import org.shmrt.stream.WaitStrategy;
import org.shmrt.stream.engine.EngineAccess;
import org.shmrt.stream.engine.SlotHeaders;

/**
 * Notices frames that other programs write into a replica, and keeps the newest one until it is sent to the owner of the
 * stream. A count that the replica did not publish is that of another writer. For the thread that publishes the frames of
 * the source and the one that sends.
 */
public final class LocalWrites {
    private final ReentrantLock lock = new ReentrantLock();
    private final FrameFields waitingFields = new FrameFields();
    private final FrameFields sentFields = new FrameFields();
    private MemorySegment waiting = MemorySegment.NULL;
    private MemorySegment sent = MemorySegment.NULL;
    private FrameReader reader;
    private SlotHeaders headers;
    private long clockOffsetNs;
    private long ownCount;
    private boolean hasWaiting;

    /** Watches a replica that was opened, until {@link #detach}. */
    void attach(ImageStream replica) {
        lock.lock();
        try {
            reader = replica.reader(WaitStrategy.spin());
            headers = EngineAccess.mapped(replica)
                    .headers(EngineAccess.mapped(replica).segment());
            clockOffsetNs = replica.layout().clock().offsetNs();
            waiting = Arena.ofAuto().allocate(replica.layout().frameBytes(), 64);
            forgetNow();
        } finally {
            lock.unlock();
        }
    }

    /** Before the replica is closed. */
    void detach() {
        lock.lock();
        try {
            reader = null;
            headers = null;
            hasWaiting = false;
        } finally {
            lock.unlock();
        }
    }

    /** Before a frame of the source is published: keeps a local frame that it would overwrite. */
    void beginPublication() {
        lock.lock();
        check();
    }

    /** The frame of the source was published, with its count. */
    void published(long count) {
        ownCount = count;
    }

    /** Whether the newest frame of the replica is that of the source. Between {@link #beginPublication} and the end. */
    boolean isNewest(long count) {
        return headers == null || newestCount() == count;
    }

    /** After a frame of the source was published, or could not be. */
    void endPublication() {
        lock.unlock();
    }

    /** Forgets the frames that were written until now: they are too old to be sent. */
    public void forget() {
        lock.lock();
        try {
            forgetNow();
        } finally {
            lock.unlock();
        }
    }

    private void forgetNow() {
        hasWaiting = false;
        if (headers != null) {
            ownCount = newestCount();
        }
    }

    /** Takes the newest frame that is to be sent, for {@link #frame} and {@link #fields}. Returns false without one. */
    public boolean take() {
        lock.lock();
        try {
            check();
            if (!hasWaiting) {
                return false;
            }
            hasWaiting = false;
            MemorySegment former = sent;
            sent = waiting;
            waiting = former.byteSize() == sent.byteSize()
                    ? former
                    : Arena.ofAuto().allocate(sent.byteSize(), 64);
            sentFields.set(waitingFields.count(), waitingFields.frameId(), waitingFields.acquiredNs(), 0);
            return true;
        } finally {
            lock.unlock();
        }
    }

    private void check() {
        if (headers == null) {
            return;
        }
        long count = newestCount();
        if (count == ownCount || !reader.newest().hasFrame() || !reader.copyTo(waiting)) {
            return; // a frame that is being overwritten is looked at again
        }
        long acquiredNs = reader.acquiredNs();
        waitingFields.set(reader.count(), reader.frameId(), acquiredNs == 0 ? 0 : acquiredNs - clockOffsetNs, 0);
        ownCount = reader.count();
        hasWaiting = true;
    }

    private long newestCount() {
        try {
            long count = headers.countAcquire(headers.newestSlotAcquire());
            Faults.poll();
            return count;
        } catch (InternalError e) {
            return ownCount; // truncated: publishing the next frame reports it
        }
    }

    /** The frame that was taken last. */
    public MemorySegment frame() {
        return sent;
    }

    /** Its fields. */
    public FrameFields fields() {
        return sentFields;
    }
}
