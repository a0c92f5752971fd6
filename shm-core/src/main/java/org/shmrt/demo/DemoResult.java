package org.shmrt.demo;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.HdrHistogram.Histogram;

/**
 * What a run came to. Counts and latencies are those past the warm-up; a frame is skipped if the process it was
 * meant for never had it whole.
 */
public final class DemoResult {
    static final String FRAME_PICTURE = "frame.png";
    static final String LATENCY_PICTURE = "latency.png";

    /** A run that reaches less of its rate than this is not what was asked for. */
    private static final double GOOD_RATE = 0.99;

    private final RunPlan plan;
    private final Path directory;
    private final long sent;
    private final long repeated;
    private final double achievedHz;
    private final long loopReceived;
    private final long loopSkipped;
    private final long mirrorReceived;
    private final long skippedInAll;
    private final long warmUpSkipped;
    private final double positionRms;
    private final Map<Hop, Histogram> latencies = new EnumMap<>(Hop.class);

    DemoResult(RunPlan plan, Path directory, DemoChild camera, DemoChild loop, DemoChild mirror) {
        this.plan = plan;
        this.directory = directory;
        sent = camera.number("sent");
        repeated = camera.number("repeated");
        achievedHz = Double.parseDouble(camera.report("rate"));
        loopReceived = loop.number("received");
        loopSkipped = loop.number("skipped");
        mirrorReceived = mirror.number("received");
        skippedInAll = mirror.number("skipped");
        warmUpSkipped = mirror.number("warm_up_skipped");
        positionRms = Double.parseDouble(mirror.report("position_rms"));
        for (Hop hop : Hop.values()) {
            DemoChild measurer = hop == Hop.CAMERA_TO_LOOP || hop == Hop.LOOP ? loop : mirror;
            latencies.put(hop, HopRecorder.decode(measurer.report(hop.key)));
        }
    }

    RunPlan plan() {
        return plan;
    }

    /** Whether a frame came through at all after the warm-up. */
    boolean hasLatencies() {
        return mirrorReceived > 0;
    }

    Histogram latency(Hop hop) {
        return latencies.get(hop);
    }

    /**
     * Where the pictures are.
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
     * Frames that showed the picture of an older one, because there was no time to render their own.
     *
     * @return their number, the warm-up's included
     */
    public long repeated() {
        return repeated;
    }

    /**
     * The camera's rate, from when the first counted frame was due to when the last was sent.
     *
     * @return frames a second, NaN if fewer than two were sent
     */
    public double achievedHz() {
        return achievedHz;
    }

    /**
     * Frames the control loop had whole.
     *
     * @return their number
     */
    public long loopReceived() {
        return loopReceived;
    }

    /**
     * Frames that passed the control loop unseen.
     *
     * @return their number
     */
    public long loopSkipped() {
        return loopSkipped;
    }

    /**
     * Commands the mirror had whole.
     *
     * @return their number
     */
    public long mirrorReceived() {
        return mirrorReceived;
    }

    /**
     * Commands that passed the mirror unseen: of the frames without a command here, those the loop did not lose.
     *
     * @return their number
     */
    public long mirrorSkipped() {
        return skippedInAll - loopSkipped;
    }

    /**
     * Frames that were lost while the processes warmed up, and are in no other count.
     *
     * @return their number
     */
    public long warmUpSkipped() {
        return warmUpSkipped;
    }

    /**
     * How far the mirror is from flat after the last command: the root mean square of its actuators.
     *
     * @return in the units of the commands
     */
    public double positionRms() {
        return positionRms;
    }

    /**
     * What is not as it should be.
     *
     * @return one line, or null if the rate was reached and nothing was lost
     */
    public String complaint() {
        List<String> complaints = new ArrayList<>();
        if (sent == 0) {
            complaints.add("no frame was sent after the warm-up");
        } else if (achievedHz < GOOD_RATE * plan.rateHz()) {
            complaints.add(String.format(
                    Locale.ROOT, "only %.1f %% of the rate was reached", 100 * achievedHz / plan.rateHz()));
        }
        if (skippedInAll > 0) {
            complaints.add(skippedInAll + " of " + sent + " frames were lost");
        }
        if (repeated > 0) {
            complaints.add(repeated + " frames repeat an older picture");
        }
        return complaints.isEmpty() ? null : String.join("; ", complaints);
    }

    /**
     * Everything, by names that stay the same from version to version.
     *
     * @return strings, numbers, nulls and maps of these, in a fixed order; times in nanoseconds
     */
    public Map<String, Object> toJson() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("format", plan.format());
        json.put("wait", plan.waiting());
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
        Map<String, Object> latency = new LinkedHashMap<>();
        for (Hop hop : Hop.values()) {
            latency.put(hop.key, percentiles(latencies.get(hop)));
        }
        json.put("latency_ns", latency);
        json.put("complaint", complaint());
        json.put("frame_picture", directory.resolve(FRAME_PICTURE).toString());
        json.put(
                "latency_picture",
                hasLatencies() ? directory.resolve(LATENCY_PICTURE).toString() : null);
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
