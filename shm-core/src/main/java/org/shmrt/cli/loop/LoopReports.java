package org.shmrt.cli.loop;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.shmrt.telemetry.LatencyHistogram;
import org.shmrt.telemetry.LoopCounter;
import org.shmrt.telemetry.LoopMeasure;
import org.shmrt.telemetry.LoopSnapshot;

/** The page of a loop as text and as JSON. */
final class LoopReports {
    private static final double NS_PER_US = 1e3;
    private static final double NS_PER_S = 1e9;
    private static final double[] PERCENTILES = {50, 99, 99.9, 99.99};
    private static final String TIMES = "%-12s %10s %10s %10s %10s %10s %12s";

    private LoopReports() {}

    /** The state, or that the process has ended. */
    static String state(LoopSnapshot loop) {
        return loop.isAlive() ? loop.state().name().toLowerCase(Locale.ROOT) : "killed";
    }

    static Map<String, Object> json(LoopSnapshot loop) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("name", loop.name());
        json.put("state", state(loop));
        json.put("alive", loop.isAlive());
        json.put("pid", loop.pid());
        json.put("command", loop.command().name().toLowerCase(Locale.ROOT));
        json.put("reason", loop.reason());
        json.put("started_ns", loop.startedNs());
        json.put("deadline_ns", loop.deadlineNs() == 0 ? null : loop.deadlineNs());
        json.put("period_ns", loop.periodNs() == 0 ? null : loop.periodNs());
        json.put("since_last_step_s", loop.sinceLastStepNs() < 0 ? null : loop.sinceLastStepNs() / NS_PER_S);
        for (LoopCounter counter : LoopCounter.values()) {
            json.put(counter.key(), loop.count(counter));
        }
        Map<String, Object> times = new LinkedHashMap<>();
        for (LoopMeasure measure : LoopMeasure.values()) {
            times.put(measure.key(), json(loop.histogram(measure)));
        }
        json.put("times_ns", times);
        return json;
    }

    private static Map<String, Object> json(LatencyHistogram histogram) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("count", histogram.count());
        json.put("mean", histogram.meanNs());
        for (double percentile : PERCENTILES) {
            json.put("p" + number(percentile), histogram.percentileNs(percentile));
        }
        json.put("max", histogram.maxNs());
        return json;
    }

    private static String number(double percentile) {
        return percentile == Math.rint(percentile) ? String.valueOf((long) percentile) : String.valueOf(percentile);
    }

    static List<String> text(LoopSnapshot loop) {
        List<String> lines = new ArrayList<>();
        lines.add("loop " + loop.name() + ": " + state(loop) + ", process " + loop.pid()
                + (loop.reason().isEmpty() ? "" : " (" + loop.reason() + ")"));
        List<String> counts = new ArrayList<>();
        for (LoopCounter counter : LoopCounter.values()) {
            counts.add(counter.key().replace('_', ' ') + " " + loop.count(counter));
        }
        lines.add(String.join(", ", counts));
        if (loop.deadlineNs() > 0) {
            lines.add(String.format(Locale.ROOT, "deadline %.1f us", loop.deadlineNs() / NS_PER_US));
        }
        lines.add(String.format(Locale.ROOT, TIMES, "us", "p50", "p99", "p99.9", "p99.99", "max", "count"));
        for (LoopMeasure measure : LoopMeasure.values()) {
            LatencyHistogram histogram = loop.histogram(measure);
            if (histogram.count() > 0) {
                Object[] row = new Object[PERCENTILES.length + 3];
                row[0] = measure.key().replace('_', ' ');
                for (int i = 0; i < PERCENTILES.length; i++) {
                    row[i + 1] = us(histogram.percentileNs(PERCENTILES[i]));
                }
                row[PERCENTILES.length + 1] = us(histogram.maxNs());
                row[PERCENTILES.length + 2] = histogram.count();
                lines.add(String.format(Locale.ROOT, TIMES, row));
            }
        }
        return lines;
    }

    private static String us(long ns) {
        return String.format(Locale.ROOT, "%.2f", ns / NS_PER_US);
    }
}
