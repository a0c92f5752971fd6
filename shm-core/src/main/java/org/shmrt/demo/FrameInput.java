package org.shmrt.demo;

import java.lang.foreign.MemorySegment;
import org.shmrt.error.ShmException;
import org.shmrt.stream.FrameReader;
import org.shmrt.stream.ImageStream;
import org.shmrt.stream.Verdict;

/**
 * The receiving end of a hop: takes frames of a stream into memory of its own, whole and with their number and
 * time. For one thread; allocates nothing per frame.
 */
final class FrameInput implements AutoCloseable {
    /** How soon a waiting process learns that the run has ended. */
    private static final long SLICE_NS = 20_000_000L;

    private final RunPlan plan;
    private final FrameReader reader;
    private final MemorySegment target;
    private final String name;
    private long frame;
    private long acquiredNs;
    private long receivedNs;

    FrameInput(RunPlan plan, ImageStream stream, MemorySegment target) {
        this.plan = plan;
        this.reader = stream.reader(plan.waitStrategy());
        this.target = target;
        this.name = stream.path().getFileName().toString();
    }

    /** Waits for a frame, a while; false if none came that is whole. */
    boolean await() {
        Verdict verdict = reader.read(target, SLICE_NS);
        if (!verdict.hasFrame()) {
            // a writer that stands still in the middle of a frame may go on
            if (verdict != Verdict.TIMED_OUT && verdict != Verdict.STALE_WRITER) {
                throw new ShmException("the stream " + name + " is gone while the demo runs (" + verdict
                        + "): another program removed or changed it");
            }
            return false;
        }
        receivedNs = plan.stampNs();
        frame = reader.frameId();
        acquiredNs = reader.acquiredNs();
        // The copy is whole; number and time were read after it, and might be those of a later frame.
        return reader.validate();
    }

    /** Number of the frame taken. */
    long frame() {
        return frame;
    }

    /** From when the frame was acquired to when it lay here, checked. */
    long latencyNs() {
        return receivedNs - acquiredNs;
    }

    @Override
    public void close() {
        reader.close();
    }
}
