package org.shmrt.bench.jcstress;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.L_Result;

/** One thread writes a ring of three slots, another one reads the frames in order. */
@JCStressTest
@Outcome(id = "next", expect = Expect.ACCEPTABLE, desc = "intact, and the one after the last one read")
@Outcome(id = "later", expect = Expect.ACCEPTABLE, desc = "intact, after others that are counted as lost")
@Outcome(id = "none", expect = Expect.ACCEPTABLE, desc = "no newer frame")
@Outcome(id = "invalid", expect = Expect.ACCEPTABLE, desc = "overwritten during the copy, and reported")
@Outcome(id = "torn", expect = Expect.FORBIDDEN, desc = "reported as intact, with words that are not its count")
@Outcome(id = "order", expect = Expect.FORBIDDEN, desc = "the same frame again, an older one, or a loss not counted")
@State
public class RingStress {
    private static final StressedStream STREAM = StressedStream.dao("ring", 3);
    private static final OrderedReads READS = new OrderedReads(STREAM.reader());

    /** One jcstress state; all states share the stream. */
    public RingStress() {
        // no state per instance
    }

    /** The writer. */
    @Actor
    public void write() {
        STREAM.writeNext();
    }

    /**
     * The reader.
     *
     * @param result what the reader saw
     */
    @Actor
    public void read(L_Result result) {
        result.r1 = READS.next();
    }
}
