package org.shmrt.demo;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.HdrHistogram.Histogram;
import org.shmrt.telemetry.LoopMeasure;

/**
 * The measurements of a run. Counts and latencies exclude the warm-up. A frame is skipped if the process that should
 * receive it never had a complete copy.
 */
public final class DemoResult {
    static final String FRAME_PICTURE = "frame.png";
    static final String LATENCY_PICTURE = "latency.png";
    static final String STEP_PICTURE = "steps.png";

    /** A run with a smaller fraction of its rate gets a warning. */
    private static final double MIN_RATE_FRACTION = 0.99;

    private final RunPlan plan;
    private final Cores cores;
    private final Path directory;
    private final long sent;
    private final long repeated;
    private final double achievedHz;
    private final long loopReceived;
    private final long loopSkipped;
    private final long mirrorReceived;
    private final long totalSkipped;
    private final long warmUpSkipped;
    private final double positionRms;
    private final StepTimes steps;
    private final DemoRun.LoopSteering steering;
    private final List<LossReason> reasons;
    private final Map<LatencyStage, Histogram> latencies = new EnumMap<>(LatencyStage.class);

    /** @param children camera, loop and mirror, which have ended */
    DemoResult(
            RunPlan plan,
            Cores cores,
            Path directory,
            List<DemoChild> children,
            StepTimes steps,
            DemoRun.LoopSteering steering) {
        DemoChild camera = children.get(0);
        DemoChild loop = children.get(1);
        DemoChild mirror = children.get(2);
        this.plan = plan;
        this.cores = cores;
        this.directory = directory;
        this.steps = steps;
        this.steering = steering;
        sent = camera.number("sent");
        repeated = camera.number("repeated");
        achievedHz = Double.parseDouble(camera.report("rate"));
        loopReceived = loop.number("received");
        loopSkipped = loop.number("skipped");
        mirrorReceived = mirror.number("received");
        totalSkipped = mirror.number("skipped");
        warmUpSkipped = mirror.number("warm_up_skipped");
        positionRms = Double.parseDouble(mirror.report("position_rms"));
        for (LatencyStage stage : LatencyStage.values()) {
            latencies.put(
                    stage,
                    switch (stage) {
                        case CAMERA_TO_LOOP -> LatencyRecorder.decode(loop.report(stage.key));
                        case LOOP -> steps.histogram(LoopMeasure.COMPUTE);
                        case LOOP_TO_MIRROR, END_TO_END -> LatencyRecorder.decode(mirror.report(stage.key));
                    });
        }
        reasons = hasLoss() && steering == DemoRun.LoopSteering.NONE
                ? LossReason.of(
                        plan, cores, latency(LatencyStage.END_TO_END).getMaxValue(), LossReason.examineMachine())
                : List.of();
    }

    RunPlan plan() {
        return plan;
    }

    /** Whether any frame reached the mirror after the warm-up. */
    boolean hasLatencies() {
        return mirrorReceived > 0;
    }

    Histogram latency(LatencyStage stage) {
        return latencies.get(stage);
    }

    StepTimes steps() {
        return steps;
    }

    /** Why the run could not be held; none if it was held. */
    List<LossReason> reasons() {
        return reasons;
    }

    /**
     * Whether the run could not be held.
     *
     * @return whether frames were lost, none was sent, or the camera was slower than requested
     */
    public boolean hasLoss() {
        return totalSkipped > 0 || sent == 0 || isSlow();
    }

    private boolean isSlow() {
        return achievedHz < MIN_RATE_FRACTION * plan.rateHz();
    }

    /**
     * The folder with the pictures.
     *
     * @return an absolute path
     */
    public Path directory() {
        return directory;
    }

    /**
     * Frames the camera sent.
     *
     * @return their number
     */
    public long sent() {
        return sent;
    }

    /**
     * Frames that showed the picture of an older frame, because there was no time to render their own.
     *
     * @return their number, at most {@link #sent}
     */
    public long repeated() {
        return repeated;
    }

    /**
     * The rate of the camera, from when the first counted frame was due to when the last was sent.
     *
     * @return frames per second, NaN if fewer than two were sent
     */
    public double achievedHz() {
        return achievedHz;
    }

    /**
     * Frames that the control loop received.
     *
     * @return their number
     */
    public long loopReceived() {
        return loopReceived;
    }

    /**
     * Frames that the control loop did not receive.
     *
     * @return their number
     */
    public long loopSkipped() {
        return loopSkipped;
    }

    /**
     * Commands that the mirror received.
     *
     * @return their number
     */
    public long mirrorReceived() {
        return mirrorReceived;
    }

