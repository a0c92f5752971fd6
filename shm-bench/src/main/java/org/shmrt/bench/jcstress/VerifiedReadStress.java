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

/** One thread writes frames of depth 1 by copying, another copies the newest out, verified. */
@JCStressTest
@Outcome(id = "whole", expect = Expect.ACCEPTABLE, desc = "every word is that of the frame's count")
@Outcome(id = "none", expect = Expect.ACCEPTABLE, desc = "no copy stayed whole: the writer overtook it")
@Outcome(id = "torn", expect = Expect.FORBIDDEN, desc = "words of two frames, or not of the count, as a whole frame")
@Outcome(id = "backwards", expect = Expect.FORBIDDEN, desc = "an older frame after a newer one")
@State
public class VerifiedReadStress {
    private static final StressedStream STREAM = StressedStream.dao("verified", 1);
    private static final FrameWriter WRITER = STREAM.writer();
    private static final FrameReader READER = STREAM.reader();
    private static final MemorySegment NEXT = MemorySegment.ofArray(new long[StressedStream.WORDS]);
    private static final MemorySegment COPY = MemorySegment.ofArray(new long[StressedStream.WORDS]);
    private static long written;
    private static long seen;

    /** One jcstress state; all states share the stream. */
    public VerifiedReadStress() {
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
        boolean has = READER.readNewest(COPY, 0).hasFrame();
        if (!has) {
            result.r1 = "none";
        } else if (!StressedStream.isFilled(COPY, READER.count())) {
            result.r1 = "torn";
        } else {
            result.r1 = READER.count() < seen ? "backwards" : "whole";
            seen = READER.count();
        }
    }
}
