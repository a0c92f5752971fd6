package org.shmrt.stream;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;
import java.util.concurrent.atomic.AtomicBoolean;
import org.agrona.concurrent.IdleStrategy;
import org.shmrt.memory.Faults;
import org.shmrt.posix.Semaphore;

/**
 * The reading side of a stream. One thread at a time may use it; {@link #close()} may come from any thread and
 * ends a wait within 50 ms, as an interrupt does. Nothing allocates while frames come.
 *
 * <p>A reader remembers the counter of the last frame it took, starting from the one it found, so a frame
 * published between two calls is never missed. Copying, with the copy checked against the writer:
 * <pre>{@code
 * Verdict verdict = reader.read(mine, timeoutNs);
 * }</pre>
 * Without a copy: take, use, validate.
 * <pre>{@code
 * while (reader.awaitNext(timeoutNs).hasFrame()) {
 *     process(reader.frame());
 *     if (!reader.validate()) continue;      // overwritten meanwhile: do not use what was computed
 * }
 * }</pre>
 *
 * <p>What a check proves. A writer of the strict order (this library, milk's) changes the counter before it
 * lowers the write flag, so equal counters and a lowered flag around a copy prove the copy whole. DAO's own
 * library lowers the flag first and counts some tens of nanoseconds later: a copy that ends in that gap can be
 * torn unnoticed. {@link #isStrict()} tells which holds for the current frame.
 */
public final class FrameReader implements AutoCloseable {
    /** Longest sleep before a sleeping reader looks for a close, an interrupt or a changed file. */
    private static final long SLICE_NS = 20_000_000L;
    /** How often a reader that polls looks at the clock, and at those, in polls. */
    private static final int POLLS_PER_LOOK = 64;
    /** Waits shorter than this are timed from their first poll on; longer ones begin with polls alone. */
    private static final long FIRST_LOOK_NS = 10_000L;
    /** How long, in polls, an index ahead of its counter is waited out; counters out of order for longer are damage. */
    private static final int INDEX_POLLS = 10_000;
    /** How often a waiting reader looks whether its file is still the one of that name. */
    private static final long GROUND_CHECK_NS = 100_000_000L;

    /** Which frame a call is after. */
    private enum Wanted {
        /** The one after the last taken. */
        NEXT,
        /** The newest, if it was not taken yet. */
        NEWER,
        /** The newest, taken before or not. */
        NEWEST
    }

    private final ImageStream stream;
    private final SlotHeaders headers;
    private final SlotFrames frames;
    private final StaleFlag stale;
    private final SemaphoreSet.Reservation reservation;
    private final Semaphore semaphore;
    private final IdleStrategy idle;
    private final long spinNs;
    private final int depth;
    private final long frameBytes;

    private int slot;
    private long count;
    private long cnt1;
    private long frameId;
    private long acquiredNs;
    private byte mark;
    private boolean hasFrame;
    private long lost;
    private long lostTotal;
    private long groundCheckedNs;
    private final AtomicBoolean closed = new AtomicBoolean();

    FrameReader(ImageStream stream, MemorySegment file, WaitStrategy wait, SemaphoreSet semaphores,
            SemaphoreSet.Reservation reservation) {
        MemorySegment readOnly = file.asReadOnly();
        this.stream = stream;
        this.headers = new SlotHeaders(readOnly, stream.layout());
        this.frames = new SlotFrames(readOnly, stream.layout());
        this.stale = new StaleFlag(stream, headers);
        this.reservation = reservation;
        this.semaphore = reservation == null ? null : semaphores.get(reservation.index());
        this.idle = wait.idleStrategy();
        this.spinNs = wait.spinNs();
        this.depth = stream.layout().depth();
        this.frameBytes = stream.layout().frameBytes();
        this.groundCheckedNs = System.nanoTime();
        try {
            slot = headers.newestSlotAcquire();
            count = headers.countAcquire(slot);
            Faults.settle();
        } catch (InternalError e) {
            // cut off between open and here: the first call finds the same and says so
            count = 0;
        }
    }

    /**
     * Takes the next frame in the order they were written, waiting for it if need be. At depth 1 that is the
     * newest; at depth N the reader may be up to N - 1 frames behind.
     *
     * @param timeoutNs how long to wait; 0 to look once
     * @return {@link Verdict#FRESH}, {@link Verdict#SKIPPED} (depth 1) or {@link Verdict#LAPPED} with a frame,
     *     else why there is none
     */
    public Verdict awaitNext(long timeoutNs) {
        return await(timeoutNs, Wanted.NEXT);
    }

