package org.shmrt.relay;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.shmrt.posix.Faults;
import org.shmrt.relay.status.RowCounter;
import org.shmrt.relay.status.StatusRow;
import org.shmrt.stream.FrameReader;
import org.shmrt.stream.ImageStream;
import org.shmrt.stream.WaitStrategy;
import org.shmrt.stream.engine.EngineAccess;
import org.shmrt.stream.engine.SlotHeaders;

/**
 * Notices frames that other programs write into a replica, and keeps them until they are sent to the owner of the stream:
 * the newest one, or every one in the order of writing, as the replica gets its frames. A count that the replica did not
 * publish is that of another writer. Frames that are not sent are counted. For the thread that publishes the frames of
 * the source and the one that sends.
 */
public final class LocalWrites {
    /** Most memory for frames that wait, unless two need more. */
    private static final long MAX_WAITING_BYTES = 64L << 20;
    /** More than the time to copy a frame. A frame that a program leaves unfinished delays the replica by this, once. */
    private static final long MAX_CLAIM_NS = 5_000_000L;

    private static final long PAUSE_NS = 20_000L;

    private final ReentrantLock lock = new ReentrantLock();
    private final Delivery delivery;
    private final StatusRow row;
    private final long maxClaimNs;
    private FrameReader reader;
    private SlotHeaders headers;
    private long clockOffsetNs;
    /** The newest count that was noticed: of a local frame, or of one of the source. */
    private long seenCount;
    /** The count of the last frame of the source that was published here. */
    private long publishedCount;
    /** The newest slot at the beginning of a publication. */
    private int slotBefore;
    /** A ring of copies: {@link #size} frames wait from {@link #first} on. */
    private Copy[] waiting = {};

    private int first;
    private int size;
    private Copy sent = new Copy(MemorySegment.NULL);

    /** A frame that was copied from the replica. */
    private record Copy(MemorySegment frame, FrameFields fields) {
        Copy(MemorySegment frame) {
            this(frame, new FrameFields());
        }

        static Copy ofBytes(long bytes) {
            return new Copy(Arena.ofAuto().allocate(bytes, 64));
        }
    }

    /**
     * Prepares to watch replicas.
     *
     * @param delivery which frames are sent to the owner
     * @param row counts those that are not
     */
    LocalWrites(Delivery delivery, StatusRow row) {
        this(delivery, row, MAX_CLAIM_NS);
    }

    /** The same with another limit of {@link #awaitLocalFrame}. */
    LocalWrites(Delivery delivery, StatusRow row, long maxClaimNs) {
        this.delivery = delivery;
        this.row = row;
        this.maxClaimNs = maxClaimNs;
    }

    /** Watches a replica that was opened, until {@link #detach}. */
    void attach(ImageStream replica) {
        lock.lock();
        try {
            reader = replica.reader(WaitStrategy.spin());
            headers = EngineAccess.mapped(replica)
                    .headers(EngineAccess.mapped(replica).segment());
            clockOffsetNs = replica.layout().clock().offsetNs();
            long bytes = replica.layout().frameBytes();
            waiting = new Copy[capacity(bytes)];
            for (int i = 0; i < waiting.length; i++) {
                waiting[i] = Copy.ofBytes(bytes);
            }
            size = 0;
            seenCount = newestCount();
            publishedCount = seenCount;
        } finally {
            lock.unlock();
        }
    }

    private int capacity(long frameBytes) {
        return isInOrder() ? Math.clamp(MAX_WAITING_BYTES / frameBytes, 2, headers.depth()) : 1;
    }

    /** At a depth of 1, only the newest frame is there. */
    private boolean isInOrder() {
        return delivery == Delivery.EVERY && headers.depth() > 1;
    }

    /** Before the replica is closed. */
    void detach() {
        lock.lock();
        try {
            skip(size);
            size = 0;
            reader = null;
            headers = null;
        } finally {
            lock.unlock();
        }
    }

    /** Before a frame of the source is published: keeps the local frames that it would overwrite. */
    void beginPublication() {
        lock.lock();
        check();
        slotBefore = newestSlot();
    }

    /**
     * Waits for a short time until a local program has published the frame that it is writing, because the frame of the
     * source would be written into the same slot. To be called after {@link #beginPublication}, before the slot is claimed.
     */
    void awaitLocalFrame() {
        if (!isLocalFrameBegun()) {
            return;
        }
        long startNs = System.nanoTime();
        while (isLocalFrameBegun() && System.nanoTime() - startNs < maxClaimNs) {
            LockSupport.parkNanos(PAUSE_NS);
        }
        check();
        slotBefore = newestSlot();
    }

    /** The flag of the next slot is set by whoever claims it. */
    private boolean isLocalFrameBegun() {
        if (headers == null) {
            return false;
        }
        try {
            boolean isDown = headers.isFlagDownAcquire(headers.after(headers.newestSlotAcquire()));
            Faults.poll();
            return !isDown;
        } catch (InternalError e) {
            return false; // truncated: publishing the next frame reports it
        }
    }

