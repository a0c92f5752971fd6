package org.shmrt.demo;

import java.lang.foreign.MemorySegment;
import org.HdrHistogram.Histogram;
import org.shmrt.camera.sim.LensletGrid;
import org.shmrt.posix.Clocks;
import org.shmrt.stream.ImageStream;

/**
 * The mirror: receives commands and keeps the latest. It measures the latency of the whole chain from when a frame was
 * due, not from when it was sent, so that a delay of the camera counts too.
 */
final class MirrorProcess {
    private static final long PROGRESS_PERIOD_MS = 200;

    private final RunPlan plan;
    private final ParentLink parent;
    private final FrameCounts counts;
    private final LatencyRecorder loopToMirror = new LatencyRecorder();
    private final LatencyRecorder endToEnd = new LatencyRecorder();
    private final float[] position = new float[LensletGrid.ACTUATORS];
    private long commandsReceived;

    private MirrorProcess(RunPlan plan, ParentLink parent) {
        this.plan = plan;
        this.parent = parent;
        this.counts = new FrameCounts(plan);
    }

    /** Runs the mirror until the last frame of the camera, or until the parent ends. */
    static void run(RunPlan plan, DemoFiles files, ParentLink parent) throws InterruptedException {
        MirrorProcess mirror = new MirrorProcess(plan, parent);
        if (!parent.awaitStreams()) {
            return;
        }
        try (ImageStream stream = files.openCommands();
                FrameInput in = new FrameInput(plan, stream, MemorySegment.ofArray(mirror.position))) {
            if (parent.awaitStart()) {
                if (plan.progress() == Demo.Progress.SHOWN) {
                    mirror.startProgress();
                }
                while (!parent.isEnd(mirror.counts.newest())) {
                    if (in.await()) {
                        mirror.record(in);
                    }
                }
                mirror.report();
            }
        }
    }

    private void record(FrameInput in) {
        long nowNs = Clocks.monotonicNs();
        commandsReceived++;
        if (counts.add(in.frame())) {
            loopToMirror.record(in.latencyNs());
            endToEnd.record(nowNs - plan.dueNs(parent.startNs(), in.frame()));
        }
    }

    /** Uses a thread of its own, so that commands do not wait while percentiles are computed. */
    private void startProgress() {
        Thread progress = new Thread(
                () -> {
                    try {
                        while (true) {
                            Thread.sleep(PROGRESS_PERIOD_MS);
                            Histogram soFar = endToEnd.soFar();
                            // a slightly old count is sufficient here
                            parent.report("progress " + counts.skipped() + " " + soFar.getValueAtPercentile(50) + " "
                                    + soFar.getValueAtPercentile(99));
                        }
                    } catch (InterruptedException e) {
                        // no code interrupts this thread; it ends with the process
                    }
                },
                "progress");
        progress.setDaemon(true);
        progress.start();
    }

    private void report() {
        double squares = 0;
        for (float command : position) {
            squares += command * command;
        }
        parent.report("received " + counts.received());
        parent.report("skipped " + counts.skipped());
        parent.report("warm_up_skipped " + counts.warmUpSkipped());
        parent.report("commands " + commandsReceived);
        parent.report("position_rms " + Math.sqrt(squares / position.length));
        parent.report(LatencyStage.LOOP_TO_MIRROR.key + " " + LatencyRecorder.encode(loopToMirror.soFar()));
        parent.report(LatencyStage.END_TO_END.key + " " + LatencyRecorder.encode(endToEnd.soFar()));
    }
}
