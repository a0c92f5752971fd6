package org.shmrt.cli.view;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.shmrt.cli.loop.LoopReports;
import org.shmrt.cli.report.StreamJson;
import org.shmrt.error.ShmException;
import org.shmrt.stream.inspect.StreamInspector;
import org.shmrt.telemetry.LatencyHistogram;
import org.shmrt.telemetry.LoopCounter;
import org.shmrt.telemetry.LoopMeasure;
import org.shmrt.telemetry.LoopSnapshot;
import org.shmrt.telemetry.LoopTelemetry;
import org.shmrt.web.ViewReports;

/** The reports of {@code shm info} and {@code shm loop}, for the page. */
final class ServerReports implements ViewReports {
    private static final double NS_PER_US = 1e3;
    private static final double P99 = 99;
    /** Buckets from 64 ns to 17 s, eight for each doubling: finer than a screen shows. */
    private static final int FIRST_DOUBLING = 6;

    private static final int DOUBLINGS = 28;
    private static final int STEPS = 8;

    @Override
    public Map<String, Object> stream(Path file) {
        return StreamJson.of(StreamInspector.now().info(file));
    }

    @Override
    public List<Map<String, Object>> loops() {
        List<Map<String, Object>> loops = new ArrayList<>();
        for (String name : LoopTelemetry.names()) {
            try (LoopTelemetry page = LoopTelemetry.open(name)) {
                loops.add(summary(page.snapshot()));
            } catch (ShmException e) {
                // it ended in the meantime, or belongs to another version; shm loop list says why
            }
        }
        return loops;
    }

    private static Map<String, Object> summary(LoopSnapshot loop) {
        Map<String, Object> summary = new LinkedHashMap<>();
        summary.put("name", loop.name());
        summary.put("state", LoopReports.state(loop));
        summary.put("pid", loop.pid());
        summary.put("steps", String.valueOf(loop.count(LoopCounter.STEPS)));
        summary.put("missed", String.valueOf(loop.count(LoopCounter.MISSED)));
        summary.put("overruns", String.valueOf(loop.count(LoopCounter.OVERRUNS)));
        LatencyHistogram compute = loop.histogram(LoopMeasure.COMPUTE);
        summary.put("p99Us", compute.count() == 0 ? null : compute.percentileNs(P99) / NS_PER_US);
        return summary;
    }

    @Override
    public Map<String, Object> loop(String name) {
        try (LoopTelemetry page = LoopTelemetry.open(name)) {
            LoopSnapshot now = page.snapshot();
            Map<String, Object> loop = LoopReports.json(now);
            Map<String, Object> buckets = new LinkedHashMap<>();
            for (LoopMeasure measure : LoopMeasure.values()) {
                buckets.put(measure.key(), buckets(now.histogram(measure)));
            }
            loop.put("buckets", buckets);
            return loop;
        }
    }

    /** Lower limit, upper limit and number of times of each bucket that is not empty. */
    private static List<List<Long>> buckets(LatencyHistogram histogram) {
        List<List<Long>> buckets = new ArrayList<>();
        long low = 0;
        long below = 0;
        for (int i = 0; i <= DOUBLINGS * STEPS && below < histogram.count(); i++) {
            long high = i == DOUBLINGS * STEPS
                    ? Math.max(low + 1, histogram.maxNs())
                    : Math.round(Math.pow(2, FIRST_DOUBLING + i / (double) STEPS));
            long upTo = histogram.countUpTo(high);
            if (upTo > below) {
                buckets.add(List.of(low, high, upTo - below));
            }
            below = upTo;
            low = high;
        }
        return buckets;
    }
}
