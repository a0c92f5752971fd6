package org.shmrt.stream;

import java.lang.invoke.VarHandle;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.agrona.concurrent.IdleStrategy;
import org.shmrt.error.AccessDeniedException;
import org.shmrt.posix.Faults;
import org.shmrt.posix.Semaphore;
import org.shmrt.stream.engine.FileState;
import org.shmrt.stream.engine.LookInterval;
import org.shmrt.stream.engine.MappedStream;
import org.shmrt.stream.engine.SemaphoreSet;
import org.shmrt.stream.engine.StaleFlag;
import org.shmrt.text.FileNames;

/**
 * The waits of one reader for frames of one stream: it polls, idles or sleeps as its strategy says, and checks the state
 * of the stream in between. The counter decides whether there is a frame; a semaphore only wakes. Used by the reader's
 * thread; only a sleep allocates.
 */
final class FrameWait {
    /** Longest sleep before a sleeping reader checks for a close, an interrupt or a changed file. */
    static final long SLICE_NS = 20_000_000L;
    /** First sleep after a token without a frame, then doubled each time: pyMilk posts before it counts. */
    static final long EARLY_TOKEN_NS = 50_000L;
    /** Polls between two checks of the clock and the state. */
    static final int POLLS_PER_LOOK = 64;
    /** Shorter waits are timed from their first poll on; longer ones begin with polls alone. */
    private static final long FIRST_LOOK_NS = 10_000L;
    /** Polls that an index may stay ahead of its counter; longer than that is damage. */
    private static final int INDEX_POLLS = 10_000;
    /** Interval of the checks whether the path still leads to the same file. */
    private static final long STATE_CHECK_NS = 100_000_000L;

    /** How long a virtual thread parks between two polls. */
    static final long PARK_NS = 100_000L;

    private final MappedStream stream;
    private final FrameCursor cursor;
    private final StaleFlag stale;
    private final IdleStrategy idle;
    private final long spinNs;
    private final int semaphoreIndex;
    private Semaphore semaphore;
    /** For a reader that must not rely on its semaphore, or has none; otherwise null. */
    private final LookInterval looks;

    private final BooleanSupplier ended;
    private long stateCheckedNs = System.nanoTime();

    /**
     * Prepares to wait.
     *
     * @param reserved the semaphore to sleep on; null for a strategy that does not sleep
     * @param ended whether the reader or its stream was closed
     */
    FrameWait(
            MappedStream stream,
            FrameCursor cursor,
            WaitStrategy wait,
            SemaphoreSet.Reserved reserved,
            BooleanSupplier ended) {
        this.stream = stream;
        this.cursor = cursor;
        this.stale = new StaleFlag(stream, cursor.headers());
        this.idle = wait.idleStrategy();
        this.spinNs = wait.spinNs();
        this.semaphoreIndex = reserved == null ? -1 : reserved.index();
        this.semaphore = semaphoreIndex < 0 ? null : stream.semaphores().current(semaphoreIndex);
        this.looks = reserved == null || reserved.isClaimed() ? null : new LookInterval();
        this.ended = ended;
        stream.prepareStateChecks();
    }

    /** Reserves the semaphore on which a reader sleeps; null for a strategy that does not sleep. */
    static SemaphoreSet.Reserved reserve(MappedStream from, WaitStrategy wait) {
        if (!wait.sleepsOnSemaphore()) {
            return null;
        }
        if (!from.isWritable()) {
            throw new AccessDeniedException("cannot sleep on a semaphore of " + FileNames.text(from.path())
                    + ": it was opened read-only, and sleeping changes"
                    + " the semaphore; spin, use an idle strategy, or"
                    + " open with Access.READ_WRITE");
        }
        try {
            SemaphoreSet.Reserved granted = wait.semaphoreIndex() == WaitStrategy.ANY_SEMAPHORE
                    ? from.semaphores().reserveAny()
                    : from.semaphores().reserve(wait.semaphoreIndex());
            Faults.poll();
            return granted;
        } catch (InternalError e) {
            throw from.truncated(e);
        }
    }

    /** Takes the newest frame, taken before or not, as soon as it is not being written. */
    Verdict forNewest(long timeoutNs) {
        long startNs = 0;
        int polls = 0;
        boolean virtual = Thread.currentThread().isVirtual();
        while (!(polls++ < INDEX_POLLS ? cursor.takeNewest() : cursor.takeNewestAnyOrder())) {
            if (virtual) {
                LockSupport.parkNanos(PARK_NS);
            } else {
                Thread.onSpinWait();
            }
            // Read before the flag is looked at: a thread that was suspended for longer than the timeout looks once
            // more.
            long spentNs = startNs == 0 ? 0 : System.nanoTime() - startNs;
            if (stale.isStale()) {
                cursor.showUnfinished();
                return Verdict.STALE_WRITER;
            }
            // The clock is read only if the frame is not there at once.
            startNs = startNs == 0 ? System.nanoTime() : startNs;
            if (isEnded()) {
                return Verdict.CLOSED;
            }
            if (spentNs >= timeoutNs) {
                return Verdict.TIMED_OUT;
            }
        }
        return Verdict.FRESH;
    }

