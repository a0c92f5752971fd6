package org.shmrt.bench.jcstress;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.L_Result;
import org.shmrt.posix.Semaphore;

/**
 * One thread publishes frames of a milk stream, and so posts its semaphores: by a store where the value is 0, else
 * atomically. Another thread takes the tokens of one semaphore, one at a time, as a C program with {@code sem_trywait}.
 */
@JCStressTest
@Outcome(id = "token", expect = Expect.ACCEPTABLE, desc = "one token, of a frame that was published")
@Outcome(id = "none", expect = Expect.ACCEPTABLE, desc = "no token, and none is missing")
@Outcome(id = "extra", expect = Expect.FORBIDDEN, desc = "more tokens than frames")
@Outcome(id = "lost", expect = Expect.FORBIDDEN, desc = "no token, although a frame has not been taken yet")
@State
public class PostStress {
    private static final StressedStream STREAM = StressedStream.milk("post");
    private static final Semaphore SEMAPHORE = STREAM.semaphore(0);
    private static final int CAP = STREAM.cap();
    /** Frames whose publication has begun, and has ended. */
    private static volatile long begun;

    private static volatile long ended;
    private static long taken;

    /** One jcstress state; all states share the stream. */
    public PostStress() {
        // no state per instance
    }

    /** The writer. At the cap it writes nothing, because no token would be added. */
    @Actor
    public void publish() {
        if (SEMAPHORE.value() < CAP) {
            long frame = begun + 1;
            begun = frame;
            STREAM.writeNext();
            ended = frame;
        }
    }

    /**
     * The other program.
     *
     * @param result what it took
     */
    @Actor
    public void take(L_Result result) {
        long posted = ended;
        if (SEMAPHORE.tryAcquire()) {
            taken++;
            result.r1 = taken > begun ? "extra" : "token";
        } else {
            result.r1 = taken < posted ? "lost" : "none";
        }
    }
}
