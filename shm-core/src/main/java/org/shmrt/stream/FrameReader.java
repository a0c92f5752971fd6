package org.shmrt.stream;

import java.lang.foreign.MemorySegment;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import org.shmrt.error.ClosedException;
import org.shmrt.error.IncompatibleException;
import org.shmrt.error.NotFoundException;
import org.shmrt.posix.Faults;
import org.shmrt.posix.GuardedCopy;
import org.shmrt.stream.engine.MappedStream;
import org.shmrt.stream.engine.SemaphoreSet;
import org.shmrt.text.FileNames;

/**
 * Reads the frames of a stream. For one thread at a time, except {@link #close()}, which any thread may call. It ends a
 * wait within 50 ms, as an interrupt does. Reading does not allocate, except at most 64 bytes for each sleep on a
 * semaphore.
 *
 * <p>A reader remembers the counter of the last frame it returned, at first that of the newest frame at its creation,
 * so it never misses a frame that is published between two calls. {@code reader.read(mine, timeoutNs)}
 * makes a checked copy. To read in place, without a copy:
 * <pre>{@code
 * while (reader.awaitNext(timeoutNs).hasFrame()) {
 *     process(reader.frame());
 *     if (!reader.validate()) continue;      // overwritten: do not use the result
 * }
 * }</pre>
 *
 * <p>The header fields of the current frame ({@link #acquiredNs()}, {@link #frameId()}, {@link #cnt1()},
 * {@link #isStrict()}) are part of a copy, like its pixels. In place they are in shared memory like the frame: read
 * them before {@link #validate()}. They are loaded by the first of these calls. If the frame was overwritten by then,
 * they are 0 and not strict.
 *
 * <p>A wait on a named semaphore (DAO) whose own file was truncated throws an {@link IncompatibleException} that names
 * the file. After the file is removed, the next wait creates the semaphore again.
 *
 * <p>What a check proves: a writer of the strict order (this library, milk's) changes the counter before it clears the
 * write flag, so if the counter is the same before and after a copy and the flag is clear, the copy is whole. DAO's own
 * library clears the flag first and changes the counter some tens of nanoseconds later, and a check at that moment can
 * accept a torn copy. {@link #isStrict()} reports which of the two applies to the current frame.
 *
 * <p>What it does not prove: that nobody truncated the file inside a page. The kernel fills the rest of that page with
 * zeros and raises no fault, and counter and flag stay as they are. A wait that does not find a frame at once compares
 * the size of the file every 100 ms, and then returns {@link Verdict#RECREATED}. A truncation that removes a whole page
 * of the frame raises a fault: a copy then returns a verdict or false, and code that reads in place gets an
 * {@link InternalError}.
 */
public final class FrameReader implements AutoCloseable {
    private final ImageStream opened;
    private final WaitStrategy wait;
    private RecreationPolicy recreation = RecreationPolicy.REPORT;

    /** The stream that is read: the one that returned the reader, or the later one at its path. */
    private ImageStream stream;

    private MappedStream mapped;
    private FrameCursor cursor;
    private FrameWait waiting;
    private SemaphoreSet.Reserved reserved;

    private int reattachments;
    /** The frame of {@link Verdict#RESTARTED} was overwritten before it was copied, so a later one has to report it. */
    private boolean owesRestart;

    private final AtomicBoolean closed = new AtomicBoolean();

    FrameReader(ImageStream stream, WaitStrategy wait) {
        this.opened = stream;
        this.wait = wait;
        attach(stream);
        try {
            cursor.startAfterNewest();
            Faults.poll();
        } catch (InternalError e) {
            // The file was truncated since it was opened: the first call reports it.
        } catch (RuntimeException | Error e) {
            detach(null, reserved); // another thread has closed the stream
            throw e;
        }
    }

    private void attach(ImageStream to) {
        MappedStream newMapped = to.mapped();
        SemaphoreSet.Reserved newReserved = FrameWait.reserve(newMapped, wait);
        try {
            FrameCursor newCursor = new FrameCursor(newMapped);
            if (cursor != null) {
                newCursor.startBefore(cursor);
            }
            waiting = new FrameWait(newMapped, newCursor, wait, newReserved, this::isEnded);
            stream = to;
            mapped = newMapped;
            cursor = newCursor;
            reserved = newReserved;
            owesRestart = false;
        } catch (RuntimeException | Error e) {
            detach(null, newReserved);
            throw e;
        }
    }

