package org.shmrt.bench.jcstress;

import java.lang.foreign.MemorySegment;
import org.shmrt.stream.FrameReader;
import org.shmrt.stream.Verdict;

/** Reads the frames of a ring in order, and names what it saw. For one thread at a time. */
final class OrderedReads {
    private final FrameReader reader;
    private final MemorySegment copy = StressedStream.newFrame();
    private long last;

    OrderedReads(FrameReader reader) {
        this.reader = reader;
    }

    /** The outcome of one read: none, order, invalid, torn, next or later. */
    String next() {
        Verdict verdict = reader.awaitNext(0);
        if (!verdict.hasFrame()) {
            return "none";
        }
        long count = reader.count();
        boolean isNext = count == last + 1;
        boolean inOrder = count == last + 1 + reader.lost() && (verdict == Verdict.FRESH) == isNext;
        last = count;
        if (!inOrder) {
            return "order";
        }
        if (!reader.copyTo(copy)) {
            return "invalid";
        }
        if (!StressedStream.isFilled(copy, count)) {
            return "torn";
        }
        return isNext ? "next" : "later";
    }
}
