package org.shmrt.cli.monitor;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.HdrHistogram.Histogram;

/**
 * What {@code shm watch} saw of a stream in a stretch of time.
 *
 * @param seconds how long it was
 * @param frames frames published, seen or not
 * @param rateHz frames a second, 0 if none came
 * @param cnt0 counter of the newest frame seen
 * @param skipped frames of which this watch did not see the time: overwritten before it looked
 * @param clock what the intervals are between: {@code acquired}, the times the frames bear, or {@code arrival}, when
 *     this watch saw them
 * @param intervals between frames that follow one another, nanoseconds
 * @param stuck whether the write flag was up for long, and no writer known to live
 */
public record Measurement(
        double seconds,
        long frames,
        double rateHz,
        long cnt0,
        long skipped,
        String clock,
        Histogram intervals,
        boolean stuck) {

    /** The documented keys; {@code waiters} is how many readers slept on a semaphore. */
    Map<String, Object> json(String path, int waiters) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("event", "measured");
        json.put("path", path);
        json.put("seconds", seconds);
        json.put("frames", frames);
        json.put("rate_hz", rateHz);
        json.put("cnt0", cnt0);
        json.put("skipped", skipped);
        json.put("waiters", waiters);
        json.put("stuck", stuck);
        json.put("clock", clock);
        boolean any = intervals.getTotalCount() > 0;
        Map<String, Object> interval = new LinkedHashMap<>();
        interval.put("count", intervals.getTotalCount());
        interval.put("mean", any ? intervals.getMean() : null);
        interval.put("stdev", any ? intervals.getStdDeviation() : null);
        interval.put("p50", any ? intervals.getValueAtPercentile(50) : null);
        interval.put("p99", any ? intervals.getValueAtPercentile(99) : null);
        interval.put("max", any ? intervals.getMaxValue() : null);
        json.put("interval_ns", interval);
        return json;
    }

    /** One line of less than 100 characters. */
    String text(int waiters) {
        StringBuilder text = new StringBuilder(String.format(Locale.ROOT, "%.1f Hz", rateHz));
        if (intervals.getTotalCount() > 0) {
            text.append("  sd ")
                    .append(time(intervals.getStdDeviation()))
                    .append("  p99 ")
                    .append(time((double) intervals.getValueAtPercentile(99)))
                    .append("  max ")
                    .append(time((double) intervals.getMaxValue()));
        }
        text.append("  skipped ")
                .append(skipped)
                .append("  waiting ")
                .append(waiters)
                .append("  cnt0 ")
                .append(cnt0);
        if (stuck) {
            text.append("  write flag stuck");
        } else if (clock.equals("arrival") && intervals.getTotalCount() > 0) {
            text.append("  (by arrival)");
        }
        return text.toString();
    }

    /** A time in three to four digits and a unit. */
    private static String time(double ns) {
        String[] units = {"ns", "us", "ms", "s"};
        int unit = 0;
        double value = ns;
        while (value >= 1000 && unit < units.length - 1) {
            value /= 1000;
            unit++;
        }
        String form = value < 10 ? "%.2f %s" : value < 100 ? "%.1f %s" : "%.0f %s";
        return String.format(Locale.ROOT, form, value, units[unit]);
    }
}
