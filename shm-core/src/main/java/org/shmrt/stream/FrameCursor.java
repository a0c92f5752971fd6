package org.shmrt.stream;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;
import org.shmrt.posix.Faults;
import org.shmrt.stream.engine.MappedStream;
import org.shmrt.stream.engine.OrderMark;
import org.shmrt.stream.engine.SlotFrames;
import org.shmrt.stream.engine.SlotHeaders;

/**
 * The position of one reader in the slots of one stream: the last frame taken in order, and the current frame. Takes
 * frames that exist; waiting is the reader's task. Used by the reader's thread; nothing allocates.
 */
final class FrameCursor {
    /** Limit of the retries: a writer that never pauses can move the index between any two loads. */
    private static final int MAX_LOOKS = 1000;

    /** A counter at most this far after the former sequence's last one continues that sequence. */
    private static final long MAX_GAP_OF_FORMER = 1000;

    /**
     * After this many frames, a sequence that approaches the last counter of the former one has reached it by itself.
     */
    private static final long MAX_SINCE_RESTART = 1000;

    private final SlotHeaders headers;
    private final SlotFrames frames;
    private final int depth;

    /** Counter of the last frame taken in order, from which the next one is computed. */
    private long tail;

    private int slot;
    private long count;
    private boolean hasFrame;
    private long lost;
    private long lostTotal;
    private long restarts;

    /** The sequence before the last restart: whether there was one in this stream, and its last counter. */
    private boolean hasFormer;

    private long formerTail;

    /** Counter of the first frame after the last restart. */
    private long restartedAt;

    /** The other header fields of the current frame are loaded on first use. */
    private boolean hasDetails = true;

    private long cnt1;
    private long frameId;
    private long acquiredNs;
    private byte mark;

    FrameCursor(MappedStream stream) {
        MemorySegment file = stream.segment().asReadOnly();
        this.headers = stream.headers(file);
        this.frames = new SlotFrames(file, stream.layout());
        this.depth = stream.layout().depth();
    }

    SlotHeaders headers() {
        return headers;
    }

    /** Starts after the newest frame, so that the next one published is the next one taken. */
    void startAfterNewest() {
        int looks = 0;
        do {
            slot = headers.newestSlotAcquire();
            count = headers.countAcquire(slot);
            // A counter older than the index would be one that the successor of a killed writer uses again.
        } while (headers.newestSlotAcquire() != slot && ++looks < MAX_LOOKS);
        tail = count;
    }

    /** Continues from a former stream of the same path: its losses are added, no frame of this one was seen yet. */
    void startBefore(FrameCursor former) {
        lostTotal = former.lostTotal;
        restarts = former.restarts;
    }

    /** Drops the current frame, as every request for another one does first. */
    void drop() {
        hasFrame = false;
        lost = 0;
    }

    /**
     * Takes a frame newer than the last one taken, if there is one: the one right after it if {@link Wanted#NEXT} asks
     * for that and the slots still hold it, else the newest.
     *
     * @return {@link Verdict#TIMED_OUT} if there is none, or while it cannot be read; {@link Verdict#RECREATED} if the
     *     stream was re-created in place
     */
    Verdict take(Wanted wanted) {
        int newestSlot = headers.newestSlotAcquire();
        long newest = headers.countAcquire(newestSlot);
        if (newest == tail) {
            return Verdict.TIMED_OUT;
        }
        // Counters are unsigned.
        if (Long.compareUnsigned(newest, tail) < 0) {
            return takeRestarted(newestSlot, newest);
        }
        long behind = newest - tail - 1;
        boolean isRecent = Long.compareUnsigned(behind, depth) < 0;
        if (wanted == Wanted.NEXT && behind != 0 && isRecent) {
            int next = Math.floorMod(newestSlot - (int) behind, depth);
            if (headers.countAcquire(next) == tail + 1 && headers.isFlagDownAcquire(next)) {
                return taken(next, tail + 1, Verdict.FRESH);
            }
        }
        if (!headers.isFlagDownAcquire(newestSlot)) {
            return Verdict.TIMED_OUT;
        }
        if (hasFormer && !isRecent && isOfFormerSequence(newest)) {
            return takeRestarted(newestSlot, newest);
        }
        Verdict passed = wanted == Wanted.NEXT && depth > 1 ? Verdict.LAPPED : Verdict.SKIPPED;
        return taken(newestSlot, newest, behind == 0 ? Verdict.FRESH : passed);
    }

    /**
     * Takes the newest frame of another sequence: a program has set the counter back, has begun to count again, or
     * counts independently of the writer.
     */
    private Verdict takeRestarted(int newestSlot, long newest) {
        // A count of 0 means that the new sequence has no frame yet.
        if (newest == 0 || !headers.isFlagDownAcquire(newestSlot) || !headers.isNewSequence(newestSlot, newest)) {
            return Verdict.TIMED_OUT;
        }
        long former = tail;
        tail = newest - 1;
        Verdict verdict = taken(newestSlot, newest, Verdict.RESTARTED);
        if (verdict == Verdict.RESTARTED) {
            restarts++;
            hasFormer = true;
            formerTail = former;
            restartedAt = newest;
        } else {
            tail = former;
        }
        return verdict;
    }

    /**
     * Whether a counter continues the sequence before the last restart: two programs count independently. A sequence
     * that has run for a long time and approaches the former counter by itself is not meant.
     */
    private boolean isOfFormerSequence(long newest) {
        long distance = formerTail - tail;
        boolean isFar = Long.compareUnsigned(formerTail, tail) > 0
                && (Long.compareUnsigned(distance, MAX_GAP_OF_FORMER) > 0
                        || Long.compareUnsigned(tail - restartedAt, MAX_SINCE_RESTART) < 0);
        return isFar && Long.compareUnsigned(newest - formerTail - 1, MAX_GAP_OF_FORMER) < 0;
    }