    /**
     * Takes the newest frame that this reader has not taken yet, waiting for it if need be.
     *
     * @param timeoutNs how long to wait; 0 to look once
     * @return {@link Verdict#FRESH} or {@link Verdict#SKIPPED} with a frame, else why there is none
     */
    public Verdict awaitNewest(long timeoutNs) {
        return await(timeoutNs, Wanted.NEWER);
    }

    /**
     * Takes the newest frame there is, taken before or not, waiting only while it is being overwritten, and one
     * second at most. In a stream without any frame yet that is its first slot, with count 0.
     *
     * @return {@link Verdict#FRESH}, or why there is none; {@link Verdict#TIMED_OUT} if a live writer keeps the frame
     *     claimed; after {@link Verdict#STALE_WRITER} the half-written frame can be seen all the same with
     *     {@link #frame()}
     */
    public Verdict newest() {
        return await(2 * stream.staleAfterNs(), Wanted.NEWEST);
    }

    /**
     * Waits for the next frame as {@link #awaitNext} does and copies it out, checked. A copy that the writer
     * overtook is not returned: the call goes on to a later frame.
     *
     * @param target exactly one frame's bytes
     * @param timeoutNs how long to wait in all
     * @return with a frame: {@code target} holds it whole
     * @throws IllegalArgumentException if {@code target} is not one frame's size
     */
    public Verdict read(MemorySegment target, long timeoutNs) {
        return read(target, timeoutNs, Wanted.NEXT);
    }

    /**
     * Waits for a frame newer than the last taken as {@link #awaitNewest} does and copies it out, checked.
     *
     * @param target exactly one frame's bytes
     * @param timeoutNs how long to wait in all
     * @return with a frame: {@code target} holds it whole
     * @throws IllegalArgumentException if {@code target} is not one frame's size
     */
    public Verdict readNewer(MemorySegment target, long timeoutNs) {
        return read(target, timeoutNs, Wanted.NEWER);
    }

    /**
     * Copies the newest frame out, checked, waiting for none.
     *
     * @param target exactly one frame's bytes
     * @param timeoutNs how long to try while a writer overwrites or holds the frame
     * @return with a frame: {@code target} holds it whole
     * @throws IllegalArgumentException if {@code target} is not one frame's size
     */
    public Verdict readNewest(MemorySegment target, long timeoutNs) {
        return read(target, timeoutNs, Wanted.NEWEST);
    }

    private Verdict read(MemorySegment target, long timeoutNs, Wanted wanted) {
        stream.checkFrameSize(target);
        long startNs = 0;
        long leftNs = timeoutNs;
        long lostBefore = 0;
        while (true) {
            Verdict verdict = await(leftNs, wanted);
            lost += lostBefore;
            Verdict copied = verdict.hasFrame() ? copyChecked(target) : verdict;
            if (copied == Verdict.FRESH) {
                return verdict == Verdict.FRESH && lostBefore > 0 ? Verdict.SKIPPED : verdict;
            }
            if (copied != Verdict.LAPPED) {
                return copied;
            }
            // The writer came by during the copy: a frame wanted in its turn is lost, and a later one is on its way.
            if (wanted != Wanted.NEWEST) {
                lostBefore = lost + 1;
                lostTotal++;
            }
            long nowNs = System.nanoTime();
            startNs = startNs == 0 ? nowNs : startNs;
            leftNs = timeoutNs - (nowNs - startNs);
            if (leftNs <= 0) {
                lost = lostBefore;
                return Verdict.TIMED_OUT;
            }
        }
    }

    /**
     * Copies the current frame out.
     *
     * @param target exactly one frame's bytes
     * @return whether the copy is whole; if not, the writer has overtaken this reader, or the memory is gone
     */
    public boolean copyTo(MemorySegment target) {
        return copyChecked(target) == Verdict.FRESH;
    }

    /** Fresh for a whole copy, lapped for one the writer overtook, else what has become of the memory. */
    private Verdict copyChecked(MemorySegment target) {
        try {
            MemorySegment.copy(frame(), 0, target, 0, frameBytes);
            Faults.settle();
        } catch (InternalError e) {
            hasFrame = false;
            return stream.groundVerdict();
        } catch (IllegalStateException e) {
            hasFrame = false;
            return closedOr(e);
        }
        return validate() ? Verdict.FRESH : Verdict.LAPPED;
    }

