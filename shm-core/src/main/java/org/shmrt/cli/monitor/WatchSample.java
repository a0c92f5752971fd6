package org.shmrt.cli.monitor;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
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
    private static final String SEPARATOR = "  ";

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
        return text(waiters, Integer.MAX_VALUE);
    }

    /** One line of at most {@code width} characters: what matters least is left out first. */
    String text(int waiters, int width) {
        List<Part> parts = parts(waiters);
        while (parts.size() > 1 && length(parts) > width) {
            parts.remove(parts.stream().max(Comparator.comparingInt(Part::rank)).orElseThrow());
        }
        String line = parts.stream().map(Part::text).collect(Collectors.joining(SEPARATOR));
        return line.length() <= width ? line : line.substring(0, Math.max(0, width));
    }

    /**
     * A part of the line.
     *
     * @param rank the highest is left out first
     * @param text its text
     */
    private record Part(int rank, String text) {}

    private static int length(List<Part> parts) {
        return parts.stream().mapToInt(part -> part.text.length()).sum() + SEPARATOR.length() * (parts.size() - 1);
    }

    private List<Part> parts(int waiters) {
        List<Part> parts = new ArrayList<>();
        parts.add(new Part(0, String.format(Locale.ROOT, "%.1f Hz", rateHz)));
        boolean any = intervals.getTotalCount() > 0;
        if (any) {
            parts.add(new Part(3, "sd " + duration(intervals.getStdDeviation())));
            parts.add(new Part(6, "p99 " + duration((double) intervals.getValueAtPercentile(99))));
            parts.add(new Part(4, "max " + duration((double) intervals.getMaxValue())));
        }
        parts.add(new Part(2, "skipped " + skipped));
        parts.add(new Part(5, "waiting " + waiters));
        parts.add(new Part(7, "cnt0 " + Long.toUnsignedString(cnt0)));
        if (stuck) {
            parts.add(new Part(1, "write flag stuck"));
        } else if (clock == Clock.ARRIVAL && any) {
            parts.add(new Part(8, "(by arrival)"));
        }
        return parts;
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
