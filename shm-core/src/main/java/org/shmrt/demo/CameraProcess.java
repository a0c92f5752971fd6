package org.shmrt.demo;

import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.concurrent.locks.LockSupport;
import org.shmrt.camera.sim.SpotField;
import org.shmrt.posix.Clocks;
import org.shmrt.stream.FrameWriter;
import org.shmrt.stream.ImageStream;
import org.shmrt.stream.format.StreamClock;

/**
 * The camera: publishes frame k at start + k periods. A late frame is published immediately and does not delay the
 * later ones, so that a stall appears as latency, as with a real detector.
 */
final class CameraProcess {
    private static final long SEED = 97;
    /** A sleep can end this late; the camera spins for the rest of the time. */
    private static final long SPIN_NS = 150_000;

    private static final long WARM_UP_PERIOD_NS = 1_000_000;
    private static final long MAX_SLEEP_NS = 50_000_000;
    /** How long after the planned end a camera that cannot keep its rate continues. */
    private static final long MAX_OVERTIME_NS = 500_000_000;

    private final RunPlan plan;
    private final ParentLink parent;
    private final RenderedFrames rendered = new RenderedFrames(new SpotField(SEED));
    private long counted;
    private long repeated;
    private long lastNs;

    private CameraProcess(RunPlan plan, ParentLink parent) {
        this.plan = plan;
        this.parent = parent;
    }

    /** Runs the camera until its last frame, or until the parent ends. */
    static void run(RunPlan plan, DemoFiles files, ParentLink parent) throws InterruptedException {
        if (!parent.awaitStreams()) {
            return;
        }
        warmUp(plan, files, parent);
        CameraProcess camera = new CameraProcess(plan, parent);
        try (ImageStream stream = files.openCamera();
                FrameWriter out = stream.writer()) {
            if (parent.awaitStart()) {
                plan.raisePriority();
                camera.report(camera.publishAll(out, stream.layout().clock()));
            }
        }
    }

    private static void warmUp(RunPlan plan, DemoFiles files, ParentLink parent) {
        CameraProcess camera = new CameraProcess(plan, parent);
        Path path = plan.scratchPath("camera");
        try (ImageStream scratch = files.createCamera(path);
                FrameWriter out = scratch.writer()) {
            WarmUp.repeat(
                    plan,
                    parent,
                    endNs -> camera.publishUntil(endNs, out, scratch.layout().clock()));
        }
        ImageStream.remove(path);
    }

    private void publishUntil(long endNs, FrameWriter out, StreamClock clock) {
        for (long dueNs = Clocks.monotonicNs(); dueNs < endNs; dueNs += WARM_UP_PERIOD_NS) {
            waitUntil(dueNs, counted);
            publish(out, clock, counted++);
        }
    }

    /** Returns the number of the last frame, -1 if there is none. */
    private long publishAll(FrameWriter out, StreamClock clock) {
        long startNs = parent.startNs();
        // A camera that got the order late has its whole time too: even a busy machine gets its frames.
        long lateNs = Math.max(0, Clocks.monotonicNs() - startNs);
        long endNs = plan.dueNs(startNs, plan.frames()) + lateNs + MAX_OVERTIME_NS;
        for (long frame = 0; frame < plan.frames(); frame++) {
            waitUntil(plan.dueNs(startNs, frame), frame);
            long nowNs = Clocks.monotonicNs();
            if (parent.isStopped() || nowNs > endNs) {
                return frame - 1;
            }
            if (plan.isCounted(frame)) {
                counted++;
                repeated += rendered.isRendered(frame) ? 0 : 1;
            }
            publish(out, clock, frame);
            lastNs = nowNs;
        }
        return plan.frames() - 1;
    }

    private void waitUntil(long dueNs, long frame) {
        for (long leftNs = dueNs - Clocks.monotonicNs();
                leftNs > 0 && !parent.isStopped();
                leftNs = dueNs - Clocks.monotonicNs()) {
            if (leftNs > 2 * rendered.renderNs() && rendered.renderAhead(frame)) {
                continue;
            }
            if (leftNs > SPIN_NS) {
                LockSupport.parkNanos(Math.min(leftNs - SPIN_NS, MAX_SLEEP_NS));
            } else {
                Thread.onSpinWait();
            }
        }
    }

    private void publish(FrameWriter out, StreamClock clock, long frame) {
        MemorySegment picture = rendered.picture(frame);
        long acquiredNs = clock.nowNs();
        out.frameId(frame);
        MemorySegment.copy(picture, 0, out.claim(), 0, picture.byteSize());
        out.publish(acquiredNs);
    }

    private void report(long lastFrame) {
        // N frames span N - 1 periods. The time starts when the first frame was due: if it was late and the others
        // followed in a burst, that must not increase the rate.
        long firstDueNs = plan.dueNs(parent.startNs(), plan.warmUpFrames());
        double rateHz = counted < 2 ? Double.NaN : (counted - 1) / ((lastNs - firstDueNs) / 1e9);
        parent.report("sent " + counted);
        parent.report("rate " + rateHz);
        parent.report("repeated " + repeated);
        parent.report("last " + lastFrame);
    }
}