    /**
     * The current frame in the shared memory itself, read-only. Its content may change at any moment.
     *
     * @return exactly one frame's bytes, in memory order
     */
    public MemorySegment frame() {
        return frames.of(slot);
    }

    /**
     * Whether the current frame has stayed as it was since it was taken. Call it after using the frame.
     *
     * @return false if it was or is being overwritten, or its memory is gone
     */
    public boolean validate() {
        if (!hasFrame) {
            return false;
        }
        try {
            // Loads of the frame before, loads of flag and counter after; the flag before the counter.
            VarHandle.acquireFence();
            boolean same = headers.isFlagDownAcquire(slot) && headers.countAcquire(slot) == count;
            Faults.settle();
            return same;
        } catch (InternalError e) {
            return false;
        } catch (IllegalStateException e) {
            closedOr(e);
            return false;
        }
    }

    /**
     * Whether the writer of the current frame is known to count before it lowers the flag, so that
     * {@link #validate()} proves more than it can for DAO's own library. The mark has seven bits: a foreign program
     * that writes while a ShmRT writer is open, or after one was killed, may hit a fitting one once in 128 frames.
     *
     * @return true if the frame bears the mark of the strict order
     */
    public boolean isStrict() {
        return mark == OrderMark.of(count);
    }

    /**
     * The current frame's counter (cnt0).
     *
     * @return 1 for the first frame of a stream
     */
    public long count() {
        return count;
    }

    /**
     * Frames that passed unseen right before the current one.
     *
     * @return 0 after {@link Verdict#FRESH}
     */
    public long lost() {
        return lost;
    }

    /**
     * Frames that passed unseen since this reader was made.
     *
     * @return their number
     */
    public long lostTotal() {
        return lostTotal;
    }

    /**
     * The current frame's id (cnt2), as its writer set it.
     *
     * @return the id; where the writer sets none, what was in the slot before, 0 at first
     */
    public long frameId() {
        return frameId;
    }

    /**
     * The current frame's second counter (cnt1); its meaning is the format's.
     *
     * @return the counter
     */
    public long cnt1() {
        return cnt1;
    }

    /**
     * When the current frame was acquired, as its writer says.
     *
     * @return nanoseconds since 1970, 0 if never set
     */
    public long acquiredNs() {
        return acquiredNs;
    }

    /**
     * The semaphore this reader sleeps on.
     *
     * @return its index, or -1 for a reader that polls
     */
    public int semaphoreIndex() {
        return reservation == null ? -1 : reservation.index();
    }

    private Verdict await(long timeoutNs, Wanted wanted) {
        lost = 0;
        hasFrame = false;
        if (closed.get()) {
            return Verdict.CLOSED;
        }
        try {
            Verdict verdict = wanted == Wanted.NEWEST ? takeNewest(timeoutNs) : take(wanted);
            if (verdict == null) {
                verdict = timeoutNs <= 0 ? Verdict.TIMED_OUT : waitFor(wanted, timeoutNs);
            }
            Faults.settle();
            return verdict;
        } catch (InternalError e) {
            return stream.groundVerdict();
        } catch (IllegalStateException e) {
            return closedOr(e);
        }
    }

    /** Takes a frame if there is one; null if not, or while the one there is cannot be read. */
    private Verdict take(Wanted wanted) {
        boolean inOrder = wanted == Wanted.NEXT;
        int newestSlot = headers.newestSlotAcquire();
        long newest = headers.countAcquire(newestSlot);
        // A lower counter is DAO's index that became visible before its counter, or a stream created anew,
        // which the checks of the slow path recognise.
        if (newest <= count) {
            return null;
        }
        long behind = newest - count - 1;
        if (inOrder && behind > 0 && behind < depth) {
            int next = Math.floorMod(newestSlot - (int) behind, depth);
            if (headers.countAcquire(next) == count + 1 && headers.isFlagDownAcquire(next)) {
                return taken(next, count + 1, Verdict.FRESH);
            }
        }
        if (!headers.isFlagDownAcquire(newestSlot)) {
            return null;
        }
        Verdict passed = inOrder && depth > 1 ? Verdict.LAPPED : Verdict.SKIPPED;
        return taken(newestSlot, newest, behind == 0 ? Verdict.FRESH : passed);
    }

