package org.shmrt.bench.jcstress;

import java.lang.foreign.MemorySegment;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.L_Result;
import org.shmrt.stream.FrameReader;
import org.shmrt.stream.FrameWriter;
import org.shmrt.stream.Verdict;

/** One thread writes a ring of three slots, another takes the frames in order. */
@JCStressTest
@Outcome(id = "next", expect = Expect.ACCEPTABLE, desc = "whole, and right after the last one taken")
@Outcome(id = "later", expect = Expect.ACCEPTABLE, desc = "whole, after others that are counted as lost")
@Outcome(id = "none", expect = Expect.ACCEPTABLE, desc = "no newer frame")
@Outcome(id = "invalid", expect = Expect.ACCEPTABLE, desc = "overtaken while it was copied, and said so")
@Outcome(id = "torn", expect = Expect.FORBIDDEN, desc = "said to be whole, with words not of its count")
@Outcome(id = "order", expect = Expect.FORBIDDEN, desc = "twice, backwards, or a loss not counted")
@State
public class RingStress {
    private static final StressedStream STREAM = StressedStream.dao("ring", 3);
    private static final FrameWriter WRITER = STREAM.writer();
    private static final FrameReader READER = STREAM.reader();
    private static final MemorySegment NEXT = MemorySegment.ofArray(new long[StressedStream.WORDS]);
    private static final MemorySegment COPY = MemorySegment.ofArray(new long[StressedStream.WORDS]);
    private static long written;
    private static long taken;

    /** One jcstress state; all states share the stream. */
    public RingStress() {
        // nothing of its own
    }

    /** The writer. */
    @Actor
    public void write() {
        StressedStream.fill(NEXT, written + 1);
        written = WRITER.write(NEXT);
    }

    /**
     * The reader.
     *
     * @param result what it saw
     */
    @Actor
    public void read(L_Result result) {
        Verdict verdict = READER.awaitNext(0);
        if (!verdict.hasFrame()) {
            result.r1 = "none";
            return;
        }
        long count = READER.count();
        boolean inOrder = count == taken + 1 + READER.lost() && (verdict == Verdict.FRESH) == (count == taken + 1);
        boolean isNext = count == taken + 1;
        taken = count;
        if (!inOrder) {
            result.r1 = "order";
        } else if (!READER.copyTo(COPY)) {
            result.r1 = "invalid";
        } else if (!StressedStream.isFilled(COPY, count)) {
            result.r1 = "torn";
        } else {
            result.r1 = isNext ? "next" : "later";
        }
    }
}
