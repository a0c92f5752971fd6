package org.shmrt.stream;

import java.lang.invoke.VarHandle;
import java.util.function.BooleanSupplier;
import org.agrona.concurrent.IdleStrategy;
import org.shmrt.posix.Semaphore;
import org.shmrt.stream.engine.StaleFlag;

/**
 * How one reader waits for frames of one stream: polls, idles or sleeps as its strategy says, and looks around in
 * between. The counter decides whether there is a frame; a semaphore only wakes. Used by the reader's thread; but
 * for a sleep nothing allocates.
 */
final class FrameWait {
    /** Longest sleep before a sleeping reader looks for a close, an interrupt or a changed file. */
    private static final long SLICE_NS = 20_000_000L;
    /** First sleep after a token came without a frame: pyMilk posts first and counts then. Doubles from there. */
    private static final long EARLY_TOKEN_NS = 50_000L;
    /** How often a reader that polls looks at the clock, and at those, in polls. */
    private static final int POLLS_PER_LOOK = 64;
    /** Waits shorter than this are timed from their first poll on; longer ones begin with polls alone. */
    private static final long FIRST_LOOK_NS = 10_000L;
    /** How long, in polls, an index ahead of its counter is waited out; counters out of order for longer are damage. */
    private static final int INDEX_POLLS = 10_000;
    /** How often a waiting reader looks whether its file is still the one of that name. */
    private static final long GROUND_CHECK_NS = 100_000_000L;

    private final ImageStream stream;
    private final FrameCursor cursor;
    private final StaleFlag stale;
    private final IdleStrategy idle;
    private final long spinNs;
    private final Semaphore semaphore;
    private final BooleanSupplier ended;
    private long groundCheckedNs = System.nanoTime();

    /**
     * Prepares to wait.
     *
     * @param semaphore to sleep on, or null
     * @param ended whether the reader or its stream was closed
     */
    FrameWait(ImageStream stream, FrameCursor cursor, WaitStrategy wait, Semaphore semaphore, BooleanSupplier ended) {
        this.stream = stream;
        this.cursor = cursor;
        this.stale = new StaleFlag(stream, cursor.headers());
        this.idle = wait.idleStrategy();
        this.spinNs = wait.spinNs();
        this.semaphore = semaphore;
        this.ended = ended;
        stream.watchGround();
    }

    /** Takes the newest frame, taken before or not, as soon as it is not being written. */
    Verdict forNewest(long timeoutNs) {
        long startNs = 0;
        int polls = 0;
        while (!cursor.takeNewest(polls++ < INDEX_POLLS)) {
            Thread.onSpinWait();
            if (stale.isStale()) {
                cursor.showUnfinished();
                return Verdict.STALE_WRITER;
            }
            // The clock is read only once a frame had to be waited for.
            startNs = startNs == 0 ? System.nanoTime() : startNs;
            Verdict stop = reasonToStop(System.nanoTime() - startNs, timeoutNs);
            if (stop != null) {
                return stop;
            }
        }
        return Verdict.FRESH;
    }

    /** Takes a frame newer than the last one taken, as soon as there is one. */
    Verdict forNext(boolean inOrder, long timeoutNs) {
        if (spinNs >= FIRST_LOOK_NS && timeoutNs >= FIRST_LOOK_NS) {
            // A frame that is about to come finds a reader that polls, not one that asks for the time.
            for (int polls = 0; polls < POLLS_PER_LOOK; polls++) {
                Thread.onSpinWait();
                Verdict verdict = cursor.take(inOrder);
                if (verdict != null) {
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
            Verdict verdict = cursor.take(inOrder);
            if (verdict != null) {
                return verdict;
            }
            long spentNs = 0;
            boolean look = idle != null || polls % POLLS_PER_LOOK == 0;
            if (look) {
                spentNs = System.nanoTime() - startNs;
                verdict = lookAround(startNs, spentNs, timeoutNs);
                if (verdict != null) {
                    return verdict;
                }
            }
            if (look && semaphore != null && spentNs >= spinNs) {
                boolean token = semaphore.acquireSome(Math.min(sliceNs, timeoutNs - spentNs));
                // Token before counter, also where the processor is free to turn the two around.
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

    /** Between polls: whether to stop, whether the file is still the one of the name, whether the writer is dead. */
    private Verdict lookAround(long startNs, long spentNs, long timeoutNs) {
        Verdict stop = reasonToStop(spentNs, timeoutNs);
        if (stop != null) {
            return stop;
        }
        if (startNs + spentNs - groundCheckedNs >= GROUND_CHECK_NS) {
            groundCheckedNs = startNs + spentNs;
            Verdict ground = stream.groundVerdictOrNull();
            if (ground != null) {
                return ground;
            }
        }
        return stale.isStale() ? Verdict.STALE_WRITER : null;
    }

    private Verdict reasonToStop(long spentNs, long timeoutNs) {
        if (ended.getAsBoolean() || Thread.currentThread().isInterrupted()) {
            return Verdict.CLOSED;
        }
        return spentNs >= timeoutNs ? Verdict.TIMED_OUT : null;
    }
}
