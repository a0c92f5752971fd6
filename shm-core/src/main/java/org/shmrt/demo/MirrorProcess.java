package org.shmrt.demo;

import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import org.HdrHistogram.Histogram;
import org.shmrt.demo.optics.LensletGrid;
import org.shmrt.posix.Clocks;
import org.shmrt.stream.FrameWriter;
import org.shmrt.stream.ImageStream;

/**
 * The mirror: receives commands and keeps the latest. It measures the latency of the whole chain from when a frame was
 * due, not from when it was sent, so that a delay of the camera counts too.
 */
final class MirrorProcess {
    private static final long PROGRESS_PERIOD_MS = 200;
    private static final long WARM_UP_PERIOD_NS = 1_000_000;

    private final RunPlan plan;
    private final ParentLink parent;
    private final FrameCounts counts;
    private final LatencyRecorder loopToMirror = new LatencyRecorder();
    private final LatencyRecorder endToEnd = new LatencyRecorder();
    private final float[] position = new float[LensletGrid.ACTUATORS];
    private long commandsReceived;
    /** Used by the thread of the warm-up only. */
    private long fed;

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
        warmUp(plan, files, parent);
        try (ImageStream stream = files.openCommands();
                FrameInput in = new FrameInput(plan, stream, MemorySegment.ofArray(mirror.position))) {
            if (parent.awaitStart()) {
                if (plan.progress() == Demo.Progress.SHOWN) {
                    mirror.startProgress();
                }
                plan.raisePriority();
                while (!parent.isEnd(mirror.counts.newest())) {
                    if (in.await()) {
                        mirror.record(in);
                    }
                }
                mirror.counts.end(parent.cameraLast());
                mirror.report();
            }
        }
    }

    private static void warmUp(RunPlan plan, DemoFiles files, ParentLink parent) {
        MirrorProcess mirror = new MirrorProcess(plan, parent);
        Path path = plan.scratchPath("mirror");
        try (ImageStream scratch = files.createCommands(path);
                FrameWriter out = scratch.writer();
                FrameInput in = new FrameInput(plan, scratch, MemorySegment.ofArray(mirror.position))) {
            WarmUp.repeat(plan, parent, endNs -> mirror.receiveUntil(endNs, in, out));
        }
        ImageStream.remove(path);
    }

    private void receiveUntil(long endNs, FrameInput in, FrameWriter out) {
        Thread feeder = new Thread(
                () -> {
                    MemorySegment command = MemorySegment.ofArray(new float[LensletGrid.ACTUATORS]);
                    for (long dueNs = Clocks.monotonicNs(); dueNs < endNs; dueNs += WARM_UP_PERIOD_NS) {
                        Clocks.sleepUntil(dueNs);
                        out.frameId(fed++);
                        out.write(command);
                    }
                },
                "warm-up");
        feeder.setDaemon(true);
        feeder.start();
        while (feeder.isAlive()) {
            if (in.await()) {
                record(in);
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
