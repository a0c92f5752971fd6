package org.shmrt.bench.jcstress;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.L_Result;
import org.shmrt.stream.FrameReader;
import org.shmrt.stream.FrameWriter;

/**
 * One thread claims frames, fills them in place and publishes them; it aborts every fourth claim after overwriting the
 * frame. Another thread reads the shared memory in place and validates.
 */
@JCStressTest
@Outcome(id = "whole", expect = Expect.ACCEPTABLE, desc = "valid, and every word is the frame's count")
@Outcome(id = "none", expect = Expect.ACCEPTABLE, desc = "no newer frame, or it is claimed")
@Outcome(id = "invalid", expect = Expect.ACCEPTABLE, desc = "validate() reports that the writer overtook the reader")
@Outcome(id = "torn", expect = Expect.FORBIDDEN, desc = "valid, with words of another frame or of an aborted one")
@Outcome(id = "twice", expect = Expect.FORBIDDEN, desc = "the same frame again, or an older one")
@State
public class InPlaceStress {
    private static final StressedStream STREAM = StressedStream.dao("inplace", 1);
    private static final FrameWriter WRITER = STREAM.writer();
    private static final FrameReader READER = STREAM.reader();
    private static long written;
    private static long claims;
    private static long seen;

    /** One jcstress state; all states share the stream. */
    public InPlaceStress() {
        // no state per instance
    }

    /** The writer. */
    @Actor
    public void publish() {
        if (++claims % 4 == 0) {
            StressedStream.fill(WRITER.claim(), -claims);
            WRITER.abort();
        } else {
            StressedStream.fill(WRITER.claim(), written + 1);
            written = WRITER.publish();
        }
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
        boolean filled = StressedStream.isFilled(READER.frame(), READER.count());
        if (!READER.validate()) {
            result.r1 = "invalid";
        } else if (!filled) {
            result.r1 = "torn";
        } else {
            result.r1 = READER.count() <= seen ? "twice" : "whole";
            seen = READER.count();
        }
    }
}
