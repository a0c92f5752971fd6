package org.shmrt.bench.jcstress;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.L_Result;
import org.shmrt.posix.Semaphore;

/**
 * One thread publishes a frame, and another one takes the frame's token, asleep if need be. Each frame wakes it, so none
 * of its sleeps reaches the time limit.
 */
@JCStressTest
@Outcome(id = "woken", expect = Expect.ACCEPTABLE, desc = "one token for each frame")
@Outcome(id = "asleep", expect = Expect.FORBIDDEN, desc = "asleep for ten seconds although a frame was published")
@State
public class SleeperStress {
    private static final StressedStream STREAM = StressedStream.milk("sleeper");
    private static final Semaphore SEMAPHORE = STREAM.semaphore(0);
    private static final int CAP = STREAM.cap();
    private static final long TIMEOUT_NS = 10_000_000_000L;

    /** One jcstress state; all states share the stream. */
    public SleeperStress() {
        // no state per instance
    }

    /** The writer. It waits at the cap, because a frame would add no token. */
    @Actor
    public void publish() {
        while (SEMAPHORE.value() >= CAP) {
            Thread.onSpinWait();
        }
        STREAM.writeNext();
    }

    /**
     * The sleeper.
     *
     * @param result whether it got its token
     */
    @Actor
    public void sleep(L_Result result) {
        result.r1 = SEMAPHORE.acquire(TIMEOUT_NS) ? "woken" : "asleep";
    }
}