    private Verdict taken(int newSlot, long newCount, Verdict verdict) {
        lost = newCount - count - 1;
        lostTotal += lost;
        slot = newSlot;
        count = newCount;
        hasFrame = true;
        loadHeader();
        return verdict;
    }

    /** Loads what the header says of the frame just taken; like the pixels, it counts only if validated after. */
    private void loadHeader() {
        acquiredNs = headers.acquiredNs(slot);
        cnt1 = headers.cnt1(slot);
        frameId = headers.cnt2(slot);
        mark = headers.mark(slot);
    }

    private Verdict takeNewest(long timeoutNs) {
        long startNs = 0;
        int polls = 0;
        while (true) {
            slot = headers.newestSlotAcquire();
            count = headers.countAcquire(slot);
            if (headers.isFlagDownAcquire(slot) && (polls++ >= INDEX_POLLS || !isIndexAhead())) {
                hasFrame = true;
                loadHeader();
                return Verdict.FRESH;
            }
            Thread.onSpinWait();
            if (stale.isStale()) {
                loadHeader();
                return Verdict.STALE_WRITER;
            }
            // The clock is read only once a frame had to be waited for.
            startNs = startNs == 0 ? System.nanoTime() : startNs;
            Verdict stop = reasonToStop(System.nanoTime() - startNs, timeoutNs);
            if (stop != null) {
                return stop;
            }
        }
    }

    /** Whether the newest slot still bears the counter of its last turn: DAO's library moves the index first. */
    private boolean isIndexAhead() {
        return depth > 1 && count < headers.countAcquire(headers.before(slot));
    }

    private Verdict waitFor(Wanted wanted, long timeoutNs) {
        if (spinNs >= FIRST_LOOK_NS && timeoutNs >= FIRST_LOOK_NS) {
            // A frame that is about to come finds a reader that polls, not one that asks for the time.
            for (int polls = 0; polls < POLLS_PER_LOOK; polls++) {
                Thread.onSpinWait();
                Verdict verdict = take(wanted);
                if (verdict != null) {
                    return verdict;
                }
            }
        }
        long startNs = System.nanoTime();
        if (idle != null) {
            idle.reset();
        }
        for (int polls = 0; ; polls++) {
            Verdict verdict = take(wanted);
            if (verdict != null) {
                return verdict;
            }
            long spentNs = 0;
            boolean look = idle != null || polls % POLLS_PER_LOOK == 0;
            if (look) {
                spentNs = System.nanoTime() - startNs;
                verdict = reasonToStop(spentNs, timeoutNs);
                if (verdict != null) {
                    return verdict;
                }
                if (startNs + spentNs - groundCheckedNs >= GROUND_CHECK_NS) {
                    groundCheckedNs = startNs + spentNs;
                    verdict = stream.groundVerdictOrNull();
                    if (verdict != null) {
                        return verdict;
                    }
                }
                if (stale.isStale()) {
                    return Verdict.STALE_WRITER;
                }
            }
            if (look && semaphore != null && spentNs >= spinNs) {
                semaphore.acquire(Math.min(SLICE_NS, timeoutNs - spentNs));
                // Token before counter, also where the processor is free to turn the two around.
                VarHandle.fullFence();
                polls = -1;
            } else if (idle != null) {
                idle.idle();
            } else {
                Thread.onSpinWait();
            }
        }
    }

    private Verdict reasonToStop(long spentNs, long timeoutNs) {
        if (closed.get() || !stream.isOpen() || Thread.currentThread().isInterrupted()) {
            return Verdict.CLOSED;
        }
        return spentNs >= timeoutNs ? Verdict.TIMED_OUT : null;
    }

    /** A segment of a closed arena throws; any other such exception is a mistake of the caller. */
    private Verdict closedOr(IllegalStateException e) {
        if (closed.get() || !stream.isOpen()) {
            return Verdict.CLOSED;
        }
        throw e;
    }

    /** Ends reading and frees the semaphore for another reader. Closing twice is harmless. */
    @Override
    public void close() {
        if (closed.getAndSet(true)) {
            return;
        }
        stream.forget(this);
        if (reservation != null) {
            reservation.release();
        }
    }
}