    /** The frame of the source was published, with its count. */
    void published(long count) {
        keepBefore(count);
        seenCount = count;
        publishedCount = count;
    }

    /** Keeps local frames that were published between the check and the claim of the slot for that of the source. */
    private void keepBefore(long count) {
        if (headers == null || headers.depth() == 1) {
            return;
        }
        try {
            int own = slotSince(count);
            for (int slot = headers.after(slotBefore); own >= 0 && slot != own; slot = headers.after(slot)) {
                if (!reader.takeSlot(slot).hasFrame() || !keep()) {
                    skip(1);
                }
            }
            Faults.poll();
        } catch (InternalError e) {
            // truncated: publishing the next frame reports it
        }
    }

    /** The slot that was published with that count since the beginning of the publication; -1 without one. */
    private int slotSince(long count) {
        int last = headers.newestSlotAcquire();
        int slot = slotBefore;
        while (slot != last) {
            slot = headers.after(slot);
            if (headers.countAcquire(slot) == count) {
                return slot;
            }
        }
        return -1;
    }

    /**
     * Whether a local frame of that count was noticed since the last frame of the source was published, so that the
     * replica still shows it, or a later one. Between {@link #beginPublication} and the end.
     */
    boolean isShown(long count) {
        return count - publishedCount > 0 && count - seenCount <= 0;
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
            check();
            skip(size);
            size = 0;
        } finally {
            lock.unlock();
        }
    }

    /** Takes the next frame that is to be sent, for {@link #frame} and {@link #fields}. Returns false without one. */
    public boolean take() {
        lock.lock();
        try {
            check();
            if (size == 0) {
                return false;
            }
            Copy taken = waiting[first];
            waiting[first] =
                    sent.frame.byteSize() == taken.frame.byteSize() ? sent : Copy.ofBytes(taken.frame.byteSize());
            sent = taken;
            first = (first + 1) % waiting.length;
            size--;
            return true;
        } finally {
            lock.unlock();
        }
    }

    private void check() {
        if (headers == null || newestCount() == seenCount || !reader.newest().hasFrame()) {
            return;
        }
        long newest = reader.count();
        if (newest == seenCount) {
            return;
        }
        // A count that went back is that of a writer that starts again: how often it has written is not known.
        long written = Math.max(1, newest - seenCount);
        try {
            if (!isInOrder()) {
                if (!keep()) {
                    return; // a frame that is being overwritten is looked at again
                }
                skip(written - 1);
            } else {
                keepInOrder(newest, written);
            }
            seenCount = newest;
            Faults.poll();
        } catch (InternalError e) {
            // truncated: publishing the next frame reports it
        }
    }

    /** Keeps the last frames up to the newest one. */
    private void keepInOrder(long newest, long written) {
        int number = (int) Math.min(written, headers.depth());
        skip(written - number);
        int slot = headers.newestSlotAcquire();
        // The writer may have published more. DAO's library changes the index before the count, which is an old one
        // then.
        long later = headers.countAcquire(slot) - newest;
        long steps = later < 0 ? 1 : Math.min(later, headers.depth());
        for (long i = 0; i < steps; i++) {
            slot = headers.before(slot);
        }
        for (int i = 1; i < number; i++) {
            slot = headers.before(slot);
        }
        for (int i = number - 1; i >= 0; i--) {
            boolean isThere = reader.takeSlot(slot).hasFrame() && reader.count() == newest - i;
            if (!isThere || !keep()) {
                skip(1);
            }
            slot = headers.after(slot);
        }
    }

    /** Copies the current frame of the reader, in the place of the oldest one if there is no room. */
    private boolean keep() {
        if (size == waiting.length) {
            first = (first + 1) % waiting.length;
            size--;
            skip(1);
        }
        Copy copy = waiting[(first + size) % waiting.length];
        if (!reader.copyTo(copy.frame)) {
            return false;
        }
        long acquiredNs = reader.acquiredNs();
        copy.fields.set(reader.count(), reader.frameId(), acquiredNs == 0 ? 0 : acquiredNs - clockOffsetNs, 0);
        size++;
        return true;
    }

    private void skip(long frames) {
        if (frames > 0) {
            row.add(RowCounter.WRITES_SKIPPED, frames);
        }
    }

    private int newestSlot() {
        try {
            int slot = headers == null ? 0 : headers.newestSlotAcquire();
            Faults.poll();
            return slot;
        } catch (InternalError e) {
            return 0; // as below
        }
    }

    private long newestCount() {
        try {
            long count = headers.countAcquire(headers.newestSlotAcquire());
            Faults.poll();
            return count;
        } catch (InternalError e) {
            return seenCount; // truncated: publishing the next frame reports it
        }
    }

    /** The frame that was taken last. */
    public MemorySegment frame() {
        return sent.frame;
    }

    /** Its fields. */
    public FrameFields fields() {
        return sent.fields;
    }
}