    /**
     * Continues with the stream that is at the path now, after this one was re-created or removed: from its first
     * frame, with its type and shape (see {@link #stream()}), and with one of its semaphores. The stream object that
     * returned this reader remains on the old file.
     *
     * @return false if there is no stream at the path at present
     * @throws IncompatibleException if the file at the path is not a valid stream
     * @throws ClosedException if this reader is closed
     */
    public boolean reattach() {
        if (closed.get()) {
            throw new ClosedException("the reader of " + FileNames.text(opened.path()) + " is closed");
        }
        ImageStream now;
        try {
            now = ImageStream.open(opened.path(), opened.access());
        } catch (NotFoundException e) {
            return false;
        }
        ImageStream former = stream;
        try {
            synchronized (this) {
                // Release first: where semaphores belong to the name, the new stream has the same ones.
                detach(null, reserved);
                attach(now);
            }
        } catch (RuntimeException | Error e) {
            now.close();
            throw e;
        }
        reattachments++;
        detach(former, null);
        if (closed.get()) {
            release(); // closed in the meantime, by a call that did not see the new stream
        }
        return true;
    }

    private void detach(ImageStream from, SemaphoreSet.Reserved held) {
        if (held != null) {
            held.release();
        }
        if (from != opened && from != null) {
            from.close();
        }
    }

    /**
     * Sets what to do when the stream is removed, re-created or resized.
     *
     * @param newRecreation the policy; initially {@link RecreationPolicy#REPORT}
     */
    public void onRecreation(RecreationPolicy newRecreation) {
        recreation = newRecreation;
    }

    /** {@return how often this reader continued with another stream at its path, initially 0} */
    public int reattachments() {
        return reattachments;
    }

    /**
     * Waits for the next frame in the order of writing and makes it the current frame. At depth 1 it is the newest
     * frame; at depth N the reader may be up to N - 1 frames behind.
     *
     * @param timeoutNs maximum time to wait; 0 to check once
     * @return {@link Verdict#FRESH}, {@link Verdict#SKIPPED} (depth 1) or {@link Verdict#LAPPED} with a frame, else the
     *     reason why there is none
     */
    public Verdict awaitNext(long timeoutNs) {
        return await(timeoutNs, Wanted.NEXT);
    }

    /**
     * Waits for a frame newer than the last one and makes the newest the current frame.
     *
     * @param timeoutNs maximum time to wait; 0 to check once
     * @return {@link Verdict#FRESH} or {@link Verdict#SKIPPED} with a frame, else the reason why there is none
     */
    public Verdict awaitNewest(long timeoutNs) {
        return await(timeoutNs, Wanted.NEWER);
    }

    /**
     * Makes the newest frame the current frame, even if it was read before. Waits only while the frame is being
     * overwritten, at most one second. In a stream without frames it is the first slot, with count 0.
     *
     * @return {@link Verdict#FRESH}, or the reason why there is none; {@link Verdict#TIMED_OUT} if a live writer keeps
     *     the frame claimed; after {@link Verdict#STALE_WRITER}, {@link #frame()} returns the incomplete frame
     */
    public Verdict newest() {
        return await(2 * mapped.staleAfterNs(), Wanted.NEWEST);
    }

    /**
     * Waits for the next frame as {@link #awaitNext} does, copies it and checks the copy. If the writer overwrites the
     * frame during the copy, the call continues with a later frame.
     *
     * @param target memory of the size of one frame
     * @param timeoutNs maximum time to wait in total
     * @return a verdict with a frame if {@code target} contains a whole frame, else the reason why there is none
     * @throws IllegalArgumentException if {@code target} does not have the size of one frame
     */
    public Verdict read(MemorySegment target, long timeoutNs) {
        return read(target, timeoutNs, Wanted.NEXT);
    }

    /**
     * Waits for a newer frame as {@link #awaitNewest} does, copies the newest and checks the copy.
     *
     * @param target memory of the size of one frame
     * @param timeoutNs maximum time to wait in total
     * @return a verdict with a frame if {@code target} contains a whole frame, else the reason why there is none
     * @throws IllegalArgumentException if {@code target} does not have the size of one frame
     */
    public Verdict readNewer(MemorySegment target, long timeoutNs) {
        return read(target, timeoutNs, Wanted.NEWER);
    }

    /**
     * Copies the newest frame, even if it was read before, and checks the copy. Does not wait for a new frame.
     *
     * @param target memory of the size of one frame
     * @param timeoutNs how long to retry while a writer overwrites or claims the frame
     * @return a verdict with a frame if {@code target} contains a whole frame, else the reason why there is none
     * @throws IllegalArgumentException if {@code target} does not have the size of one frame
     */
    public Verdict readNewest(MemorySegment target, long timeoutNs) {
        return read(target, timeoutNs, Wanted.NEWEST);
    }

