package org.shmrt.cli.latency;

import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
import org.agrona.concurrent.SleepingIdleStrategy;
import org.shmrt.cli.verb.Converters;
import org.shmrt.cli.verb.ExitStatus;
import org.shmrt.cli.verb.StopSignal;
import org.shmrt.cli.verb.TimedOutException;
import org.shmrt.cli.verb.Verb;
import org.shmrt.image.plot.LinePlot;
import org.shmrt.stream.Access;
import org.shmrt.stream.FrameReader;
import org.shmrt.stream.ImageStream;
import org.shmrt.stream.WaitStrategy;
import org.shmrt.stream.inspect.StreamDirectory;
import org.shmrt.telemetry.HopMeter;
import org.shmrt.text.FileNames;
import org.shmrt.text.Printable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code shm latency}. */
@Command(
        name = "latency",
        description = {
            "Measures the time from the frames of one stream to those of another, until Ctrl-C: a line each second,"
                    + " then all together.",
            "The times are those that the writers stored: of writing, or of acquisition if the format does not store"
                    + " that. Reading disturbs neither stream."
        })
public final class LatencyCommand extends Verb {
    private static final Duration SUMMARY = Duration.ofSeconds(3);
    private static final long PERIOD_NS = 1_000_000_000L;
    private static final long SLEEP_US = 200;
    private static final double NS_PER_US = 1e3;
    private static final double[] PERCENTILES = {50, 90, 99, 99.9, 99.99};
    private static final String COLUMNS = "%8s %9s %9s %9s %9s %9s %9s %9s %6s";
    private static final double ALL = 100;

    @Parameters(
            index = "0",
            paramLabel = "A",
            converter = Converters.ToStreamPath.class,
            description = "Stream with the earlier frames.")
    private Path first;

    @Parameters(
            index = "1",
            paramLabel = "B",
            converter = Converters.ToStreamPath.class,
            description = "Stream with the later frames.")
    private Path second;

    @Option(
            names = "--by",
            paramLabel = "HOW",
            defaultValue = "id",
            description = "id: frames with the same frame id (cnt2) belong together; time: a frame of B belongs to the"
                    + " last one of A before it. Default: id.")
    private LatencyMeter.Matching matching;

    @Option(
            names = "--for",
            paramLabel = "TIME",
            converter = Converters.ToNanoseconds.class,
            description = "Stop after this time, for example 10s.")
    private Long forNs;

    @Option(
            names = "--out",
            paramLabel = "FILE.png",
            description = "At the end, draw the latency at each percentile as a picture.")
    private Path picture;

    @Option(
            names = "--meter",
            paramLabel = "NAME",
            description = "Also show the latencies as a meter, which shm metrics reads.")
    private String meterName;

    @Option(names = "--json", description = "Print each line as JSON.")
    private boolean json;

    @Override
    public Integer call() {
        if (picture != null && !picture.toString().endsWith(".png")) {
            throw wrongUsage("--out " + FileNames.text(picture) + ": the picture must be a .png file");
        }
        try (StopSignal signal = new StopSignal(SUMMARY);
                ImageStream from = ImageStream.open(first, Access.READ_ONLY);
                ImageStream to = ImageStream.open(second, Access.READ_ONLY);
                FrameReader fromReader = from.reader(idle());
                FrameReader toReader = to.reader(idle());
                LatencyMeter meter = new LatencyMeter(fromReader, toReader, matching, page())) {
            signal.runUntilReceived(() -> measure(meter));
            Histogram ignored = meter.takeInterval();
            return finish(meter, signal.isReceived());
        }
    }

    private Optional<HopMeter> page() {
        return Optional.ofNullable(meterName).map(name -> HopMeter.create(name, first, second));
    }

    private static WaitStrategy idle() {
        return WaitStrategy.idle(new SleepingIdleStrategy(TimeUnit.MICROSECONDS.toNanos(SLEEP_US)));
    }

