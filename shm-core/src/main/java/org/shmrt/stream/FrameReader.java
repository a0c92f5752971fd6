package org.shmrt.stream;

import java.lang.foreign.MemorySegment;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.shmrt.error.AccessDeniedException;
import org.shmrt.error.ClosedException;
import org.shmrt.error.IncompatibleException;
import org.shmrt.error.NotFoundException;
import org.shmrt.posix.Faults;
import org.shmrt.stream.engine.MappedStream;
import org.shmrt.stream.engine.SemaphoreSet;

/**
 * The reading side of a stream. One thread at a time may use it; {@link #close()} may come from any thread and
 * ends a wait within 50 ms, as an interrupt does. Nothing allocates while frames come, but for
 * at most 64 bytes of each sleep on a semaphore.
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
 * <p>What the header says of the current frame ({@link #acquiredNs()}, {@link #frameId()}, {@link #cnt1()},
 * {@link #isStrict()}) belongs to a copy as its pixels do. In place it is shared memory as the frame is: ask for it
 * before {@link #validate()}. It is loaded when first asked for, and is 0, and not strict, if the frame has been
 * overwritten by then.
 *
 * <p>What a check proves. A writer of the strict order (this library, milk's) changes the counter before it
 * lowers the write flag, so equal counters and a lowered flag around a copy prove the copy whole. DAO's own
 * library lowers the flag first and counts some tens of nanoseconds later: a copy that ends in that gap can be
 * torn unnoticed. {@link #isStrict()} tells which holds for the current frame.
 */
public final class FrameReader implements AutoCloseable {
    /** How often a reader that follows looks for a stream of the name. */
    private static final long FOLLOW_CHECK_NS = 1_000_000L;

    private final ImageStream opened;
    private final WaitStrategy wait;
    private RecreationPolicy recreation = RecreationPolicy.REPORT;

    /** The stream read: the one the reader was made by, or the one of its name it went on to. */
    private ImageStream stream;

    private MappedStream mapped;
    private FrameCursor cursor;
    private FrameWait waiting;
    private SemaphoreSet.Reserved reserved;

    private int reattachments;
    private final AtomicBoolean closed = new AtomicBoolean();

    FrameReader(ImageStream stream, WaitStrategy wait) {
        this.opened = stream;
        this.wait = wait;
        attach(stream);
        try {
            cursor.startAfterNewest();
            Faults.poll();
        } catch (InternalError e) {
            // cut off between open and here: the first call finds the same and says so
        }
    }

    private void attach(ImageStream to) {
        MappedStream newMapped = to.mapped();
        SemaphoreSet.Reserved mine = reserve(newMapped);
        FrameCursor newCursor = new FrameCursor(newMapped);
        if (cursor != null) {
            newCursor.startBefore(cursor);
        }
        stream = to;
        mapped = newMapped;
        cursor = newCursor;
        waiting = new FrameWait(newMapped, newCursor, wait, mine == null ? -1 : mine.index(), this::isEnded);
        reserved = mine;
    }

    /** Reserves the semaphore that this reader sleeps on; null for a strategy that does not sleep. */
    private SemaphoreSet.Reserved reserve(MappedStream from) {
        if (!wait.sleepsOnSemaphore()) {
            return null;
        }
        if (!from.isWritable()) {
            throw new AccessDeniedException(from.path() + " was opened read-only, and sleeping on a semaphore changes "
                    + "it: wait by spin or an idle strategy, or open with Access.READ_WRITE");
        }
        return wait.semaphoreIndex() == WaitStrategy.ANY_SEMAPHORE
                ? from.semaphores().reserveAny()
                : from.semaphores().reserve(wait.semaphoreIndex());
    }

