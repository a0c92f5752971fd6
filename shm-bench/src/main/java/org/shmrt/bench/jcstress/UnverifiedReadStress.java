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

/** The same without the check after the copy: shows that frames are overtaken here, so the others have work to do. */
@JCStressTest
@Outcome(id = "whole", expect = Expect.ACCEPTABLE, desc = "every word is that of the frame's count")
@Outcome(id = "none", expect = Expect.ACCEPTABLE, desc = "the frame was being written")
@Outcome(id = "torn", expect = Expect.ACCEPTABLE_INTERESTING, desc = "what validate() is for")
@State
public class UnverifiedReadStress {
    private static final StressedStream STREAM = StressedStream.dao("unverified", 1);
    private static final FrameWriter WRITER = STREAM.writer();
    private static final FrameReader READER = STREAM.reader();
    private static final MemorySegment NEXT = MemorySegment.ofArray(new long[StressedStream.WORDS]);
    private static final MemorySegment COPY = MemorySegment.ofArray(new long[StressedStream.WORDS]);
    private static long written;

    /** One jcstress state; all states share the stream. */
    public UnverifiedReadStress() {
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
        if (!READER.awaitNewest(0).hasFrame()) {
            result.r1 = "none";
            return;
        }
        COPY.copyFrom(READER.frame());
        result.r1 = StressedStream.isFilled(COPY, READER.count()) ? "whole" : "torn";
    }
}
