package org.shmrt.stream;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;
import org.shmrt.posix.Faults;
import org.shmrt.stream.engine.OrderMark;
import org.shmrt.stream.engine.SlotFrames;
import org.shmrt.stream.engine.SlotHeaders;

/**
 * Where one reader stands in the slots of one stream: the last frame taken in order, and the frame it looks at now.
 * Takes frames that are there; waiting is the reader's. Used by the reader's thread; nothing allocates.
 */
final class FrameCursor {
    /** A writer that never pauses can move the index between any two loads; it has no dead predecessor to hide. */
    private static final int MAX_LOOKS = 1000;

    private final SlotHeaders headers;
    private final SlotFrames frames;
    private final int depth;

    /** Counter of the last frame taken in order, from which the next is reckoned. */
    private long tail;

    private int slot;
    private long count;
    private boolean hasFrame;
    private long lost;
    private long lostTotal;

    /** What else the header says of the current frame, loaded when it is first asked for. */
    private boolean hasDetails = true;

    private long cnt1;
    private long frameId;
    private long acquiredNs;
    private byte mark;

    FrameCursor(ImageStream stream) {
        MemorySegment file = stream.segment().asReadOnly();
        this.headers = stream.headers(file);
        this.frames = new SlotFrames(file, stream.layout());
        this.depth = stream.layout().depth();
    }

    SlotHeaders headers() {
        return headers;
    }

    /** Starts behind the newest frame, so that the next one published is the next one taken. */
    void startAfterNewest() {
        int looks = 0;
        do {
            slot = headers.newestSlotAcquire();
            count = headers.countAcquire(slot);
            // A counter of another turn than the index is one that a killed writer's successor gives out again.
        } while (headers.newestSlotAcquire() != slot && ++looks < MAX_LOOKS);
        tail = count;
    }

    /** Goes on from another stream of the name, of which no frame was seen yet; losses go on being added up. */
    void startBefore(FrameCursor former) {
        lostTotal = former.lostTotal;
    }

    /** Forgets the current frame, as every call for another does first. */
    void drop() {
        hasFrame = false;
        lost = 0;
    }

    /**
     * Takes a frame newer than the last one taken, if there is one.
     *
     * @param inOrder whether it must be the one right after, as long as the slots still hold that
     * @return null if there is none, or while the one there is cannot be read; {@link Verdict#RECREATED} if the
     *     stream was filled anew in place
     */
    Verdict take(boolean inOrder) {
        int newestSlot = headers.newestSlotAcquire();
        long newest = headers.countAcquire(newestSlot);
        // A lower counter is DAO's index that became visible before its counter, or a stream created anew,
        // which the checks of the slow path recognise.
        if (newest <= tail) {
            return null;
        }
        long behind = newest - tail - 1;
        if (inOrder && behind > 0 && behind < depth) {
            int next = Math.floorMod(newestSlot - (int) behind, depth);
            if (headers.countAcquire(next) == tail + 1 && headers.isFlagDownAcquire(next)) {
                return taken(next, tail + 1, Verdict.FRESH);
            }
        }
        if (!headers.isFlagDownAcquire(newestSlot)) {
            return null;
        }
        Verdict passed = inOrder && depth > 1 ? Verdict.LAPPED : Verdict.SKIPPED;
        return taken(newestSlot, newest, behind == 0 ? Verdict.FRESH : passed);
    }

    private Verdict taken(int newSlot, long newCount, Verdict verdict) {
        if (!headers.isSameLife()) {
            return Verdict.RECREATED;
        }
        lost = newCount - tail - 1;
        lostTotal += lost;
        tail = newCount;
        slot = newSlot;
        count = newCount;
        hasDetails = false;
        hasFrame = true;
        return verdict;
    }

    /**
     * Loads what else the header says of the current frame, but for the mark, which {@link #isCopyValid} takes along.
     * Not part of taking a frame: it lies in other cache lines than the counter, which its writer then has to fetch
     * back, and few readers ask for it.
     */
    void loadDetails() {
        acquiredNs = headers.acquiredNs(slot);
        cnt1 = headers.cnt1(slot);
        frameId = headers.cnt2(slot);
        hasDetails = true;
    }

    /** Loads it if that was not done yet; zeros stay where the frame has been overwritten by then. */
    private void needDetails() {
        if (hasDetails) {
            return;
        }
        boolean same = false;
        try {
            loadDetails();
            same = isCopyUnchanged();
            Faults.settle();
        } catch (InternalError | IllegalStateException e) {
            same = false; // cut off, or closed: the next call that is to take a frame says so
        }
        if (!same) {
            acquiredNs = cnt1 = frameId = mark = 0;
            hasDetails = true;
        }
    }

    /**
     * Takes the newest frame, taken before or not.
     *
     * @param patient whether an index that is ahead of its counter is waited out
     * @return false while it is being written
     */
    boolean takeNewest(boolean patient) {
        int newSlot = headers.newestSlotAcquire();
        long newCount = headers.countAcquire(newSlot);
        slot = newSlot;
        count = newCount;
        hasDetails = false;
        if (!headers.isFlagDownAcquire(newSlot) || patient && isIndexAhead()) {
            return false;
        }
        tail = newCount;
        hasFrame = true;
        return true;
    }

    /** Whether the newest slot still bears the counter of its last turn: DAO's library moves the index first. */
    private boolean isIndexAhead() {
        return depth > 1 && count < headers.countAcquire(headers.before(slot));
    }

    /** Shows the newest frame although it is half written, for those who must see it all the same. */
    void showUnfinished() {
        tail = count;
        loadDetails();
        mark = headers.mark(slot);
    }

    /** Looks at a slot, whatever frame it holds; the next frame in order stays what it was. */
    boolean takeSlot(int newSlot) {
        slot = newSlot;
        count = headers.countAcquire(newSlot);
        loadDetails();
        hasFrame = isCopyUnchanged();
        return hasFrame;
    }

    /** Whether the current frame is what it was when it was taken. */
    boolean isValid() {
        return hasFrame && isUnchanged();
    }

    /** The same of a copy that {@link #loadDetails} began: its mark is that of the load that finds the flag down. */
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

    /** Adds losses of a read that took more than one frame before one stayed whole. */
    void addLost(long before) {
        lost += before;
    }

    void setLost(long total) {
        lost = total;
    }

    /** Counts the current frame as lost, for it was overtaken while it was copied: how many are lost with it. */
    long loseCurrent() {
        lostTotal++;
        return lost + 1;
    }

    MemorySegment frame() {
        return frames.of(slot);
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
}
