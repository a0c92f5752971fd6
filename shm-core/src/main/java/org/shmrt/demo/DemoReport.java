package org.shmrt.demo;

import java.io.PrintWriter;
import java.util.Locale;
import org.HdrHistogram.Histogram;

/** The table at the end of a run. */
final class DemoReport {
    private DemoReport() {}

    /** Prints the table in plain ASCII and at most 80 columns. */
    static void print(DemoResult result, PrintWriter out) {
        RunPlan plan = result.plan();
        line(
                out,
                "%d frames at %s Hz, %s streams, wait %s%s",
                plan.frames(),
                number(plan.rateHz()),
                plan.format(),
                plan.waiting().label(),
                plan.priority() > 0 ? ", priority " + plan.priority() : "");
        line(
                out,
                "the first %d (%.1f s) are warm-up and not counted",
                plan.warmUpFrames(),
                plan.warmUpFrames() / plan.rateHz());
        line(out, "");
        line(out, "%-16s %12s %12s", "", "frames", "skipped");
        line(out, "%-16s %12d %12s   at %s Hz", "camera sent", result.sent(), "-", number(result.achievedHz()));
        line(out, "%-16s %12d %12d", "loop received", result.loopReceived(), result.loopSkipped());
        line(out, "%-16s %12d %12d", "mirror received", result.mirrorReceived(), result.mirrorSkipped());
        line(out, "");
        line(out, "%-16s %12s %12s %12s %12s", "latency, us", "p50", "p99", "p99.9", "max");
        for (LatencyStage stage : LatencyStage.values()) {
            Histogram latency = result.latency(stage);
            line(
                    out,
                    "%-16s %12s %12s %12s %12s",
                    stage.label,
                    us(latency, 50),
                    us(latency, 99),
                    us(latency, 99.9),
                    us(latency, 100));
        }
        line(out, "");
        line(out, "camera -> loop: from the time stamp of a frame to the start of the step;");
        line(out, "loop computes:  the whole step, until it knows that its frame was intact;");
        line(out, "loop -> mirror: from the publication of a command to its checked copy;");
        line(out, "end to end:     from when the frame was due to the checked copy of its command.");
        if (result.steps().hasSteps()) {
            line(out, "steps.png has the loop's part, from the time stamp to the publication.");
        }
        result.warnings().forEach(warning -> line(out, "warning: %s", warning));
        for (LossReason reason : result.reasons()) {
            RunChoice.wrap("  cause: " + reason.cause(), " ".repeat(9)).forEach(out::println);
            RunChoice.wrap("  help:  " + reason.help(), " ".repeat(9)).forEach(out::println);
        }
        out.flush();
    }

    private static String us(Histogram latency, double percentile) {
        return latency.getTotalCount() == 0
                ? "-"
                : String.format(Locale.ROOT, "%.1f", latency.getValueAtPercentile(percentile) / 1e3);
    }

    static String number(double value) {
        return Double.isNaN(value)
                ? "-"
                : value == Math.rint(value) ? Long.toString((long) value) : String.format(Locale.ROOT, "%.1f", value);
    }

    private static void line(PrintWriter out, String format, Object... values) {
        out.println(String.format(Locale.ROOT, format, values).stripTrailing());
    }
}