    /** Takes a frame newer than the last one taken, as soon as there is one. */
    Verdict forNext(Wanted wanted, long timeoutNs) {
        if (Thread.currentThread().isVirtual()) {
            return forNextParking(wanted, timeoutNs);
        }
        if (spinNs >= FIRST_LOOK_NS && timeoutNs >= FIRST_LOOK_NS) {
            // A frame that comes at once meets a reader that polls, not one that reads the clock.
            for (int polls = 0; polls < POLLS_PER_LOOK; polls++) {
                Thread.onSpinWait();
                Verdict verdict = cursor.take(wanted);
                if (verdict != Verdict.TIMED_OUT) {
                    return verdict;
                }
            }
        }
        long startNs = System.nanoTime();
        long sliceNs = SLICE_NS;
        if (idle != null) {
            idle.reset();
        }
        for (int polls = 0; ; polls++) {
            Verdict verdict = cursor.take(wanted);
            if (verdict != Verdict.TIMED_OUT) {
                noteArrival(verdict);
                return verdict;
            }
            long spentNs = 0;
            boolean look = idle != null || polls % POLLS_PER_LOOK == 0;
            if (look) {
                spentNs = System.nanoTime() - startNs;
                verdict = checkState(startNs + spentNs);
                if (verdict != Verdict.TIMED_OUT || spentNs >= timeoutNs) {
                    return verdict;
                }
            }
            if (look && (semaphore != null || looks != null) && spentNs >= spinNs) {
                boolean token = sleep(Math.min(limitSleep(sliceNs, startNs + spentNs), timeoutNs - spentNs));
                // The processor must not load the counter before the token is taken.
                VarHandle.fullFence();
                sliceNs = token ? EARLY_TOKEN_NS : Math.min(2 * sliceNs, SLICE_NS);
                polls = -1;
            } else if (idle != null) {
                idle.idle();
            } else {
                Thread.onSpinWait();
            }
        }
    }

    /** Learns how often frames come, where that decides how long to sleep. */
    void noteArrival(Verdict verdict) {
        if (looks != null && verdict.hasFrame()) {
            looks.arrived(System.nanoTime(), cursor.count());
        }
    }

    /** The longest sleep until the next look at the counter. */
    long limitSleep(long timeNs, long nowNs) {
        return looks == null ? timeNs : Math.min(timeNs, looks.sleepNs(nowNs));
    }

    /**
     * Sleeps on the semaphore, if there is one. If its own file was truncated, continues with a new one.
     *
     * @return whether there was a token
     */
    private boolean sleep(long timeNs) {
        if (semaphore == null) {
            LockSupport.parkNanos(timeNs);
            return false;
        }
        try {
            boolean token = semaphore.acquireSome(timeNs);
            Faults.poll();
            return token;
        } catch (InternalError e) {
            if (!renewSemaphore()) {
                throw e;
            }
            return false;
        }
    }

    /** The semaphore to sleep on; null for a strategy that does not sleep, and if other readers have claimed all. */
    Semaphore semaphore() {
        return semaphore;
    }

    /** Continues with a new semaphore after an access fault, if its own file was truncated. */
    boolean renewSemaphore() {
        // Another thread of this process may have replaced it already.
        boolean renewed = semaphore != null
                && stream.fileState() == FileState.SAME
                && (stream.semaphores().renewTruncated() || stream.semaphores().current(semaphoreIndex) != semaphore);
        if (renewed) {
            semaphore = stream.semaphores().current(semaphoreIndex);
        }
        return renewed;
    }

    /**
     * The wait of a virtual thread, whatever the strategy: it parks between polls. A spin or a sleep in a native call
     * would keep its carrier thread from all other virtual threads.
     */
    private Verdict forNextParking(Wanted wanted, long timeoutNs) {
        long startNs = System.nanoTime();
        while (true) {
            Verdict verdict = cursor.take(wanted);
            if (verdict != Verdict.TIMED_OUT) {
                return verdict;
            }
            long nowNs = System.nanoTime();
            verdict = checkState(nowNs);
            if (verdict != Verdict.TIMED_OUT || nowNs - startNs >= timeoutNs) {
                return verdict;
            }
            LockSupport.parkNanos(PARK_NS);
        }
    }

    /** Checks between polls: closed, file changed, writer dead. {@link Verdict#TIMED_OUT} if nothing has happened. */
    Verdict checkState(long nowNs) {
        if (isEnded()) {
            return Verdict.CLOSED;
        }
        if (nowNs - stateCheckedNs >= STATE_CHECK_NS) {
            stateCheckedNs = nowNs;
            FileState state = stream.fileState();
            if (state != FileState.SAME) {
                return Verdict.of(state);
            }
            if (semaphore != null) {
                semaphore = stream.semaphores().current(semaphoreIndex);
            }
        }
        if (!stale.isStale()) {
            return Verdict.TIMED_OUT;
        }
        // The writer of a file that was replaced or truncated meanwhile is gone for that reason.
        FileState state = stream.fileState();
        return state == FileState.SAME ? Verdict.STALE_WRITER : Verdict.of(state);
    }

    private boolean isEnded() {
        return ended.getAsBoolean() || Thread.currentThread().isInterrupted();
    }
}
