package org.shmrt.demo;

import java.lang.foreign.MemorySegment;
import java.util.concurrent.locks.LockSupport;
import org.shmrt.posix.Clocks;
import org.shmrt.stream.FrameWriter;
import org.shmrt.stream.ImageStream;

/**
 * The camera: publishes frame k at start + k periods, by the schedule. A frame that is late is published at once and
 * does not shift those after it, so a stall shows as latency, as it would in front of a real detector.
 */
final class CameraProcess {
    private static final long SEED = 97;
    /** A sleep may end about this much late; the rest of the time is spun away. */
    private static final long SPIN_NS = 150_000;

    private static final long LONGEST_SLEEP_NS = 50_000_000;
    /** How long past the end a camera that cannot keep its rate goes on. */
    private static final long OVERTIME_NS = 500_000_000;

    private final RunPlan plan;
    private final ParentLink parent;
    private final RenderedFrames rendered = new RenderedFrames(new SpotField(SEED));
    private long counted;
    private long lastNs;

    private CameraProcess(RunPlan plan, ParentLink parent) {
        this.plan = plan;
        this.parent = parent;
    }

    /** Runs the camera until its last frame, or until the parent is gone. */
    static void run(RunPlan plan, DemoFiles files, ParentLink parent) throws InterruptedException {
        CameraProcess camera = new CameraProcess(plan, parent);
        if (!parent.awaitStreams()) {
            return;
        }
        try (ImageStream stream = files.openCamera();
                FrameWriter out = stream.writer()) {
            if (parent.awaitStart()) {
                camera.report(camera.publishAll(out));
            }
        }
    }

    /** Returns the number of the last frame, -1 if there is none. */
    private long publishAll(FrameWriter out) {
        long startNs = parent.startNs();
        long endNs = plan.dueNs(startNs, plan.frames()) + OVERTIME_NS;
        for (long frame = 0; frame < plan.frames(); frame++) {
            waitUntil(plan.dueNs(startNs, frame), frame);
            long nowNs = Clocks.monotonicNs();
            if (parent.isGone() || nowNs > endNs) {
                return frame - 1;
            }
            publish(out, frame);
            counted += plan.isCounted(frame) ? 1 : 0;
            lastNs = nowNs;
        }
        return plan.frames() - 1;
    }

    private void waitUntil(long dueNs, long frame) {
        for (long leftNs = dueNs - Clocks.monotonicNs();
                leftNs > 0 && !parent.isGone();
                leftNs = dueNs - Clocks.monotonicNs()) {
            if (leftNs > 2 * rendered.renderNs() && rendered.renderAhead(frame)) {
                continue;
            }
            if (leftNs > SPIN_NS) {
                LockSupport.parkNanos(Math.min(leftNs - SPIN_NS, LONGEST_SLEEP_NS));
            } else {
                Thread.onSpinWait();
            }
        }
    }

    private void publish(FrameWriter out, long frame) {
        MemorySegment picture = rendered.take(frame);
        long acquiredNs = plan.stampNs();
        out.frameId(frame);
        MemorySegment.copy(picture, 0, out.claim(), 0, picture.byteSize());
        out.publish(acquiredNs);
    }

    private void report(long lastFrame) {
        // N frames span N - 1 periods. From when the first was due, for one that came late and the others in a
        // bunch after it make no higher rate.
        long firstDueNs = plan.dueNs(parent.startNs(), plan.warmUpFrames());
        double rateHz = counted < 2 ? Double.NaN : (counted - 1) / ((lastNs - firstDueNs) / 1e9);
        parent.report("sent " + counted);
        parent.report("rate " + rateHz);
        parent.report("repeated " + rendered.repeated());
        parent.report("last " + lastFrame);
    }
}
