package org.shmrt.cli.metrics;

import io.prometheus.metrics.expositionformats.OpenMetricsTextFormatWriter;
import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import io.prometheus.metrics.model.snapshots.Quantiles;
import io.prometheus.metrics.model.snapshots.SummarySnapshot;
import io.prometheus.metrics.model.snapshots.SummarySnapshot.SummaryDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Unit;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import org.shmrt.stream.inspect.StreamDirectory;
import org.shmrt.telemetry.FrameMeasure;
import org.shmrt.telemetry.LatencyHistogram;
import org.shmrt.telemetry.LoopCounter;
import org.shmrt.telemetry.LoopMeasure;
import org.shmrt.telemetry.LoopSnapshot;
import org.shmrt.telemetry.LoopState;
import org.shmrt.telemetry.MeterCounter;
import org.shmrt.telemetry.MeterSnapshot;

/** Pages as text in the OpenMetrics format, by the library prometheus-metrics. */
final class OpenMetrics {
    /** The type of the text in HTTP. */
    static final String CONTENT_TYPE = OpenMetricsTextFormatWriter.CONTENT_TYPE;

    private static final double[] QUANTILES = {0.5, 0.9, 0.99, 0.999, 0.9999};
    private static final double NS_PER_S = 1e9;
    private static final double PERCENT = 100;
    /** Upper bounds of the buckets: 1, 2 and 5 times each power of ten from 1 us to 50 s. */
    private static final long[] BOUNDS_NS = bounds();

    private final List<MetricSnapshot> metrics = new ArrayList<>();

    private OpenMetrics() {}

    private static long[] bounds() {
        List<Long> bounds = new ArrayList<>();
        for (long decade = 1_000; decade <= 10_000_000_000L; decade *= 10) {
            for (long factor : new long[] {1, 2, 5}) {
                bounds.add(factor * decade);
            }
        }
        return bounds.stream().mapToLong(Long::longValue).toArray();
    }

    /** The text, in UTF-8. */
    static byte[] text(MetricPages pages) {
        OpenMetrics all = new OpenMetrics();
        all.addMeters(pages.meters());
        all.addLoops(pages.loops());
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        try {
            OpenMetricsTextFormatWriter.create().write(text, new MetricSnapshots(all.metrics));
        } catch (IOException e) {
            throw new UncheckedIOException(e); // memory does not fail
        }
        return text.toByteArray();
    }

    private void addMeters(List<MeterSnapshot> meters) {
        if (meters.isEmpty()) {
            return;
        }
        gauge(
                "shmrt_meter_up",
                "1 if the process of the meter is alive",
                meters,
                OpenMetrics::labels,
                meter -> meter.isAlive() ? 1 : 0);
        for (MeterCounter counter : MeterCounter.values()) {
            counter(
                    counter == MeterCounter.FRAMES ? "shmrt_frames" : "shmrt_frames_" + counter.key(),
                    help(counter),
                    meters,
                    OpenMetrics::labels,
                    meter -> meter.count(counter));
        }
        for (FrameMeasure measure : FrameMeasure.values()) {
            times(
                    "shmrt_frame_" + measure.key(),
                    measure == FrameMeasure.INTERVAL
                            ? "Time from one frame to the next"
                            : "Time from the acquisition of a frame, or from the frame of the first stream of a hop",
                    meters,
                    OpenMetrics::labels,
                    meter -> meter.histogram(measure));
        }
    }

    private static String help(MeterCounter counter) {
        return switch (counter) {
            case FRAMES -> "Frames that were published or read";
            case LOST -> "Frames that were overwritten before they were read";
            case UNMATCHED -> "Frames of the second stream of a hop without one of the first";
            case NEGATIVE -> "Frames whose age is negative, because a clock was set or clocks differ";
            case SLOW -> "Frames that are older than the threshold of the meter";
        };
    }

    private static Labels labels(MeterSnapshot meter) {
        Labels labels = Labels.of(
                "meter",
                meter.name(),
                "role",
                meter.role().name().toLowerCase(Locale.ROOT),
                "stream",
                streamName(meter.stream()));
        Optional<String> source = meter.source();
        return source.isEmpty() ? labels : labels.add("source", streamName(source.get()));
    }

    /** The name of a stream in a page that any user may have made: its text may be no path, or one without a name. */
    private static String streamName(String path) {
        String file = path.substring(path.lastIndexOf('/') + 1);
        return StreamDirectory.isStreamName(file)
                ? file.substring(0, file.length() - StreamDirectory.SUFFIX.length())
                : file;
    }

