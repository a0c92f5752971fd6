package org.shmrt.demo;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import org.shmrt.camera.sim.LensletGrid;
import org.shmrt.camera.sim.SpotField;
import org.shmrt.demo.optics.Centroids;
import org.shmrt.demo.optics.Reconstructor;
import org.shmrt.error.ShmException;
import org.shmrt.math.FloatMatrix;
import org.shmrt.math.SlopeComputer;
import org.shmrt.runtime.ControlLoop;
import org.shmrt.runtime.LoopBuilder;
import org.shmrt.runtime.StepInfo;
import org.shmrt.runtime.Trigger;
import org.shmrt.stream.ImageStream;
import org.shmrt.telemetry.LoopState;
import org.shmrt.telemetry.LoopTelemetry;

/**
 * The control loop: a {@link ControlLoop} that measures the spots of each camera frame, multiplies the slopes by the
 * reconstructor matrix and publishes the mirror commands under the number of the frame. {@code shm loop} shows and steers
 * it while it runs.
 */
final class LoopProcess {
    /** Enough rounds for the compiler to finish with the arithmetic before the loop's own warm-up. */
    private static final int WARM_UP_ROUNDS = 2000;

    private static final Duration WARM_UP = Duration.ofNanos(WarmUp.ROUND_NS);
    /** So that the warm-up of a slow run has enough steps. */
    private static final double MIN_WARM_UP_HZ = 500;

    private static final double MAX_WARM_UP_HZ = 5000;
    private static final long LAST_POLL_MS = 10;

    private final RunPlan plan;
    private final ParentLink parent;
    private final FrameCounts counts;
    private final LatencyRecorder cameraToLoop = new LatencyRecorder();
    private final SlopeComputer sensor = Centroids.computer();
    private final FloatMatrix reconstructor = Reconstructor.matrix();
    private final float[] slopes = new float[Centroids.SLOPES];
    private boolean live;

    private LoopProcess(RunPlan plan, ParentLink parent) {
        this.plan = plan;
        this.parent = parent;
        this.counts = new FrameCounts(plan);
    }

    /** Runs the loop until the last frame of the camera, or until the parent ends. */
    static void run(RunPlan plan, DemoFiles files, ParentLink parent) throws InterruptedException {
        LoopProcess process = new LoopProcess(plan, parent);
        process.warmUp();
        if (!parent.awaitStreams()) {
            return;
        }
        try (ImageStream camera = files.openCamera();
                ImageStream mirror = files.openCommands();
                ControlLoop loop = process.build(camera, mirror)) {
            files.loop(loop);
            loop.warmUp(WARM_UP);
            if (parent.awaitStart()) {
                process.run(loop);
            }
        }
    }

    private void warmUp() {
        int pixels = LensletGrid.SIDE_PIXELS * LensletGrid.SIDE_PIXELS;
        short[] rendered = new short[pixels];
        new SpotField(0).render(0, rendered);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment frame = arena.allocate(2L * pixels, Long.BYTES);
            MemorySegment command = arena.allocate((long) Float.BYTES * LensletGrid.ACTUATORS, Long.BYTES);
            MemorySegment.copy(rendered, 0, frame, ValueLayout.JAVA_SHORT, 0, pixels);
            for (int i = 0; i < WARM_UP_ROUNDS; i++) {
                compute(frame, command);
            }
        }
    }

    private ControlLoop build(ImageStream camera, ImageStream mirror) {
        Trigger frame = Trigger.frame(camera);
        LoopBuilder<Void> builder = ControlLoop.named(plan.tag())
                .trigger(
                        switch (plan.waiting()) {
                            case SPIN -> frame.spin();
                            case SEM -> frame.semaphore();
                            case HYBRID -> frame.hybrid(Waiting.HYBRID_SPIN_NS);
                        })
                .output(mirror)
                .deadlineNs(plan.periodNs())
                .rateHz(Math.clamp(plan.rateHz(), MIN_WARM_UP_HZ, MAX_WARM_UP_HZ))
                .step((pixels, command, none, info) -> step(pixels, command, info));
        return (plan.priority() > 0 ? builder.fifo(plan.priority()) : builder).build();
    }

    private void compute(MemorySegment frame, MemorySegment command) {
        sensor.compute(frame, slopes);
        reconstructor.multiply(slopes, command);
    }

    private void step(MemorySegment frame, MemorySegment command, StepInfo info) {
        compute(frame, command);
        if (live && info.isFrameIntact() && counts.add(info.frameId())) {
            cameraToLoop.record(info.wakeNs());
        }
    }

    private void run(ControlLoop loop) throws InterruptedException {
        live = true;
        Thread end = new Thread(() -> stopAfterLastFrame(loop), "end-of-run");
        end.setDaemon(true);
        end.start();
        LoopState state = loop.run();
        if (state == LoopState.ERROR) {
            throw new ShmException("the step or a stream failed: "
                    + loop.failure().map(Throwable::toString).orElse("unknown reason"));
        }
        parent.report("stopped");
        if (parent.awaitLast()) {
            report();
        }
    }

    private void stopAfterLastFrame(ControlLoop loop) {
        try (LoopTelemetry page = LoopTelemetry.open(plan.tag())) {
            boolean ignored = parent.awaitLast();
            long limitNs = System.nanoTime() + ParentLink.MAX_LAST_NS;
            // Another process may have paused the loop: then it does not wait for the last frame.
            while (!parent.isEnd(counts.newest())
                    && page.snapshot().state() == LoopState.RUNNING
                    && System.nanoTime() < limitNs) {
                Thread.sleep(LAST_POLL_MS);
            }
        } catch (InterruptedException | ShmException e) {
            // no code interrupts this thread; without a page the loop has ended
        }
        loop.stop();
    }

    private void report() {
        long newest = counts.newest();
        counts.end(parent.cameraLast());
        parent.report("received " + counts.received());
        parent.report("skipped " + counts.skipped());
        parent.report("warm_up_skipped " + counts.warmUpSkipped());
        parent.report(LatencyStage.CAMERA_TO_LOOP.key + " " + LatencyRecorder.encode(cameraToLoop.soFar()));
        parent.report("ended " + newest);
    }
}
