package org.shmrt.stream;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.shmrt.error.AccessDeniedException;
import org.shmrt.error.ClosedException;
import org.shmrt.error.IncompatibleException;
import org.shmrt.posix.Faults;
import org.shmrt.stream.engine.JointSleep;
import org.shmrt.text.FileNames;

/**
 * Several streams that are waited for together: until each of them has a new frame, until any has one, or until there are
 * frames that belong together, by their ids or by their acquisition times.
 *
 * <pre>{@code
 * try (StreamSet set = StreamSet.matchedById(WaitStrategy.semaphore(), wfs, tipTilt)) {
 *     while (set.awaitNewest(timeoutNs).hasFrame()) {
 *         process(set.frame(0), set.frame(1));
 *         if (!set.validate()) continue;         // one of them was overwritten: do not use the result
 *     }
 * }
 * }</pre>
 *
 * <p>A wait with a semaphore is one sleep on the semaphores of all streams whose frame is missing, by the system call
 * futex_waitv (Linux 5.16). Where the kernel lacks it or forbids it, the set sleeps on one semaphore after the other, for
 * at most 0.2 ms each: see {@link #sleepMethod()}.
 *
 * <p>The number of streams is not limited. The kernel's call has at most 128 semaphores. A larger set that waits for any
 * stream alternates, with sleeps of 0.2 ms for each 128 streams; the other kinds sleep on the semaphore of one stream
 * whose frame is missing, which costs them nothing, because they need each. A wait takes time in proportion to the
 * number of streams.
 *
 * <p>The wait strategy applies to each stream: a semaphore index is that of all of them.
 *
 * <p>A frame that has arrived waits for its partners in the shared memory, and its writer may overwrite it meanwhile. If the
 * frames that belong together arrive at times that differ by more than the period, give the streams a depth that covers
 * the difference. Each frame published since the set was opened is counted once, see {@link Totals}.
 *
 * <p>For one thread at a time, except {@link #close()}, which any thread may call; it ends a wait within 50 ms. Reading
 * does not allocate, except at most 64 bytes for each sleep on a single semaphore: where sleeps alternate, and where a
 * frame of only one stream is missing. The streams stay open when the set is closed.
 */
public final class StreamSet implements AutoCloseable {
    private final Matching matching;
    private final long toleranceNs;
    private final WaitStrategy strategy;
    private final SetWait wait;
    private SetMatch match;
    private List<ImageStream> streams;
    private volatile boolean closed;

    /** Which frames belong together. */
    public enum Matching {
        /** One of each stream, whichever they are. */
        ALL,
        /** Those of the streams that have one. */
        ANY,
        /** Those with the same frame id. */
        ID,
        /** Those whose acquisition times differ by no more than the tolerance. */
        TIME
    }

    /** How a set sleeps. */
    public enum SleepMethod {
        /** It does not sleep on semaphores. */
        NONE,
        /** On all semaphores at once, by futex_waitv. */
        TOGETHER,
        /**
         * On one after the other, because the kernel lacks futex_waitv or forbids it, or because the set waits for any of
         * more than 128 streams.
         */
        ALTERNATING,
        /** On the semaphore of one stream whose frame is missing: the set needs frames of more than 128 streams. */
        ONE
    }

    /**
     * What became of the frames of one stream since the set was opened. The number taken is always the sum of the
     * others.
     *
     * @param taken frames that were published, up to the last one that the set has seen
     * @param matched frames that were returned
     * @param unmatched frames for which no partner came: the other streams had newer ones only, or a newer
     *     frame of the same stream took their place
     * @param lost frames that the set could not use, because they were overwritten or superseded between two waits
     * @param held 1 while a frame waits for its partners, else 0
     */
    public record Totals(long taken, long matched, long unmatched, long lost, long held) {}

