package org.shmrt.demo;

import java.lang.foreign.MemorySegment;
import org.HdrHistogram.Histogram;
import org.shmrt.posix.Clocks;
import org.shmrt.stream.ImageStream;

/**
 * The mirror: takes commands and holds the latest. Here the whole chain is measured: from when a frame was due, not
 * from when it was sent, so that what was held up counts with all of its delay.
 */
final class MirrorProcess {
    private static final long PROGRESS_MS = 200;

    private final RunPlan plan;
    private final ParentLink parent;
    private final FrameTally tally;
    private final HopRecorder loopToMirror = new HopRecorder();
    private final HopRecorder endToEnd = new HopRecorder();
    private final float[] position = new float[LensletGrid.ACTUATORS];
    private long commandsReceived;

    private MirrorProcess(RunPlan plan, ParentLink parent) {
        this.plan = plan;
        this.parent = parent;
        this.tally = new FrameTally(plan);
    }

    /** Runs the mirror until the camera's last frame, or until the parent is gone. */
    static void run(RunPlan plan, DemoFiles files, ParentLink parent) throws InterruptedException {
        MirrorProcess mirror = new MirrorProcess(plan, parent);
        if (!parent.awaitStreams()) {
            return;
        }
        try (ImageStream stream = files.openCommands();
                FrameInput in = new FrameInput(plan, stream, MemorySegment.ofArray(mirror.position))) {
            if (parent.awaitStart()) {
                if (plan.live()) {
                    mirror.startProgress();
                }
                while (!parent.isEnd(mirror.tally.newest())) {
                    if (in.await()) {
                        mirror.take(in);
                    }
                }
                mirror.report();
            }
        }
    }

    private void take(FrameInput in) {
        long nowNs = Clocks.monotonicNs();
        commandsReceived++;
        if (tally.take(in.frame())) {
            loopToMirror.record(in.latencyNs());
            endToEnd.record(nowNs - plan.dueNs(parent.startNs(), in.frame()));
        }
    }

    /** A thread of its own, so that no command waits while percentiles are computed. */
    private void startProgress() {
        Thread progress = new Thread(
                () -> {
                    try {
                        while (true) {
                            Thread.sleep(PROGRESS_MS);
                            Histogram soFar = endToEnd.soFar();
                            // a count of a moment ago is good enough here
                            parent.report("progress " + tally.skipped() + " " + soFar.getValueAtPercentile(50) + " "
                                    + soFar.getValueAtPercentile(99));
                        }
                    } catch (InterruptedException e) {
                        // nobody does; the thread ends with the process
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
        parent.report("received " + tally.received());
        parent.report("skipped " + tally.skipped());
        parent.report("warm_up_skipped " + tally.warmUpSkipped());
        parent.report("commands " + commandsReceived);
        parent.report("position_rms " + Math.sqrt(squares / position.length));
        parent.report(Hop.LOOP_TO_MIRROR.key + " " + HopRecorder.encode(loopToMirror.soFar()));
        parent.report(Hop.END_TO_END.key + " " + HopRecorder.encode(endToEnd.soFar()));
    }
}
