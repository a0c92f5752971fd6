package org.shmrt.bench.jcstress;

import java.lang.foreign.MemorySegment;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.L_Result;
import org.shmrt.stream.FrameReader;

/** One thread writes frames to a stream of depth 1 by copy, another one copies the newest out, with verification. */
@JCStressTest
@Outcome(id = "whole", expect = Expect.ACCEPTABLE, desc = "every word is the frame's count")
@Outcome(id = "none", expect = Expect.ACCEPTABLE, desc = "the writer overtook each copy")
@Outcome(
        id = "torn",
        expect = Expect.FORBIDDEN,
        desc = "words of two frames, or not the count, reported as an intact frame")
@Outcome(id = "backwards", expect = Expect.FORBIDDEN, desc = "an older frame after a newer one")
@State
public class VerifiedReadStress {
    private static final StressedStream STREAM = StressedStream.dao("verified", 1);
    private static final FrameReader READER = STREAM.reader();
    private static final MemorySegment COPY = StressedStream.newFrame();
    private static long seen;

    /** One jcstress state; all states share the stream. */
    public VerifiedReadStress() {
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
        if (!READER.readNewest(COPY, 0).hasFrame()) {
            result.r1 = "none";
        } else if (!StressedStream.isFilled(COPY, READER.count())) {
            result.r1 = "torn";
        } else {
            result.r1 = READER.count() < seen ? "backwards" : "whole";
            seen = READER.count();
        }
    }
}