    private StreamSet(Matching matching, long toleranceNs, WaitStrategy strategy, ImageStream... streams) {
        this.matching = matching;
        this.toleranceNs = toleranceNs;
        this.strategy = strategy;
        this.streams = List.of(streams);
        if (streams.length == 0) {
            throw new IllegalArgumentException("a set has at least one stream: give those to wait for");
        }
        wait = new SetWait(strategy, streams.length, matching != Matching.ANY);
        match = new SetMatch(matching, toleranceNs, this.streams, strategy);
    }

    /**
     * Waits until each stream has a new frame.
     *
     * @param wait how to wait
     * @param streams open streams, with write permission to sleep on semaphores
     * @return the set, which begins after the newest frame of each
     * @throws AccessDeniedException if it would sleep on a semaphore of a stream that was opened read-only
     */
    public static StreamSet all(WaitStrategy wait, ImageStream... streams) {
        return new StreamSet(Matching.ALL, 0, wait, streams);
    }

    /**
     * Waits until any stream has a new frame.
     *
     * @param wait how to wait
     * @param streams open streams, with write permission to sleep on semaphores
     * @return the set, which begins after the newest frame of each
     * @throws AccessDeniedException if it would sleep on a semaphore of a stream that was opened read-only
     */
    public static StreamSet any(WaitStrategy wait, ImageStream... streams) {
        return new StreamSet(Matching.ANY, 0, wait, streams);
    }

    /**
     * Waits until the streams have frames of the same id (cnt2), which their writers must set. Within a stream the ids
     * must not decrease. If a stream has no frame of an id, that id is skipped.
     *
     * @param wait how to wait
     * @param streams open streams, with write permission to sleep on semaphores
     * @return the set, which begins after the newest frame of each
     * @throws AccessDeniedException if it would sleep on a semaphore of a stream that was opened read-only
     */
    public static StreamSet matchedById(WaitStrategy wait, ImageStream... streams) {
        return new StreamSet(Matching.ID, 0, wait, streams);
    }

    /**
     * Waits until the streams have frames whose acquisition times differ by no more than a tolerance. The first frames
     * that do are returned, so the tolerance must be less than half the shortest period. Times of DAO and of milk
     * streams are compared on the wall clock.
     *
     * @param toleranceNs the largest difference in nanoseconds between the oldest and the newest of them
     * @param wait how to wait
     * @param streams open streams, with write permission to sleep on semaphores
     * @return the set, which begins after the newest frame of each
     * @throws AccessDeniedException if it would sleep on a semaphore of a stream that was opened read-only
     */
    public static StreamSet matchedByTime(long toleranceNs, WaitStrategy wait, ImageStream... streams) {
        if (toleranceNs < 0) {
            throw new IllegalArgumentException("a tolerance of " + toleranceNs + " ns is negative: give 0 or more");
        }
        return new StreamSet(Matching.TIME, toleranceNs, wait, streams);
    }

    /**
     * Waits for the next match in the order of writing, as long as the streams still hold its frames.
     *
     * @param timeoutNs maximum time to wait; 0 to check once
     * @return as {@link #awaitNewest}
     */
    public Verdict awaitNext(long timeoutNs) {
        return await(timeoutNs, Wanted.NEXT);
    }

    /**
     * Waits for a match, and takes the newest that there is.
     *
     * @param timeoutNs maximum time to wait; 0 to check once
     * @return {@link Verdict#FRESH} for a match; {@link Verdict#SKIPPED} for a match before which {@link #lost()} or
     *     {@link #unmatched()} frames passed; else the reason why there is none. It is that of the stream
     *     {@link #endedBy()}, if there is one
     */
    public Verdict awaitNewest(long timeoutNs) {
        return await(timeoutNs, Wanted.NEWER);
    }

