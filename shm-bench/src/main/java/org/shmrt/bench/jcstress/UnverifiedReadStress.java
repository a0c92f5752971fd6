package org.shmrt.bench.jcstress;

import java.lang.foreign.MemorySegment;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.L_Result;
import org.shmrt.stream.FrameReader;

/**
 * As {@link VerifiedReadStress}, but without the check after the copy. It shows that writers do overtake copies, so that
 * the other tests have something to detect.
 */
@JCStressTest
@Outcome(id = "whole", expect = Expect.ACCEPTABLE, desc = "every word is the frame's count")
@Outcome(id = "none", expect = Expect.ACCEPTABLE, desc = "the frame was being written")
@Outcome(id = "torn", expect = Expect.ACCEPTABLE_INTERESTING, desc = "overtaken; validate() would report it")
@State
public class UnverifiedReadStress {
    private static final StressedStream STREAM = StressedStream.dao("unverified", 1);
    private static final FrameReader READER = STREAM.reader();
    private static final MemorySegment COPY = StressedStream.newFrame();

    /** One jcstress state; all states share the stream. */
    public UnverifiedReadStress() {
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
        if (!READER.awaitNewest(0).hasFrame()) {
            result.r1 = "none";
            return;
        }
        COPY.copyFrom(READER.frame());
        result.r1 = StressedStream.isFilled(COPY, READER.count()) ? "whole" : "torn";
    }
}
