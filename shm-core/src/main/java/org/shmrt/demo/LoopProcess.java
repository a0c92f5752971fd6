package org.shmrt.demo;

import java.lang.foreign.MemorySegment;
import org.shmrt.stream.FrameWriter;
import org.shmrt.stream.ImageStream;

/**
 * The control loop: takes a camera frame, finds its spots, multiplies the slopes with the reconstructor and writes
 * the mirror's commands under the frame's number. Nothing is allocated per frame.
 */
final class LoopProcess {
    /** Enough rounds for the compiler to be done before the first frame comes. */
    private static final int REHEARSALS = 2000;

    private final RunPlan plan;
    private final FrameTally tally;
    private final HopRecorder cameraToLoop = new HopRecorder();
    private final HopRecorder computing = new HopRecorder();
    private final Reconstructor reconstructor = new Reconstructor();
    private final short[] pixels = new short[LensletGrid.SIDE_PIXELS * LensletGrid.SIDE_PIXELS];
    private final float[] slopes = new float[Centroids.SLOPES];
    private final float[] commands = new float[LensletGrid.ACTUATORS];
    private final MemorySegment commandBytes = MemorySegment.ofArray(commands);

    private LoopProcess(RunPlan plan) {
        this.plan = plan;
        this.tally = new FrameTally(plan);
    }

    /** Runs the loop until the camera's last frame, or until the parent is gone. */
    static void run(RunPlan plan, DemoFiles files, ParentLink parent) throws InterruptedException {
        LoopProcess loop = new LoopProcess(plan);
        loop.rehearse();
        if (!parent.awaitStreams()) {
            return;
        }
        try (ImageStream camera = files.openCamera();
                ImageStream mirror = files.openCommands();
                FrameInput in = new FrameInput(plan, camera, MemorySegment.ofArray(loop.pixels));
                FrameWriter out = mirror.writer()) {
            if (parent.awaitStart()) {
                while (!parent.isEnd(loop.tally.newest())) {
                    if (in.await()) {
                        loop.step(in, out);
                    }
                }
                loop.report(parent);
            }
        }
    }

    private void rehearse() {
        new SpotField(0).render(0, pixels);
        for (int i = 0; i < REHEARSALS; i++) {
            compute();
        }
    }

    private void compute() {
        Centroids.compute(pixels, slopes);
        reconstructor.apply(slopes, commands);
    }

    private void step(FrameInput in, FrameWriter out) {
        long startNs = System.nanoTime();
        compute();
        long computedNs = System.nanoTime() - startNs;
        long acquiredNs = plan.stampNs();
        out.frameId(in.frame());
        MemorySegment.copy(commandBytes, 0, out.claim(), 0, commandBytes.byteSize());
        out.publish(acquiredNs);
        if (tally.take(in.frame())) {
            cameraToLoop.record(in.latencyNs());
            computing.record(computedNs);
        }
    }

    private void report(ParentLink parent) {
        parent.report("received " + tally.received());
        parent.report("skipped " + tally.skipped());
        parent.report("warm_up_skipped " + tally.warmUpSkipped());
        parent.report(Hop.CAMERA_TO_LOOP.key + " " + HopRecorder.encode(cameraToLoop.soFar()));
        parent.report(Hop.LOOP.key + " " + HopRecorder.encode(computing.soFar()));
    }
}
