package org.shmrt.stream;

import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicBoolean;
import org.shmrt.posix.Faults;
import org.shmrt.posix.GuardedCopy;
import org.shmrt.posix.Semaphore;
import org.shmrt.stream.engine.MappedStream;
import org.shmrt.stream.engine.SemaphoreSet;

/**
 * One stream of a {@link StreamSet}: the frame that waits for its partners, the frame of the last match, and the totals.
 * For the set's thread, except {@link #close()}. No call allocates.
 */
final class SetMember implements AutoCloseable {
    private final ImageStream stream;
    private final MappedStream mapped;
    private final FrameCursor cursor;
    private final FrameWait waiting;
    private final SemaphoreSet.Reserved reserved;
    private final long clockOffsetNs;
    private final AtomicBoolean closed = new AtomicBoolean();

    private Verdict verdict = Verdict.TIMED_OUT;
    /** Whether the cursor's current frame waits for its partners. */
    private boolean held;
    /** Whether a held frame was overwritten: those between it and the next one taken waited for partners too. */
    private boolean superseded;
    /** What the held frame is compared by, once it is loaded. */
    private long key;

    private boolean hasKey;

    /** Whether the frame below belongs to a match that this call found and has not returned yet. */
    private boolean chosen;
    /** Whether the frame below belongs to the match that was returned last. */
    private boolean fresh;

    private boolean any;
    private int slot;
    private long count;

    private long taken;
    private long matched;
    private long unmatched;
    private long lost;

    SetMember(ImageStream stream, WaitStrategy wait) {
        this.stream = stream;
        mapped = stream.mapped();
        mapped.checkOpen();
        reserved = FrameWait.reserve(mapped, wait);
        boolean made = false;
        try {
            cursor = new FrameCursor(mapped);
            waiting = new FrameWait(mapped, cursor, wait, reserved, this::isEnded);
            clockOffsetNs = stream.layout().clock().offsetNs();
            startAfterNewest();
            stream.closeToo(this);
            made = true;
        } finally {
            if (!made && reserved != null) {
                reserved.release(); // another thread has closed the stream
            }
        }
    }

    private void startAfterNewest() {
        try {
            cursor.startAfterNewest();
            Faults.poll();
        } catch (InternalError e) {
            // The file was truncated since it was opened: the first wait reports it.
        }
    }

    MappedStream mapped() {
        return mapped;
    }

    /** Begins a wait: the frame of the last match is given up. */
    void begin() {
        fresh = false;
        if (chosen) {
            chosen = false; // the wait before ended with an error
            lost++;
        }
    }

    /** Makes sure that an intact frame waits for its partners, if there is one. */
    boolean hold(Wanted wanted) {
        if (held) {
            if (cursor.isValid()) {
                return true;
            }
            supersede();
        }
        verdict = cursor.take(wanted);
        if (!verdict.hasFrame()) {
            return false;
        }
        waiting.noteArrival(verdict);
        held = true;
        hasKey = false;
        taken += 1 + cursor.lost();
        if (superseded) {
            unmatched += cursor.lost();
            superseded = false;
        } else {
            lost += cursor.lost();
        }
        return true;
    }

    /** The same, and loads what the frame is compared by. */
    boolean holdWithKey(StreamSet.Matching matching) {
        if (!hold(Wanted.NEXT)) {
            return false;
        }
        if (hasKey) {
            return true;
        }
        cursor.loadDetails();
        if (!cursor.isCopyValid()) {
            held = false; // overwritten at the very moment it was taken
            lost++;
            return false;
        }
        hasKey = true;
        key = matching == StreamSet.Matching.ID ? cursor.frameId() : cursor.acquiredNs() - clockOffsetNs;
        return true;
    }

    /** Replaces the held frame by a newer one if there is one. False if it is being overwritten now. */
    boolean refresh() {
        verdict = cursor.take(Wanted.NEWER);
        if (verdict.hasFrame()) {
            waiting.noteArrival(verdict);
            taken += 1 + cursor.lost();
            unmatched += 1 + cursor.lost();
            return true;
        }
        if (cursor.isValid()) {
            verdict = Verdict.FRESH;
            return true;
        }
        supersede();
        return false;
    }

    private void supersede() {
        drop();
        superseded = true;
    }

    /** The held frame has no partner. */
    void drop() {
        held = false;
        unmatched++;
    }

    boolean isHeld() {
        return held;
    }

    long key() {
        return key;
    }

    /** Makes the held frame the frame of a match, instead of the one of an older match of the same wait. */
    void choose() {
        if (chosen) {
            lost++;
        }
        chosen = true;
        held = false;
        any = true;
        slot = cursor.slot();
        count = cursor.count();
    }

    /** The match is returned. */
    void confirm() {
        fresh = chosen;
        if (chosen) {
            matched++;
            chosen = false;
            verdict = verdict.hasFrame() ? verdict : Verdict.FRESH;
        }
    }

    /** Whether the wait has to end because of this stream; {@link Verdict#TIMED_OUT} if not. */
    Verdict check(long nowNs) {
        Verdict now = verdict.isMoved() ? verdict : waiting.checkState(nowNs);
        if (now != Verdict.TIMED_OUT) {
            verdict = now;
        }
        return now;
    }

    /** Null if there is none to sleep on. */
    Semaphore semaphore() {
        return waiting.semaphore();
    }

    /** The longest sleep until the next look at this stream. */
    long limitSleep(long timeNs, long nowNs) {
        return waiting.limitSleep(timeNs, nowNs);
    }

    boolean renewSemaphore() {
        return waiting.renewSemaphore();
    }

    Verdict verdict() {
        return verdict;
    }

    void verdict(Verdict now) {
        verdict = now;
    }

    boolean isFresh() {
        return fresh;
    }

    MemorySegment frame() {
        return any ? cursor.frame(slot) : cursor.frame(0).asSlice(0, 0);
    }

    boolean isUnchanged() {
        return cursor.isUnchanged(slot, count);
    }

    boolean copyTo(MemorySegment target) {
        mapped.checkFrameSize(target);
        GuardedCopy.copy(cursor.frame(slot), 0, target, 0, mapped.layout().frameBytes());
        boolean whole = isUnchanged();
        Faults.poll();
        return whole;
    }

    long count() {
        return any ? count : 0;
    }

    long frameId() {
        return checked(cursor.headers().cnt2(slot));
    }

    long acquiredNs() {
        return checked(cursor.headers().acquiredNs(slot));
    }

    /** A header field that was just loaded; 0 if the frame was overwritten. */
    private long checked(long value) {
        boolean same = any && isUnchanged();
        Faults.poll();
        return same ? value : 0;
    }

    long lost() {
        return lost;
    }

    long unmatched() {
        return unmatched;
    }

    StreamSet.Totals totals() {
        return new StreamSet.Totals(taken, matched, unmatched, lost, held ? 1 : 0);
    }

    boolean isEnded() {
        return closed.get() || !stream.isOpen();
    }

    @Override
    public void close() {
        if (closed.getAndSet(true)) {
            return;
        }
        stream.forget(this);
        if (reserved != null) {
            reserved.release();
        }
    }
}