    private Verdict read(MemorySegment target, long timeoutNs, Wanted wanted) {
        mapped.checkFrameSize(target);
        Verdict verdict = await(timeoutNs, wanted);
        Verdict copied = verdict.hasFrame() ? copyChecked(target) : verdict;
        if (copied == Verdict.FRESH) {
            return verdict;
        }
        owesRestart |= verdict == Verdict.RESTARTED;
        return copied == Verdict.LAPPED ? readLater(target, timeoutNs, wanted) : copied;
    }

    /** Continues after the writer overwrote the frame during the copy: in sequential reading the frame is lost. */
    private Verdict readLater(MemorySegment target, long timeoutNs, Wanted wanted) {
        long startNs = System.nanoTime();
        for (long leftNs = timeoutNs; ; leftNs = timeoutNs - (System.nanoTime() - startNs)) {
            long lostBefore = wanted == Wanted.NEWEST ? 0 : cursor.loseCurrent();
            if (leftNs <= 0) {
                cursor.setLost(lostBefore);
                return Verdict.TIMED_OUT;
            }
            Verdict verdict = await(leftNs, wanted);
            cursor.addLost(lostBefore);
            Verdict copied = verdict.hasFrame() ? copyChecked(target) : verdict;
            if (copied == Verdict.FRESH) {
                return verdict == Verdict.FRESH && lostBefore > 0 ? Verdict.SKIPPED : verdict;
            }
            owesRestart |= verdict == Verdict.RESTARTED;
            if (copied != Verdict.LAPPED) {
                return copied;
            }
        }
    }

    /**
     * Copies the current frame.
     *
     * @param target memory of the size of one frame
     * @return whether the copy is whole; if not, the writer has overwritten the frame, or its memory was unmapped or
     *     truncated
     */
    public boolean copyTo(MemorySegment target) {
        return copyChecked(target) == Verdict.FRESH;
    }

    /** LAPPED if the writer overwrote the frame. */
    private Verdict copyChecked(MemorySegment target) {
        try {
            cursor.loadDetails();
            GuardedCopy.copy(frame(), 0, target, 0, mapped.layout().frameBytes());
            boolean whole = cursor.isCopyValid();
            Faults.poll();
            return whole ? Verdict.FRESH : Verdict.LAPPED;
        } catch (InternalError | IllegalStateException e) {
            cursor.drop();
            return e instanceof IllegalStateException illegalState
                    ? closedOr(illegalState)
                    : Verdict.of(mapped.fileState());
        }
    }

    /**
     * The current frame in the shared memory, read-only. Its content may change at any moment.
     *
     * @return the bytes of the frame, in memory order
     */
    public MemorySegment frame() {
        return cursor.frame();
    }

    /**
     * Makes the frame in one slot the current frame. This does not change which frame is the next in sequence.
     *
     * @param slot 0 to depth - 1
     * @return {@link Verdict#FRESH}; {@link Verdict#TIMED_OUT} if the slot is being written; else the reason why there
     *     is no frame
     * @throws IndexOutOfBoundsException if there is no such slot
     */
    public Verdict takeSlot(int slot) {
        Objects.checkIndex(slot, stream.layout().depth());
        cursor.drop();
        if (closed.get()) {
            return Verdict.CLOSED;
        }
        try {
            boolean whole = cursor.takeSlot(slot);
            Faults.poll();
            return whole ? Verdict.FRESH : Verdict.TIMED_OUT;
        } catch (InternalError e) {
            return Verdict.of(mapped.fileState());
        } catch (IllegalStateException e) {
            return closedOr(e);
        }
    }

    /** Skips all frames published so far, without counting them as lost. The next frame read is one published later. */
    public void skipToNewest() {
        cursor.drop();
        try {
            cursor.startAfterNewest();
            Faults.poll();
        } catch (InternalError e) {
            // The next call fails in the same way and reports it.
        }
    }

    /**
     * Whether the current frame is unchanged since the call that returned it. Call this after using the frame. It compares
     * the counter and the write flag, not the size of the file: see the class description for what this proves.
     *
     * @return false if it was or is being overwritten, or the page with its header was truncated or unmapped
     */
    public boolean validate() {
        try {
            boolean same = cursor.isValid();
            Faults.poll();
            return same;
        } catch (InternalError e) {
            return false;
        } catch (IllegalStateException e) {
            closedOr(e);
            return false;
        }
    }

