package org.shmrt.demo;

import java.lang.foreign.MemorySegment;
import org.shmrt.error.ShmException;
import org.shmrt.stream.FrameReader;
import org.shmrt.stream.ImageStream;
import org.shmrt.stream.Verdict;
import org.shmrt.stream.format.StreamClock;

/**
 * Receives the frames of a stream: checked copies, with number and time. For one thread; allocates nothing per frame.
 */
final class FrameInput implements AutoCloseable {
    /** Limits the wait, so that a waiting process notices the end of the run. */
    private static final long MAX_WAIT_NS = 20_000_000L;

    private final StreamClock clock;
    private final FrameReader reader;
    private final MemorySegment target;
    private final String name;
    private long frame;
    private long acquiredNs;
    private long receivedNs;

    FrameInput(RunPlan plan, ImageStream stream, MemorySegment target) {
        this.clock = stream.layout().clock();
        this.reader = stream.reader(plan.waiting().strategy());
        this.target = target;
        this.name = stream.path().getFileName().toString();
    }

    /** Waits for a frame for a limited time; false if no complete frame arrived. */
    boolean await() {
        Verdict verdict = reader.read(target, MAX_WAIT_NS);
        if (!verdict.hasFrame()) {
            // a writer that pauses in the middle of a frame may continue
            if (verdict != Verdict.TIMED_OUT && verdict != Verdict.STALE_WRITER) {
                throw new ShmException("cannot read " + name + " (" + verdict
                        + "): another program removed or changed it while the demo was running");
            }
            return false;
        }
        receivedNs = clock.nowNs();
        frame = reader.frameId();
        acquiredNs = reader.acquiredNs();
        // The copy is complete; number and time were read after it and could belong to a later frame.
        return reader.validate();
    }

    /** Number of the frame. */
    long frame() {
        return frame;
    }

    /** From the acquisition of the frame until its checked copy was here. */
    long latencyNs() {
        return receivedNs - acquiredNs;
    }

    /** The current time on the clock of the stream. */
    long nowNs() {
        return clock.nowNs();
    }

    @Override
    public void close() {
        reader.close();
    }
}
