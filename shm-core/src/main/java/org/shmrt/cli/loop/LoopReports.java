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
import org.shmrt.telemetry.LoopState;
import org.shmrt.text.Printable;

/** The page of a loop as text and as JSON. */
public final class LoopReports {
    private static final double NS_PER_US = 1e3;
    private static final double NS_PER_S = 1e9;
    private static final double HIGH = 99;
    private static final double[] PERCENTILES = {50, 99, 99.9, 99.99};
    /** Counters on the first of two lines, which both fit into 80 columns. */
    private static final int FIRST_LINE = 5;

    private static final String TIMES = "%-12s %10s %10s %10s %10s %10s %12s";

    private static final String SECOND = "%-8s %7s %7s %8s %9s %9s %11s %11s";

    static final String SECOND_HEADER = String.format(
            Locale.ROOT,
            SECOND,
            "STATE",
            "STEPS",
            "MISSED",
            "OVERRUNS",
            "WAKE p99",
            "COMP p99",
            "TOTAL p99",
            "TOTAL max");

    private LoopReports() {}

    /** What happened between two snapshots, in one line; times in microseconds. */
    static String second(LoopSnapshot before, LoopSnapshot now) {
        LatencyHistogram total = since(LoopMeasure.END_TO_END, before, now);
        return String.format(
                Locale.ROOT,
                SECOND,
                state(now),
                since(LoopCounter.STEPS, before, now),
                since(LoopCounter.MISSED, before, now),
                since(LoopCounter.OVERRUNS, before, now),
                high(since(LoopMeasure.WAKE, before, now)),
                high(since(LoopMeasure.COMPUTE, before, now)),
                high(total),
                total.count() == 0 ? "-" : us(total.maxNs()));
    }

    private static LatencyHistogram since(LoopMeasure measure, LoopSnapshot before, LoopSnapshot now) {
        return now.histogram(measure).since(before.histogram(measure));
    }

    private static long since(LoopCounter counter, LoopSnapshot before, LoopSnapshot now) {
        long added = now.count(counter) - before.count(counter);
        return added < 0 ? now.count(counter) : added; // the counters were set to 0 in between
    }

    private static String high(LatencyHistogram times) {
        return times.count() == 0 ? "-" : us(times.percentileNs(HIGH));
    }

    /** The state, or that the process was killed. A loop that ended by itself is off. */
    public static String state(LoopSnapshot loop) {
        return loop.isAlive() || loop.state() == LoopState.OFF
                ? loop.state().name().toLowerCase(Locale.ROOT)
                : "killed";
    }

    public static Map<String, Object> json(LoopSnapshot loop) {
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

    /** The lines of {@code show}. */
    public static List<String> text(LoopSnapshot loop) {
        List<String> lines = new ArrayList<>();
        lines.add("loop " + loop.name() + ": " + state(loop) + ", process " + loop.pid()
                + (loop.reason().isEmpty() ? "" : " (" + Printable.of(loop.reason()) + ")"));
        List<String> counts = new ArrayList<>();
        for (LoopCounter counter : LoopCounter.values()) {
            counts.add(counter.key().replace('_', ' ') + " " + loop.count(counter));
        }
        lines.add(String.join(", ", counts.subList(0, FIRST_LINE)));
        lines.add(String.join(", ", counts.subList(FIRST_LINE, counts.size())));
        String last = loop.sinceLastStepNs() < 0
                ? "no step yet"
                : String.format(Locale.ROOT, "last step %.1f s ago", loop.sinceLastStepNs() / NS_PER_S);
        lines.add(
                loop.deadlineNs() > 0
                        ? String.format(Locale.ROOT, "%s, deadline %.1f us", last, loop.deadlineNs() / NS_PER_US)
                        : last);
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

    static String us(long ns) {
        return String.format(Locale.ROOT, "%.2f", ns / NS_PER_US);
    }
}