    private Verdict taken(int newSlot, long newCount, Verdict verdict) {
        if (!headers.isSameInstance()) {
            return Verdict.RECREATED;
        }
        lost = newCount - tail - 1; // 0 after a restart
        lostTotal += lost;
        tail = newCount;
        slot = newSlot;
        count = newCount;
        hasDetails = false;
        hasFrame = true;
        return verdict;
    }

    /**
     * Loads the other header fields of the current frame, except the mark, which {@link #isCopyValid} loads. Not part
     * of taking a frame: these fields are in other cache lines than the counter, the writer would have to fetch those
     * lines back, and few readers need them.
     */
    void loadDetails() {
        acquiredNs = headers.acquiredNs(slot);
        cnt1 = headers.cnt1(slot);
        frameId = headers.cnt2(slot);
        hasDetails = true;
    }

    /** Loads them if that was not done yet; they are 0 if the frame has been overwritten since. */
    private void needDetails() {
        if (hasDetails) {
            return;
        }
        boolean same = false;
        try {
            loadDetails();
            same = isCopyUnchanged();
            Faults.poll();
        } catch (InternalError | IllegalStateException e) {
            same = false; // truncated or closed: the next call that takes a frame reports it
        }
        if (!same) {
            acquiredNs = cnt1 = frameId = mark = 0;
            hasDetails = true;
        }
    }

    /**
     * Takes the newest frame, taken before or not.
     *
     * @return false while it is being written, or its index is ahead of its counter
     */
    boolean takeNewest() {
        // In local variables, because the compiler reloads fields after each acquire load.
        int newestSlot = headers.newestSlotAcquire();
        long newest = headers.countAcquire(newestSlot);
        look(newestSlot, newest);
        if (!headers.isFlagDownAcquire(newestSlot) || headers.isIndexAhead(newestSlot, newest)) {
            return false;
        }
        tail = newest;
        hasFrame = true;
        return true;
    }

    /** The same, also where the index stays ahead of the counter: the counters are out of order, which is damage. */
    boolean takeNewestAnyOrder() {
        int newestSlot = headers.newestSlotAcquire();
        long newest = headers.countAcquire(newestSlot);
        look(newestSlot, newest);
        if (!headers.isFlagDownAcquire(newestSlot)) {
            return false;
        }
        tail = newest;
        hasFrame = true;
        return true;
    }

    private void look(int newestSlot, long newest) {
        slot = newestSlot;
        count = newest;
        hasDetails = false;
    }

    /** Makes the newest frame current although it is half written, for callers that need it anyway. */
    void showUnfinished() {
        tail = count;
        loadDetails();
        mark = headers.mark(slot);
    }

    /** Makes a slot's frame current, whichever it is; the next frame in order does not change. */
    boolean takeSlot(int newSlot) {
        slot = newSlot;
        count = headers.countAcquire(newSlot);
        loadDetails();
        hasFrame = isCopyUnchanged();
        return hasFrame;
    }

    /** Whether the current frame is unchanged since it was taken. */
    boolean isValid() {
        return hasFrame && isUnchanged();
    }

    /** The same for a copy that began with {@link #loadDetails}; also takes the mark, in the load of the flag. */
    boolean isCopyValid() {
        return hasFrame && isCopyUnchanged();
    }

    private boolean isCopyUnchanged() {
        VarHandle.acquireFence(); // as below
        short flagAndMark = headers.flagAndMarkAcquire(slot);
        mark = (byte) (flagAndMark >> 8);
        return (byte) flagAndMark == 0 && headers.countAcquire(slot) == count;
    }

    private boolean isUnchanged() {
        // Loads of the frame before, loads of flag and counter after; the flag before the counter.
        VarHandle.acquireFence();
        return headers.isFlagDownAcquire(slot) && headers.countAcquire(slot) == count;
    }

    /** Whether a frame that was current is unchanged since it was taken. */
    boolean isUnchanged(int ofSlot, long ofCount) {
        VarHandle.acquireFence(); // as above
        return headers.isFlagDownAcquire(ofSlot) && headers.countAcquire(ofSlot) == ofCount;
    }

    /** Adds the losses of a read that took more than one frame until one was whole. */
    void addLost(long before) {
        lost += before;
    }

    void setLost(long total) {
        lost = total;
    }

    /** Counts the current frame as lost, because it was overwritten while it was copied. Returns all lost so far. */
    long loseCurrent() {
        lostTotal++;
        return lost + 1;
    }

    MemorySegment frame() {
        return frames.of(slot);
    }

    /** The frame in one slot, which need not be the current one. */
    MemorySegment frame(int ofSlot) {
        return frames.of(ofSlot);
    }

    int slot() {
        return slot;
    }

    long count() {
        return count;
    }

    long cnt1() {
        needDetails();
        return cnt1;
    }

    long frameId() {
        needDetails();
        return frameId;
    }

    long acquiredNs() {
        needDetails();
        return acquiredNs;
    }

    /** Loaded by each call: few readers need it, and not all formats have it. */
    long writtenNs() {
        return headers.writtenNs(slot);
    }

    boolean isStrict() {
        needDetails();
        return mark == OrderMark.of(count);
    }

    long lost() {
        return lost;
    }

    long lostTotal() {
        return lostTotal;
    }

    long restarts() {
        return restarts;
    }
}
