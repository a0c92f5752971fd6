package org.shmrt.bench.jcstress;

import java.lang.foreign.MemorySegment;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.L_Result;
import org.shmrt.stream.FramesAhead;

/**
 * One thread claims two frames of a ring of three slots ahead and fills the later one first. It publishes them in either
 * order, and gives back every fourth one, half written, and every fifth one, unwritten. Another thread reads in order.
 */
@JCStressTest
@Outcome(id = "next", expect = Expect.ACCEPTABLE, desc = "whole, and the one after the last one read")
@Outcome(id = "later", expect = Expect.ACCEPTABLE, desc = "whole, after others that are counted as lost")
@Outcome(id = "none", expect = Expect.ACCEPTABLE, desc = "no newer frame")
@Outcome(id = "invalid", expect = Expect.ACCEPTABLE, desc = "overwritten during the copy, and reported")
@Outcome(id = "torn", expect = Expect.FORBIDDEN, desc = "accepted, with words of another frame or of one given back")
@Outcome(id = "order", expect = Expect.FORBIDDEN, desc = "the same frame again, an older one, or a loss not counted")
@State
public class AheadStress {
    private static final StressedStream STREAM = StressedStream.dao("ahead", 3);
    private static final FramesAhead AHEAD = STREAM.writer().claimAhead(2);
    private static final OrderedReads READS = new OrderedReads(STREAM.reader());
    private static long published;
    private static long turns;

    /** One jcstress state; all states share the stream. */
    public AheadStress() {
        // no state per instance
    }

    /** The writer. */
    @Actor
    public void write() {
        turns++;
        int first = AHEAD.claim();
        int second = AHEAD.claim();
        if (turns % 4 == 0) {
            fillHalf(AHEAD.memory(first));
            AHEAD.giveBack(first);
            publish(second);
        } else if (turns % 5 == 0) {
            AHEAD.giveBackUnused(second);
            publish(first);
        } else if (turns % 2 == 0) {
            publish(second);
            publish(first);
        } else {
            publish(first);
            publish(second);
        }
    }

    private static void publish(int buffer) {
        StressedStream.fill(AHEAD.memory(buffer), ++published);
        AHEAD.publish(buffer, published);
    }

    private static void fillHalf(MemorySegment frame) {
        frame.asSlice(0, frame.byteSize() / 2).fill((byte) -1);
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
