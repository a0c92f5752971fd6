package org.shmrt.demo;

import java.lang.foreign.MemorySegment;
import org.shmrt.camera.sim.LensletGrid;
import org.shmrt.camera.sim.SpotField;
import org.shmrt.stream.FrameWriter;
import org.shmrt.stream.ImageStream;

/**
 * The control loop: reads a camera frame, measures its spots, multiplies the slopes by the reconstructor matrix and
 * writes the mirror commands under the number of the frame. It allocates nothing per frame.
 */
final class LoopProcess {
    /** Enough rounds for the compiler to finish before the first frame arrives. */
    private static final int WARM_UP_ROUNDS = 2000;

    private final FrameCounts counts;
    private final LatencyRecorder cameraToLoop = new LatencyRecorder();
    private final LatencyRecorder computing = new LatencyRecorder();
    private final Reconstructor reconstructor = new Reconstructor();
    private final short[] pixels = new short[LensletGrid.SIDE_PIXELS * LensletGrid.SIDE_PIXELS];
    private final float[] slopes = new float[Centroids.SLOPES];
    private final float[] commands = new float[LensletGrid.ACTUATORS];
    private final MemorySegment commandBytes = MemorySegment.ofArray(commands);

    private LoopProcess(RunPlan plan) {
        this.counts = new FrameCounts(plan);
    }

    /** Runs the loop until the last frame of the camera, or until the parent ends. */
    static void run(RunPlan plan, DemoFiles files, ParentLink parent) throws InterruptedException {
        LoopProcess loop = new LoopProcess(plan);
        loop.warmUp();
        if (!parent.awaitStreams()) {
            return;
        }
        try (ImageStream camera = files.openCamera();
                ImageStream mirror = files.openCommands();
                FrameInput in = new FrameInput(plan, camera, MemorySegment.ofArray(loop.pixels));
                FrameWriter out = mirror.writer()) {
            if (parent.awaitStart()) {
                while (!parent.isEnd(loop.counts.newest())) {
                    if (in.await()) {
                        loop.step(in, out);
                    }
                }
                loop.report(parent);
            }
        }
    }

    private void warmUp() {
        new SpotField(0).render(0, pixels);
        for (int i = 0; i < WARM_UP_ROUNDS; i++) {
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
        long acquiredNs = in.nowNs();
        out.frameId(in.frame());
        MemorySegment.copy(commandBytes, 0, out.claim(), 0, commandBytes.byteSize());
        out.publish(acquiredNs);
        if (counts.add(in.frame())) {
            cameraToLoop.record(in.latencyNs());
            computing.record(computedNs);
        }
    }

    private void report(ParentLink parent) {
        parent.report("received " + counts.received());
        parent.report("skipped " + counts.skipped());
        parent.report("warm_up_skipped " + counts.warmUpSkipped());
        parent.report(LatencyStage.CAMERA_TO_LOOP.key + " " + LatencyRecorder.encode(cameraToLoop.soFar()));
        parent.report(LatencyStage.LOOP.key + " " + LatencyRecorder.encode(computing.soFar()));
    }
}
