package org.shmrt.stream;

import java.lang.invoke.VarHandle;
import java.util.concurrent.locks.LockSupport;
import org.agrona.concurrent.IdleStrategy;
import org.shmrt.posix.Faults;
import org.shmrt.posix.Semaphore;
import org.shmrt.stream.engine.JointSleep;

/**
 * The waits of a {@link StreamSet}: it polls, idles, or sleeps on the semaphores of those streams whose frame is missing,
 * and checks the state of all streams in between. A large set that needs a frame of each stream sleeps on only one of
 * those semaphores. Used by the set's thread.
 */
final class SetWait {
    /** The golden ratio: starts at these multiples of it are spread evenly over the streams. */
    private static final double SPREAD = 0.6180339887;

    private final IdleStrategy idle;
    private final long spinNs;
    private final JointSleep joint;
    private final boolean sleepsOnOne;
    private int sleepsOn;

    /**
     * Prepares to wait.
     *
     * @param streams the number of streams
     * @param needsAll whether a match has a frame of each stream
     */
    SetWait(WaitStrategy wait, int streams, boolean needsAll) {
        idle = wait.idleStrategy();
        spinNs = wait.spinNs();
        sleepsOnOne = needsAll && streams > JointSleep.MAX_TOGETHER;
        joint = wait.sleepsOnSemaphore() ? new JointSleep(sleepsOnOne ? 1 : streams) : null;
    }

    /** Whether it sleeps on the semaphore of one stream: there are too many for futex_waitv, and each is needed. */
    boolean sleepsOnOne() {
        return sleepsOnOne;
    }

    /** How it sleeps; null for a strategy that does not sleep on semaphores. */
    JointSleep joint() {
        return joint;
    }

    /** Waits for a match, or for an event that ends the wait. The caller has begun it and found nothing yet. */
    Verdict await(SetMatch match, Wanted wanted, long timeoutNs) {
        boolean virtual = Thread.currentThread().isVirtual();
        long startNs = System.nanoTime();
        long sliceNs = FrameWait.SLICE_NS;
        if (idle != null) {
            idle.reset();
        }
        for (int polls = 0; ; polls++) {
            SetMatch.Found found = match.find(wanted);
            if (found == SetMatch.Found.MATCH) {
                return match.confirm();
            }
            long spentNs = 0;
            boolean look = virtual || idle != null || polls % FrameWait.POLLS_PER_LOOK == 0;
            if (look) {
                long nowNs = System.nanoTime();
                spentNs = nowNs - startNs;
                Verdict verdict = match.check(nowNs);
                if (verdict != Verdict.TIMED_OUT || spentNs >= timeoutNs) {
                    return verdict;
                }
            }
            if (virtual) {
                LockSupport.parkNanos(FrameWait.PARK_NS);
            } else if (found == SetMatch.Found.BUSY) {
                Thread.onSpinWait();
            } else if (look && joint != null && spentNs >= spinNs) {
                boolean token = sleep(match, Math.min(sliceNs, timeoutNs - spentNs), startNs + spentNs);
                // The processor must not load a counter before the tokens are taken.
                VarHandle.fullFence();
                sliceNs = token ? FrameWait.EARLY_TOKEN_NS : Math.min(2 * sliceNs, FrameWait.SLICE_NS);
                polls = -1;
            } else if (idle != null) {
                idle.idle();
            } else {
                Thread.onSpinWait();
            }
        }
    }

    /** Sleeps until a stream whose frame is missing posts. Returns whether there was a token. */
    private boolean sleep(SetMatch match, long timeNs, long nowNs) {
        joint.clear();
        long limitNs = timeNs;
        if (sleepsOnOne) {
            limitNs = add(oneMissing(match), limitNs, nowNs);
        } else {
            for (int i = 0; i < match.size(); i++) {
                if (!match.get(i).isHeld()) {
                    limitNs = add(match.get(i), limitNs, nowNs);
                }
            }
        }
        if (joint.isEmpty()) {
            LockSupport.parkNanos(limitNs);
            return false;
        }
        try {
            boolean token = joint.acquireSome(limitNs);
            Faults.poll();
            return token;
        } catch (InternalError e) {
            if (!match.renewSemaphores()) {
                throw e;
            }
            return false;
        }
    }

    /** Adds a stream to the sleep, and returns the longest sleep until the next look at it. */
    private long add(SetMember member, long timeNs, long nowNs) {
        Semaphore semaphore = member.semaphore();
        if (semaphore != null) {
            joint.add(semaphore);
        }
        return member.limitSleep(timeNs, nowNs);
    }

    /**
     * A stream whose frame is missing: the one before as long as its frame is, so that its old tokens are consumed once,
     * and then one at a changing distance. In any order of arrival the number of wakes for one match is about the
     * logarithm of the number of streams; if the same stream is the last each time, it is one.
     */
    private SetMember oneMissing(SetMatch match) {
        int size = match.size();
        if (match.get(sleepsOn).isHeld()) {
            sleepsOn = (int) (sleepsOn + size * SPREAD) % size;
            for (int tried = 1; tried < size && match.get(sleepsOn).isHeld(); tried++) {
                sleepsOn = sleepsOn + 1 < size ? sleepsOn + 1 : 0;
            }
        }
        return match.get(sleepsOn);
    }
}
