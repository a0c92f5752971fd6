package org.shmrt.demo;

import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.HdrHistogram.Histogram;
import org.shmrt.telemetry.LatencyHistogram;
import org.shmrt.telemetry.LoopCounter;
import org.shmrt.telemetry.LoopMeasure;
import org.shmrt.telemetry.LoopSnapshot;

/** Where the time of the loop's steps went after the warm-up, from the loop's page in shared memory. Immutable. */
final class StepTimes {
    private final Map<LoopMeasure, LatencyHistogram> times = new EnumMap<>(LoopMeasure.class);
    private final long overruns;

    /**
     * @param end the page at the end of the run
     * @param warm the page at the end of the warm-up, empty if the run was too short for one
     */
    StepTimes(LoopSnapshot end, Optional<LoopSnapshot> warm) {
        for (LoopMeasure measure : LoopMeasure.values()) {
            LatencyHistogram all = end.histogram(measure);
            times.put(
                    measure,
                    warm.map(page -> all.since(page.histogram(measure))).orElse(all));
        }
        overruns = end.count(LoopCounter.OVERRUNS)
                - warm.map(page -> page.count(LoopCounter.OVERRUNS)).orElse(0L);
    }

    LatencyHistogram of(LoopMeasure measure) {
        return times.get(measure);
    }

    /** The same times as {@link #of} in the form of the other latencies of a run. */
    Histogram histogram(LoopMeasure measure) {
        LatencyHistogram all = of(measure);
        Histogram histogram = LatencyRecorder.emptyHistogram();
        long counted = 0;
        while (counted < all.count()) {
            // the bucket of the next value in ascending order, and all values in it
            long ns = all.percentileNs(100 * (counted + 0.5) / all.count());
            long upTo = Math.max(counted + 1, all.countUpTo(ns));
            histogram.recordValueWithCount(LatencyRecorder.clamp(ns), upTo - counted);
            counted = upTo;
        }
        return histogram;
    }

    /** Steps that ended after their deadline. */
    long overruns() {
        return overruns;
    }

    boolean hasSteps() {
        return of(LoopMeasure.COMPUTE).count() > 0;
    }

    Map<String, Object> toJson() {
        Map<String, Object> json = new LinkedHashMap<>();
        times.forEach((measure, histogram) -> {
            boolean any = histogram.count() > 0;
            Map<String, Object> values = new LinkedHashMap<>();
            values.put("count", histogram.count());
            values.put("mean", any ? histogram.meanNs() : null);
            values.put("p50", any ? histogram.percentileNs(50) : null);
            values.put("p99", any ? histogram.percentileNs(99) : null);
            values.put("p99_9", any ? histogram.percentileNs(99.9) : null);
            values.put("max", any ? histogram.maxNs() : null);
            json.put(measure.key(), values);
        });
        return json;
    }
}
