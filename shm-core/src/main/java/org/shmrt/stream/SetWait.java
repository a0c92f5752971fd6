package org.shmrt.stream;

import java.lang.invoke.VarHandle;
import java.util.concurrent.locks.LockSupport;
import org.agrona.concurrent.IdleStrategy;
import org.shmrt.posix.Faults;
import org.shmrt.stream.engine.JointSleep;

/**
 * The waits of a {@link StreamSet}: it polls, idles, or sleeps on the semaphores of those streams whose frame is missing,
 * and checks the state of all streams in between. Used by the set's thread.
 */
final class SetWait {
    private final IdleStrategy idle;
    private final long spinNs;
    private final JointSleep joint;

    SetWait(WaitStrategy wait, int streams) {
        idle = wait.idleStrategy();
        spinNs = wait.spinNs();
        joint = wait.sleepsOnSemaphore() ? new JointSleep(streams) : null;
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
                boolean token = sleep(match, Math.min(sliceNs, timeoutNs - spentNs));
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
    private boolean sleep(SetMatch match, long timeNs) {
        joint.clear();
        for (int i = 0; i < match.size(); i++) {
            if (!match.get(i).isHeld()) {
                joint.add(match.get(i).semaphore());
            }
        }
        try {
            boolean token = joint.acquireSome(timeNs);
            Faults.poll();
            return token;
        } catch (InternalError e) {
            if (!match.renewSemaphores()) {
                throw e;
            }
            return false;
        }
    }
}
