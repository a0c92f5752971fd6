package org.shmrt.bench.jcstress;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.L_Result;
import org.shmrt.stream.FrameReader;
import org.shmrt.stream.Verdict;

/**
 * One thread writes frames, and sets the counter of the stream back after some of them, each time to lower values than
 * ever before. Another thread reads the frames. The words of a frame are its serial number, which never goes back.
 */
@JCStressTest
@Outcome(id = "next", expect = Expect.ACCEPTABLE, desc = "whole, and its count is higher than the last one")
@Outcome(id = "restarted", expect = Expect.ACCEPTABLE, desc = "whole, its count is lower, and the verdict says so")
@Outcome(id = "none", expect = Expect.ACCEPTABLE, desc = "no new frame")
@Outcome(id = "invalid", expect = Expect.ACCEPTABLE, desc = "overwritten during the copy, and reported")
@Outcome(id = "torn", expect = Expect.FORBIDDEN, desc = "reported as whole, with words of two frames")
@Outcome(id = "order", expect = Expect.FORBIDDEN, desc = "an older frame after a newer one")
@Outcome(id = "verdict", expect = Expect.FORBIDDEN, desc = "a lower count without RESTARTED, or the reverse")
@Outcome(id = "blind", expect = Expect.FORBIDDEN, desc = "a frame with another count is there and is not delivered")
@State
public class RestartStress {
    private static final long FIRST = 1L << 62;
    private static final long STEP = 1L << 20;
    private static final int FRAMES_BETWEEN_RESTARTS = 50;
    private static final StressedStream STREAM =
            StressedStream.dao("restart", 1).from(FIRST);
    private static final FrameReader READER = STREAM.reader();
    private static final MemorySegment COPY = StressedStream.newFrame();
    private static long serial;
    private static long restarts;
    private static long seen = FIRST;
    private static long seenSerial;

    /** One jcstress state; all states share the stream. */
    public RestartStress() {
        // no state per instance
    }

    /** The writer. */
    @Actor
    public void write() {
        STREAM.write(++serial);
        if (serial % FRAMES_BETWEEN_RESTARTS == 0) {
            STREAM.setCount(FIRST - ++restarts * STEP);
        }
    }

    /**
     * The reader.
     *
     * @param result what the reader saw
     */
    @Actor
    public void read(L_Result result) {
        // The count first: the flag may be raised, and the count changed, between the two.
        long before = STREAM.count();
        boolean whole = STREAM.isFlagDown();
        Verdict verdict = READER.awaitNext(0);
        if (!verdict.hasFrame()) {
            boolean same = whole && STREAM.isFlagDown() && STREAM.count() == before;
            result.r1 = same && before != seen ? "blind" : "none";
            return;
        }
        long count = READER.count();
        boolean isBack = count < seen;
        seen = count;
        if (isBack != (verdict == Verdict.RESTARTED)) {
            result.r1 = "verdict";
        } else if (!READER.copyTo(COPY)) {
            result.r1 = "invalid";
        } else {
            long read = COPY.getAtIndex(ValueLayout.JAVA_LONG, 0);
            // The counter is set back after a frame, which then is delivered once more, under the new count.
            boolean inOrder = read > seenSerial || (isBack && read == seenSerial);
            seenSerial = read;
            if (!StressedStream.isFilled(COPY, read)) {
                result.r1 = "torn";
            } else if (!inOrder) {
                result.r1 = "order";
            } else {
                result.r1 = isBack ? "restarted" : "next";
            }
        }
    }
}
