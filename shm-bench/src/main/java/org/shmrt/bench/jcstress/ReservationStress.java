package org.shmrt.bench.jcstress;

import java.util.concurrent.atomic.AtomicIntegerArray;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LL_Result;
import org.shmrt.stream.FrameReader;

/** Two threads open readers of a milk stream, each of which takes any free semaphore, and close them again. */
@JCStressTest
@Outcome(id = "own, own", expect = Expect.ACCEPTABLE, desc = "each had its own semaphore")
@Outcome(id = ".*shared.*", expect = Expect.FORBIDDEN, desc = "two readers held one semaphore at the same time")
@State
public class ReservationStress {
    private static final StressedStream STREAM = StressedStream.milkWithClaims("reserve");
    private static final AtomicIntegerArray HOLDERS = new AtomicIntegerArray(64);

    /** One jcstress state; all states share the stream. */
    public ReservationStress() {
        // no state per instance
    }

    /**
     * One reader.
     *
     * @param result whether its semaphore was its own
     */
    @Actor
    public void first(LL_Result result) {
        result.r1 = holdOne();
    }

    /**
     * The other reader.
     *
     * @param result whether its semaphore was its own
     */
    @Actor
    public void second(LL_Result result) {
        result.r2 = holdOne();
    }

    private static String holdOne() {
        try (FrameReader reader = STREAM.sleepingReader()) {
            int index = reader.semaphoreIndex();
            boolean alone = HOLDERS.incrementAndGet(index) == 1;
            Thread.onSpinWait();
            alone &= HOLDERS.decrementAndGet(index) == 0;
            return alone ? "own" : "shared";
        }
    }
}