    private void addLoops(List<LoopSnapshot> loops) {
        if (loops.isEmpty()) {
            return;
        }
        Function<LoopSnapshot, Labels> labels = loop -> Labels.of("loop", loop.name());
        gauge("shmrt_loop_up", "1 if the process of the loop is alive", loops, labels, loop -> loop.isAlive() ? 1 : 0);
        gauge(
                "shmrt_loop_running",
                "1 if the loop runs its step at each trigger",
                loops,
                labels,
                loop -> loop.isAlive() && loop.state() == LoopState.RUNNING ? 1 : 0);
        for (LoopCounter counter : LoopCounter.values()) {
            counter(
                    "shmrt_loop_" + counter.key(),
                    "Counter of a control loop; see shm loop show",
                    loops,
                    labels,
                    loop -> loop.count(counter));
        }
        for (LoopMeasure measure : LoopMeasure.values()) {
            times(
                    "shmrt_loop_" + measure.key(),
                    "Time of a control loop; see shm loop show",
                    loops,
                    labels,
                    loop -> loop.histogram(measure));
        }
    }

    private <T> void gauge(
            String name, String help, List<T> pages, Function<T, Labels> labels, ToDoubleFunction<T> value) {
        GaugeSnapshot.Builder gauge = GaugeSnapshot.builder().name(name).help(help);
        for (T page : pages) {
            gauge.dataPoint(GaugeDataPointSnapshot.builder()
                    .labels(labels.apply(page))
                    .value(value.applyAsDouble(page))
                    .build());
        }
        metrics.add(gauge.build());
    }

    private <T> void counter(
            String name, String help, List<T> pages, Function<T, Labels> labels, ToDoubleFunction<T> value) {
        CounterSnapshot.Builder counter = CounterSnapshot.builder().name(name).help(help);
        for (T page : pages) {
            counter.dataPoint(CounterDataPointSnapshot.builder()
                    .labels(labels.apply(page))
                    .value(value.applyAsDouble(page))
                    .build());
        }
        metrics.add(counter.build());
    }

    /**
     * Adds the percentiles since the start, the maximum, and a histogram, of which a monitoring system computes
     * percentiles of any interval of time.
     */
    private <T> void times(
            String name, String help, List<T> pages, Function<T, Labels> labels, Function<T, LatencyHistogram> times) {
        SummarySnapshot.Builder summary =
                SummarySnapshot.builder().name(name + "_seconds").help(help).unit(Unit.SECONDS);
        HistogramSnapshot.Builder histogram = HistogramSnapshot.builder()
                .name(name + "_buckets_seconds")
                .help(help + ", as a histogram")
                .unit(Unit.SECONDS);
        for (T page : pages) {
            LatencyHistogram measured = times.apply(page);
            double sum = measured.meanNs() * measured.count() / NS_PER_S;
            summary.dataPoint(SummaryDataPointSnapshot.builder()
                    .labels(labels.apply(page))
                    .quantiles(quantiles(measured))
                    .count(measured.count())
                    .sum(sum)
                    .build());
            histogram.dataPoint(HistogramDataPointSnapshot.builder()
                    .labels(labels.apply(page))
                    .classicHistogramBuckets(buckets(measured))
                    .sum(sum)
                    .build());
        }
        metrics.add(summary.build());
        metrics.add(histogram.build());
        GaugeSnapshot.Builder max = GaugeSnapshot.builder()
                .name(name + "_max_seconds")
                .help(help + ", the maximum")
                .unit(Unit.SECONDS);
        for (T page : pages) {
            max.dataPoint(GaugeDataPointSnapshot.builder()
                    .labels(labels.apply(page))
                    .value(times.apply(page).maxNs() / NS_PER_S)
                    .build());
        }
        metrics.add(max.build());
    }

    private static Quantiles quantiles(LatencyHistogram measured) {
        if (measured.count() == 0) {
            return Quantiles.EMPTY;
        }
        Quantiles.Builder quantiles = Quantiles.builder();
        for (double quantile : QUANTILES) {
            quantiles.quantile(quantile, measured.percentileNs(quantile * PERCENT) / NS_PER_S);
        }
        return quantiles.build();
    }

    private static ClassicHistogramBuckets buckets(LatencyHistogram measured) {
        ClassicHistogramBuckets.Builder buckets = ClassicHistogramBuckets.builder();
        long below = 0;
        for (long bound : BOUNDS_NS) {
            long upTo = measured.countUpTo(bound);
            buckets.bucket(bound / NS_PER_S, upTo - below);
            below = upTo;
        }
        return buckets.bucket(Double.POSITIVE_INFINITY, measured.count() - below)
                .build();
    }
}