    private void measure(LatencyMeter meter) throws InterruptedException {
        long startNs = System.nanoTime();
        long dueNs = startNs + PERIOD_NS;
        if (!json) {
            print(String.format(
                    Locale.ROOT, COLUMNS, "us", "count", "p50", "p90", "p99", "p99.9", "p99.99", "max", "lost"));
        }
        while (forNs == null || System.nanoTime() - startNs < forNs) {
            if (!meter.poll()) {
                TimeUnit.MICROSECONDS.sleep(SLEEP_US);
            }
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            long nowNs = System.nanoTime();
            if (nowNs - dueNs >= 0) {
                report(String.format(Locale.ROOT, "%.0f s", (nowNs - startNs) / 1e9), meter.takeInterval(), meter);
                dueNs += PERIOD_NS;
            }
        }
    }

    private int finish(LatencyMeter meter, boolean stopped) {
        report("all", meter.total(), meter);
        if (meter.negative() > 0) {
            note(meter.negative() + " frames of " + FileNames.text(second) + " are earlier than the frames of "
                    + FileNames.text(first) + " with their ids: " + FileNames.text(first)
                    + " is not the earlier stream, or the clocks of the writers differ");
        }
        if (meter.total().getTotalCount() == 0) {
            if (stopped) {
                return ExitStatus.DONE;
            }
            throw new TimedOutException("no frame of " + FileNames.text(second) + " belongs to one of "
                    + FileNames.text(first) + " ("
                    + meter.unmatched() + " had no partner): are both written"
                    + (matching == LatencyMeter.Matching.ID ? ", and do they have the same frame ids? See --by" : "?"));
        }
        if (picture != null) {
            Optional<String> remark = draw(meter.total());
            remark.ifPresent(this::note);
        }
        return ExitStatus.DONE;
    }

    private void report(String label, Histogram latencies, LatencyMeter meter) {
        if (json) {
            Map<String, Object> line = new LinkedHashMap<>();
            line.put("event", label.equals("all") ? "total" : "measured");
            line.put("from", FileNames.text(first));
            line.put("to", FileNames.text(second));
            line.put("count", latencies.getTotalCount());
            for (double percentile : PERCENTILES) {
                line.put("p" + name(percentile), latencies.getValueAtPercentile(percentile));
            }
            line.put("max", latencies.getMaxValue());
            line.put("lost", meter.lost());
            line.put("unmatched", meter.unmatched());
            line.put("negative", meter.negative());
            printJson(line);
            return;
        }
        print(String.format(
                Locale.ROOT,
                COLUMNS,
                label,
                latencies.getTotalCount(),
                us(latencies, PERCENTILES[0]),
                us(latencies, PERCENTILES[1]),
                us(latencies, PERCENTILES[2]),
                us(latencies, PERCENTILES[3]),
                us(latencies, PERCENTILES[4]),
                us(latencies, ALL),
                meter.lost()));
    }

    private static String name(double percentile) {
        return percentile == Math.rint(percentile) ? String.valueOf((long) percentile) : String.valueOf(percentile);
    }

    private static String us(Histogram latencies, double percentile) {
        return latencies.getTotalCount() == 0
                ? "-"
                : String.format(Locale.ROOT, "%.1f", latencies.getValueAtPercentile(percentile) / NS_PER_US);
    }

    /** The latency at each percentile; the axis is logarithmic towards 100. */
    private Optional<String> draw(Histogram latencies) {
        int points = 200;
        double decades = Math.log10((double) Math.max(100, latencies.getTotalCount()));
        double[] x = new double[points];
        double[] y = new double[points];
        for (int i = 0; i < points; i++) {
            x[i] = decades * i / (points - 1);
            double percentile = ALL * (1 - Math.pow(10, -x[i]));
            y[i] = latencies.getValueAtPercentile(percentile) / NS_PER_US;
        }
        int ticks = (int) decades + 1;
        double[] at = new double[ticks];
        String[] labels = new String[ticks];
        for (int i = 0; i < ticks; i++) {
            at[i] = i;
            labels[i] = i == 0 ? "0" : i == 1 ? "90" : i == 2 ? "99" : "99." + "9".repeat(i - 2);
        }
        String title = "From " + Printable.of(StreamDirectory.name(first)) + " to "
                + Printable.of(StreamDirectory.name(second));
        return new LinePlot(title, "percentile", "microseconds")
                .series("", x, y)
                .xTicks(at, labels)
                .logY()
                .write(picture);
    }
}