    private Verdict await(long timeoutNs, Wanted wanted) {
        if (closed) {
            return Verdict.CLOSED;
        }
        SetMatch now = match;
        now.begin();
        try {
            Verdict verdict =
                    now.find(wanted) == SetMatch.Found.MATCH ? now.confirm() : wait.await(now, wanted, timeoutNs);
            Faults.poll();
            return verdict;
        } catch (InternalError e) {
            return now.fault();
        } catch (IllegalStateException e) {
            if (now.isEnded()) {
                return Verdict.CLOSED;
            }
            throw e;
        }
    }

    /**
     * The frame of one stream in the last match, in the shared memory, read-only. Its content may change at any moment.
     *
     * @param index of the stream, in the order in which they were given
     * @return the bytes of the frame, in memory order; if the last wait did not return one ({@link #isFresh}), those of
     *     an earlier match; empty before the first
     */
    public MemorySegment frame(int index) {
        return match.get(index).frame();
    }

    /**
     * Whether the frame of a stream belongs to the match that the last wait returned.
     *
     * @param index of the stream
     * @return false for a stream without a new frame ({@link #any}), and for all after a wait without a match
     */
    public boolean isFresh(int index) {
        return match.get(index).isFresh();
    }

    /**
     * Whether all frames of the last match are unchanged since the wait that returned them. Call this after using them.
     *
     * @return false if there is no match, if one frame was or is being overwritten, or if its memory was truncated or
     *     unmapped
     */
    public boolean validate() {
        SetMatch now = match;
        boolean some = false;
        try {
            for (int i = 0; i < now.size(); i++) {
                SetMember member = now.get(i);
                if (member.isFresh()) {
                    some = true;
                    if (!member.isUnchanged()) {
                        return false;
                    }
                }
            }
            Faults.poll();
            return some;
        } catch (InternalError e) {
            return false;
        } catch (IllegalStateException e) {
            if (now.isEnded()) {
                return false;
            }
            throw e;
        }
    }

    /**
     * Copies the frame of one stream in the last match.
     *
     * @param index of the stream
     * @param target memory of the size of one frame
     * @return whether the copy is whole; if not, the frame was overwritten, or its memory was truncated or unmapped
     * @throws IllegalArgumentException if {@code target} does not have the size of one frame
     */
    public boolean copyTo(int index, MemorySegment target) {
        SetMember member = match.get(index);
        try {
            return member.isFresh() && member.copyTo(target);
        } catch (InternalError e) {
            return false;
        } catch (IllegalStateException e) {
            if (member.isEnded()) {
                return false;
            }
            throw e;
        }
    }

    /**
     * The counter (cnt0) of the frame of one stream.
     *
     * @param index of the stream
     * @return 1 for the first frame of the stream; 0 before the first match
     */
    public long count(int index) {
        return match.get(index).count();
    }

    /**
     * The id (cnt2) of the frame of one stream, as set by its writer.
     *
     * @param index of the stream
     * @return the id; 0 if the frame was overwritten since
     */
    public long frameId(int index) {
        try {
            return match.get(index).frameId();
        } catch (InternalError | IllegalStateException e) {
            return 0; // truncated or closed: the next wait reports it
        }
    }

    /**
     * The acquisition time of the frame of one stream, as set by its writer.
     *
     * @param index of the stream
     * @return nanoseconds since 1970 on the clock of that stream; 0 if it was never set or the frame was overwritten
     */
    public long acquiredNs(int index) {
        try {
            return match.get(index).acquiredNs();
        } catch (InternalError | IllegalStateException e) {
            return 0; // as above
        }
    }

    /**
     * What one stream had at the end of the last wait.
     *
     * @param index of the stream
     * @return a verdict with a frame if it had one, {@link Verdict#TIMED_OUT} if its frame was missing, else why it
     *     will have none
     */
    public Verdict verdict(int index) {
        return match.get(index).verdict();
    }

    /**
     * The stream that ended the last wait.
     *
     * @return its index; -1 after a match, a timeout or an interrupt, and if the set was closed
     */
    public int endedBy() {
        return closed ? -1 : match.ended();
    }