    /**
     * Commands that the mirror did not receive, although the loop sent them.
     *
     * @return their number
     */
    public long mirrorSkipped() {
        return totalSkipped - loopSkipped;
    }

    /**
     * Frames that were skipped during the warm-up; no other count includes them.
     *
     * @return their number
     */
    public long warmUpSkipped() {
        return warmUpSkipped;
    }

    /**
     * Root mean square of the actuator positions after the last command; 0 for a flat mirror.
     *
     * @return in the units of the commands
     */
    public double positionRms() {
        return positionRms;
    }

    /**
     * Deviations from the requested run.
     *
     * @return a sentence for each, none if the rate was reached and nothing was lost
     */
    public List<String> warnings() {
        List<String> warnings = new ArrayList<>();
        switch (steering) {
            case STOPPED -> warnings.add("another process stopped the loop (shm loop stop)");
            case PAUSED -> warnings.add("another process paused the loop (shm loop pause)");
            case NONE -> {}
        }
        if (sent == 0) {
            warnings.add("no frame was sent after the warm-up");
        } else if (isSlow()) {
            warnings.add(String.format(
                    Locale.ROOT, "only %.1f %% of the rate was reached", 100 * achievedHz / plan.rateHz()));
        }
        if (totalSkipped > 0) {
            warnings.add(percentage(totalSkipped, sent) + " of frames lost");
        }
        if (repeated > 0) {
            warnings.add(repeated + " frames show an older picture: there was no time to render their own");
        }
        return warnings;
    }

    private static String percentage(long part, long all) {
        double percent = 100.0 * part / all;
        return percent < 0.1
                ? "less than 0.1 %"
                : String.format(Locale.ROOT, percent < 10 ? "%.1f %%" : "%.0f %%", percent);
    }

    /**
     * All results, by keys that do not change between versions.
     *
     * @return strings, numbers, nulls, and lists and maps of these, in a fixed order; times in nanoseconds
     */
    public Map<String, Object> toJson() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("format", plan.format());
        json.put("wait", plan.waiting().label());
        json.put("rate_hz", plan.rateHz());
        json.put("achieved_hz", Double.isFinite(achievedHz) ? achievedHz : null);
        json.put("frames", plan.frames());
        json.put("warm_up_frames", plan.warmUpFrames());
        json.put("sent", sent);
        json.put("repeated", repeated);
        json.put("loop_received", loopReceived);
        json.put("loop_skipped", loopSkipped);
        json.put("mirror_received", mirrorReceived);
        json.put("mirror_skipped", mirrorSkipped());
        json.put("warm_up_skipped", warmUpSkipped);
        json.put("position_rms", positionRms);
        json.put("loop", plan.tag());
        json.put("priority", plan.priority());
        json.put("overruns", steps.overruns());
        json.put("cores", cores.budget().cpus());
        json.put(
                "core_quota",
                cores.budget().quota().isPresent() ? cores.budget().quota().getAsDouble() : null);
        json.put("busy_cores", cores.busy());
        json.put("wake_up_max_ns", cores.lateNs());
        Map<String, Object> latency = new LinkedHashMap<>();
        for (LatencyStage stage : LatencyStage.values()) {
            latency.put(stage.key, percentiles(latencies.get(stage)));
        }
        json.put("latency_ns", latency);
        json.put("steps_ns", steps.toJson());
        json.put("complaint", warnings().isEmpty() ? null : String.join("; ", warnings()));
        json.put(
                "reasons",
                reasons.stream()
                        .map(reason -> Map.of("cause", reason.cause(), "help", reason.help()))
                        .toList());
        json.put("frame_picture", directory.resolve(FRAME_PICTURE).toString());
        json.put(
                "latency_picture",
                hasLatencies() ? directory.resolve(LATENCY_PICTURE).toString() : null);
        json.put(
                "step_picture",
                steps.hasSteps() ? directory.resolve(STEP_PICTURE).toString() : null);
        return json;
    }

    private static Map<String, Object> percentiles(Histogram histogram) {
        Map<String, Object> json = new LinkedHashMap<>();
        boolean any = histogram.getTotalCount() > 0;
        json.put("count", histogram.getTotalCount());
        json.put("p50", any ? histogram.getValueAtPercentile(50) : null);
        json.put("p99", any ? histogram.getValueAtPercentile(99) : null);
        json.put("p99_9", any ? histogram.getValueAtPercentile(99.9) : null);
        json.put("max", any ? histogram.getMaxValue() : null);
        return json;
    }
}
