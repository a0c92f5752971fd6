package org.shmrt.cli.monitor;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.HdrHistogram.Histogram;
import org.shmrt.cli.verb.Json;

/**
 * What {@code shm watch} observed of a stream in a period of time.
 *
 * @param seconds length of the period
 * @param frames frames published, seen or not
 * @param rateHz frames per second, 0 if there was none
 * @param cnt0 counter of the newest frame seen
 * @param skipped frames that were overwritten before they were seen
 * @param clock the times between which the intervals are measured
 * @param intervals between consecutive frames, nanoseconds
 * @param stuck whether the write flag remained set and no writer is known to be alive
 */
record WatchSample(
        double seconds,
        long frames,
        double rateHz,
        long cnt0,
        long skipped,
        Clock clock,
        Histogram intervals,
        boolean stuck) {
    /** A source of times; the names are JSON values. */
    enum Clock {
        /** The times stored in the frames. */
        ACQUIRED,
        /** The times at which frames were seen. */
        ARRIVAL
    }

    /** The documented keys; {@code waiters} is the number of readers asleep on semaphores. */
    Map<String, Object> json(String path, int waiters) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("event", "measured");
        json.put("path", path);
        json.put("seconds", seconds);
        json.put("frames", frames);
        json.put("rate_hz", rateHz);
        json.put("cnt0", Json.unsigned(cnt0));
        json.put("skipped", skipped);
        json.put("waiters", waiters);
        json.put("stuck", stuck);
        json.put("clock", clock.name().toLowerCase(Locale.ROOT));
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
        boolean any = intervals.getTotalCount() > 0;
        if (any) {
            text.append("  sd ")
                    .append(duration(intervals.getStdDeviation()))
                    .append("  p99 ")
                    .append(duration((double) intervals.getValueAtPercentile(99)))
                    .append("  max ")
                    .append(duration((double) intervals.getMaxValue()));
        }
        text.append("  skipped ")
                .append(skipped)
                .append("  waiting ")
                .append(waiters)
                .append("  cnt0 ")
                .append(Long.toUnsignedString(cnt0));
        if (stuck) {
            text.append("  write flag stuck");
        } else if (clock == Clock.ARRIVAL && any) {
            text.append("  (by arrival)");
        }
        return text.toString();
    }

    /** A duration in three or four digits and a unit. */
    private static String duration(double ns) {
        String[] units = {"ns", "us", "ms", "s"};
        int unit = 0;
        double value = ns;
        while (value >= 1000 && unit < units.length - 1) {
            value /= 1000;
            unit++;
        }
        String format = value < 10 ? "%.2f %s" : value < 100 ? "%.1f %s" : "%.0f %s";
        return String.format(Locale.ROOT, format, value, units[unit]);
    }
}