    /**
     * The frames that were lost, see {@link Totals}, as found by the last wait.
     *
     * @return their number, of all streams together
     */
    public long lost() {
        return match.lost();
    }

    /**
     * The frames for which no partner came, see {@link Totals}, as found by the last wait.
     *
     * @return their number, of all streams together
     */
    public long unmatched() {
        return match.unmatched();
    }

    /**
     * What became of the frames of one stream. Allocates.
     *
     * @param index of the stream
     * @return the numbers since the set was opened, or since {@link #switchTo}
     */
    public Totals totals(int index) {
        return match.get(index).totals();
    }

    /**
     * The number of streams.
     *
     * @return 1 or more
     */
    public int size() {
        return match.size();
    }

    /**
     * The streams that the set reads now.
     *
     * @return in the order of their indices
     */
    public List<ImageStream> streams() {
        return streams;
    }

    /**
     * Which frames belong together.
     *
     * @return as chosen
     */
    public Matching matching() {
        return matching;
    }

    /**
     * How the set waits.
     *
     * @return the strategy
     */
    public WaitStrategy waitStrategy() {
        return strategy;
    }

    /**
     * How the set sleeps when frames of several streams are missing. It changes if the kernel begins to forbid
     * futex_waitv.
     *
     * @return the method
     */
    public SleepMethod sleepMethod() {
        JointSleep joint = wait.joint();
        if (joint == null) {
            return SleepMethod.NONE;
        }
        if (wait.sleepsOnOne()) {
            return SleepMethod.ONE;
        }
        return (joint.isAlternating() || size() > JointSleep.MAX_TOGETHER)
                ? SleepMethod.ALTERNATING
                : SleepMethod.TOGETHER;
    }

    /** For tests: sleeps as where the kernel has no futex_waitv. */
    void alternateSleeps() {
        wait.joint().alternate();
    }

    /**
     * Continues with other streams: with scratch streams for a warm-up and back, or with streams that were re-created
     * and opened again. Begins after the newest frame of each; all totals begin at 0. Called by the set's thread.
     *
     * @param newStreams open streams, as many as before, each of the type and shape of the one that it replaces
     * @throws IncompatibleException if the type or shape of one differs, or its file was truncated
     * @throws ClosedException if the set or a stream is closed
     */
    public void switchTo(List<ImageStream> newStreams) {
        List<ImageStream> copy = List.copyOf(newStreams);
        if (copy.size() != streams.size()) {
            throw new IllegalArgumentException(
                    "a set of " + streams.size() + " streams cannot continue with " + copy.size());
        }
        for (int i = 0; i < copy.size(); i++) {
            requireSameKind(streams.get(i), copy.get(i));
        }
        SetMatch made = new SetMatch(matching, toleranceNs, copy, strategy);
        SetMatch former = match;
        synchronized (this) {
            if (!closed) {
                match = made;
                streams = copy;
                made = null;
            }
        }
        if (made != null) {
            made.close();
            throw new ClosedException(this + " is closed");
        }
        former.close();
    }

    private static void requireSameKind(ImageStream before, ImageStream now) {
        if (before.type() != now.type() || !Objects.equals(before.shape(), now.shape())) {
            throw new IncompatibleException(
                    "a set that reads " + FileNames.text(before.path()) + " (" + before.shape() + " "
                            + before.type() + ") cannot continue with " + FileNames.text(now.path()) + " ("
                            + now.shape() + " " + now.type()
                            + "): give a stream of the same type and shape");
        }
    }

    /** Ends waiting and releases the semaphores for other readers. Closing twice is harmless. */
    @Override
    public void close() {
        SetMatch last;
        synchronized (this) {
            closed = true;
            last = match;
        }
        last.close();
    }

    @Override
    public String toString() {
        return "set of "
                + Arrays.toString(streams.stream().map(ImageStream::path).toArray()) + ", " + matching + ", sleeping "
                + sleepMethod();
    }
}