    /**
     * Goes on with the stream that has the name now, after this one was created anew or removed: from its first frame
     * on, with its type and shape ({@link #stream()} tells them), and a semaphore of its own. The stream object this
     * reader was made by stays on the old file.
     *
     * @return false if there is no stream of the name at present
     * @throws IncompatibleException if there is something else of the name
     * @throws ClosedException if this reader is closed
     */
    public boolean reattach() {
        if (closed.get()) {
            throw new ClosedException("the reader of " + opened.path() + " is closed");
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
                // First, for where semaphores belong to the name the new stream has the same ones.
                detach(null, reserved);
                attach(now);
            }
        } catch (RuntimeException e) {
            now.close();
            throw e;
        }
        reattachments++;
        detach(former, null);
        if (closed.get()) {
            release(); // closed meanwhile: what was opened just now was not seen by that
        }
        return true;
    }

    private void detach(ImageStream left, SemaphoreSet.Reserved held) {
        if (held != null) {
            held.release();
        }
        if (left != opened && left != null) {
            left.close();
        }
    }

    /**
     * What to do when the stream is removed, created anew or resized.
     *
     * @param newRecreation the policy; {@link RecreationPolicy#REPORT} at first
     */
    public void onRecreation(RecreationPolicy newRecreation) {
        recreation = newRecreation;
    }

    /**
     * How often this reader went on with another stream of the name.
     *
     * @return 0 at first
     */
    public int reattachments() {
        return reattachments;
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
     *     claimed; after {@link Verdict#STALE_WRITER}, {@link #frame()} shows the half-written frame
     */
    public Verdict newest() {
        return await(2 * mapped.staleAfterNs(), Wanted.NEWEST);
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
        mapped.checkFrameSize(target);
        Verdict verdict = await(timeoutNs, wanted);
        Verdict copied = verdict.hasFrame() ? copyChecked(target) : verdict;
        if (copied == Verdict.FRESH) {
            return verdict;
        }
        return copied == Verdict.LAPPED ? readLater(target, timeoutNs, wanted) : copied;
    }

    /** The writer came by during the copy: a frame wanted in its turn is lost, and a later one is on its way. */
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
            if (copied != Verdict.LAPPED) {
                return copied;
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
            cursor.loadDetails();
            MemorySegment.copy(frame(), 0, target, 0, mapped.layout().frameBytes());
            boolean whole = cursor.isCopyValid();
            Faults.poll();
            return whole ? Verdict.FRESH : Verdict.LAPPED;
        } catch (InternalError | IllegalStateException e) {
            cursor.drop();
            return e instanceof IllegalStateException refused ? closedOr(refused) : Verdict.of(mapped.fileState());
        }
    }

    /**
     * The current frame in the shared memory itself, read-only. Its content may change at any moment.
     *
     * @return exactly one frame's bytes, in memory order
     */
    public MemorySegment frame() {
        return cursor.frame();
    }

    /**
     * Looks at one slot, whatever frame it holds. The next frame in order stays what it was.
     *
     * @param slot 0 to depth - 1
     * @return {@link Verdict#FRESH}; {@link Verdict#TIMED_OUT} if it is being written; else why not
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

    /** Skips all frames published so far, without counting them as lost: the next one taken is one yet to come. */
    public void skipToNewest() {
        cursor.drop();
        try {
            cursor.startAfterNewest();
            Faults.poll();
        } catch (InternalError e) {
            // the next call finds the same and says so
        }
    }

    /**
     * Whether the current frame has stayed as it was since it was taken. Call it after using the frame.
     *
     * @return false if it was or is being overwritten, or its memory is gone
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
     * Whether the writer of the current frame is known to count before it lowers the flag, so that
     * {@link #validate()} proves more than it can for DAO's own library. The mark has seven bits: a foreign program
     * that writes while a ShmRT writer is open, or after one was killed, may hit a fitting one once in 128 frames.
     *
     * @return true if the frame bears the mark of the strict order
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
     * Frames that passed unseen right before the current one.
     *
     * @return 0 after {@link Verdict#FRESH}
     */
    public long lost() {
        return cursor.lost();
    }

    /**
     * Frames that passed unseen since this reader was made.
     *
     * @return their number
     */
    public long lostTotal() {
        return cursor.lostTotal();
    }

    /**
     * How often the counter went back, each time with a frame of {@link Verdict#RESTARTED}.
     *
     * @return 0 at first
     */
    public long restarts() {
        return cursor.restarts();
    }

    /**
     * The current frame's id (cnt2), as its writer set it.
     *
     * @return the id; where the writer sets none, what was in the slot before, 0 at first
     */
    public long frameId() {
        return cursor.frameId();
    }

    /**
     * The current frame's second counter (cnt1); its meaning is the format's.
     *
     * @return the counter
     */
    public long cnt1() {
        return cursor.cnt1();
    }

    /**
     * When the current frame was acquired, as its writer says: nanoseconds since 1970 on the stream's clock.
     *
     * @return the time, 0 if never set
     */
    public long acquiredNs() {
        return cursor.acquiredNs();
    }

    /**
     * The semaphore this reader sleeps on.
     *
     * @return its index, or -1 for a reader that polls
     */
    public int semaphoreIndex() {
        return reserved == null ? -1 : reserved.index();
    }

    /** The mapped stream this reader reads now. */
    MappedStream mapped() {
        return mapped;
    }

    /**
     * The stream this reader reads: the one it was made by, or the one of the name it went on to.
     *
     * @return the stream; do not close the latter, {@link #close()} does
     */
    public ImageStream stream() {
        return stream;
    }

    private Verdict await(long timeoutNs, Wanted wanted) {
        Verdict verdict = awaitHere(timeoutNs, wanted);
        return recreation == RecreationPolicy.FOLLOW && verdict.isMoved()
                ? follow(timeoutNs, wanted, verdict)
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

    /** Goes over to the stream that has the name now, waiting until there is one, and takes its frame. */
    private Verdict follow(long timeoutNs, Wanted wanted, Verdict moved) {
        long startNs = System.nanoTime();
        while (true) {
            if (isEnded() || Thread.currentThread().isInterrupted()) {
                return Verdict.CLOSED;
            }
            long leftNs = timeoutNs - (System.nanoTime() - startNs);
            try {
                if (!isSameKind()) {
                    return Verdict.RECREATED;
                }
                if (reattach()) {
                    return await(Math.max(0, leftNs), wanted);
                }
            } catch (NotFoundException | IncompatibleException e) {
                // not there yet; or half made, for DAO's library fills a file in place
            }
            if (leftNs <= 0) {
                return moved;
            }
            LockSupport.parkNanos(Math.min(leftNs, FOLLOW_CHECK_NS));
        }
    }

    private boolean isSameKind() {
        try (ImageStream now = ImageStream.open(opened.path(), Access.READ_ONLY)) {
            return now.type() == stream.type() && now.shape().equals(stream.shape());
        }
    }

    private boolean isEnded() {
        return closed.get() || !opened.isOpen();
    }

    /** A segment of a closed arena throws; any other such exception is a mistake of the caller. */
    private Verdict closedOr(IllegalStateException e) {
        if (isEnded() || !stream.isOpen()) {
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
        opened.forget(this);
        release();
    }

    private synchronized void release() {
        detach(stream, reserved);
    }
}