    /**
     * Whether the writer of the current frame is known to change the counter before it clears the flag, so that
     * {@link #validate()} proves that the frame is whole. The mark has seven bits: if another program writes while a
     * ShmRT writer is open, or after one was killed, one of 128 of its frames can have a matching mark.
     *
     * @return true if the frame has the mark of the strict order
     */
    public boolean isStrict() {
        return cursor.isStrict();
    }

    /**
     * The current frame's counter (cnt0).
     *
     * @return 1 for the first frame of a stream
     */
    public long count() {
        return cursor.count();
    }

    /**
     * The number of frames between the last frame and the current one that this reader did not return.
     *
     * @return their number, 0 after {@link Verdict#FRESH}
     */
    public long lost() {
        return cursor.lost();
    }

    /** {@return the number of frames that this reader did not return since its creation} */
    public long lostTotal() {
        return cursor.lostTotal();
    }

    /** {@return how often another sequence of frames began: the number of {@link Verdict#RESTARTED}} */
    public long restarts() {
        return cursor.restarts();
    }

    /** {@return the current frame's id (cnt2); if its writer sets none, the previous value of the slot, initially 0} */
    public long frameId() {
        return cursor.frameId();
    }

    /** {@return the current frame's second counter (cnt1), whose meaning the format defines} */
    public long cnt1() {
        return cursor.cnt1();
    }

    /**
     * The acquisition time of the current frame, as set by its writer.
     *
     * @return nanoseconds since 1970 on the stream's clock, 0 if never set
     */
    public long acquiredNs() {
        return cursor.acquiredNs();
    }

    /**
     * The time at which the current frame was written, in shared memory: it belongs to this frame only if a later
     * {@link #validate()} or {@link #copyTo} returns true.
     *
     * @return nanoseconds since 1970 on the stream's clock, 0 if the format does not store it or the memory was truncated
     */
    public long writtenNs() {
        try {
            long timeNs = cursor.writtenNs();
            Faults.poll();
            return timeNs;
        } catch (InternalError | IllegalStateException e) {
            return 0; // truncated or closed: the next call that takes a frame reports it
        }
    }

    /**
     * The index of the semaphore on which this reader sleeps.
     *
     * @return the index; -1 for a reader that polls, by its strategy or because other readers have claimed all semaphores
     */
    public int semaphoreIndex() {
        return reserved == null ? -1 : reserved.index();
    }

    FrameCursor cursor() {
        return cursor;
    }

    ImageStream opened() {
        return opened;
    }

    MappedStream mapped() {
        return mapped;
    }

    /**
     * The stream that this reader reads: the one that returned it, or the later one at its path.
     *
     * @return the stream; do not close a later one, {@link #close()} does
     */
    public ImageStream stream() {
        return stream;
    }

    Verdict await(long timeoutNs, Wanted wanted) {
        Verdict verdict = awaitHere(timeoutNs, wanted);
        if (owesRestart && verdict.hasFrame()) {
            owesRestart = false;
            return Verdict.RESTARTED;
        }
        return recreation == RecreationPolicy.FOLLOW && verdict.isMoved()
                ? Reattachment.follow(this, timeoutNs, wanted, verdict)
                : verdict;
    }

    private Verdict awaitHere(long timeoutNs, Wanted wanted) {
        cursor.drop();
        if (closed.get()) {
            return Verdict.CLOSED;
        }
        try {
            Verdict verdict;
            if (wanted == Wanted.NEWEST) {
                verdict = cursor.takeNewest() ? Verdict.FRESH : waiting.forNewest(timeoutNs);
            } else {
                verdict = cursor.take(wanted);
                if (verdict == Verdict.TIMED_OUT && timeoutNs > 0) {
                    verdict = waiting.forNext(wanted, timeoutNs);
                }
            }
            Faults.poll();
            return verdict;
        } catch (InternalError e) {
            return Verdict.of(mapped.fileState());
        } catch (IllegalStateException e) {
            return closedOr(e);
        }
    }

    boolean isEnded() {
        return closed.get() || !opened.isOpen();
    }

    /** Translates the exception of a segment of a closed arena. Any other illegal state is an error of the caller. */
    Verdict closedOr(IllegalStateException e) {
        if (isEnded() || !stream.isOpen()) {
            return Verdict.CLOSED;
        }
        throw e;
    }

    /** Ends reading and releases the semaphore for other readers. Closing twice is harmless. */
    @Override
    public void close() {
        if (closed.getAndSet(true)) {
            return;
        }
        opened.forget(this);
        release();
    }

    private synchronized void release() {
        detach(stream, reserved);
    }
}
