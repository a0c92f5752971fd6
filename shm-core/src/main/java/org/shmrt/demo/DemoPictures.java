package org.shmrt.demo;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.Locale;
import org.HdrHistogram.Histogram;
import org.shmrt.error.ShmException;
import org.shmrt.image.LinePlot;
import org.shmrt.image.PngFile;
import org.shmrt.memory.MemoryImage;
import org.shmrt.memory.Shape;

/** The pictures a run leaves, and the folder they go to. */
final class DemoPictures {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss", Locale.ROOT);
    private static final double[] TICK_PERCENTILES = {0, 50, 90, 99, 99.9, 99.99, 99.999, 99.9999};
    private static final String[] TICK_LABELS = {"0%", "50%", "90%", "99%", "99.9%", "99.99%", "99.999%", "99.9999%"};
    private static final int POINTS_PER_DECADE = 40;
    /** Sides of that square. */
    private static final int MAGNIFICATION = 4;

    private DemoPictures() {}

    /** Throws if the folder could not be made, which is better known before a run than after it. */
    static void checkFolder(Path asked) {
        Path existing = (asked == null ? Path.of("") : asked).toAbsolutePath();
        while (existing != null && !Files.exists(existing)) {
            existing = existing.getParent();
        }
        if (existing == null || !Files.isDirectory(existing) || !Files.isWritable(existing)) {
            throw new ShmException("no pictures can be written to " + (asked == null ? "the current directory" : asked)
                    + ", for " + existing + " is not a directory that may be written; name another with --out");
        }
    }

    /** Makes the folder: the one asked for, else a new one in the current directory, named after the time. */
    static Path makeFolder(Path asked) {
        Path folder = asked != null
                ? asked
                : Path.of(
                        "shm-demo-" + LocalDateTime.now(ZoneId.systemDefault()).format(TIME));
        try {
            if (asked != null) {
                return Files.createDirectories(folder).toAbsolutePath();
            }
            for (int more = 2; ; more++) {
                try {
                    return Files.createDirectory(folder).toAbsolutePath();
                } catch (FileAlreadyExistsException e) {
                    folder = Path.of("shm-demo-"
                            + LocalDateTime.now(ZoneId.systemDefault()).format(TIME) + "-" + more);
                }
            }
        } catch (IOException e) {
            throw new ShmException(
                    "cannot make the folder " + folder + " for the demo's pictures: " + e + "; name another with --out",
                    e);
        }
    }

    /** Writes both pictures; that of the latencies only if there are any. */
    static void write(DemoResult result, MemoryImage lastFrame) {
        PngFile.write(result.directory().resolve(DemoResult.FRAME_PICTURE), magnified(lastFrame));
        if (result.hasLatencies()) {
            plot(result).write(result.directory().resolve(DemoResult.LATENCY_PICTURE));
        }
    }

    /** Each pixel as a square, large enough to see on a screen. */
    private static MemoryImage magnified(MemoryImage frame) {
        int side = LensletGrid.SIDE_PIXELS;
        int width = side * MAGNIFICATION;
        MemorySegment picture = Arena.ofAuto().allocate(2L * width * width, 8);
        for (int row = 0; row < width; row++) {
            for (int column = 0; column < width; column++) {
                picture.setAtIndex(
                        ValueLayout.JAVA_SHORT,
                        (long) row * width + column,
                        frame.data()
                                .getAtIndex(
                                        ValueLayout.JAVA_SHORT,
                                        (long) row / MAGNIFICATION * side + column / MAGNIFICATION));
            }
        }
        return new MemoryImage(frame.type(), Shape.of(width, width), picture);
    }

    private static LinePlot plot(DemoResult result) {
        RunPlan plan = result.plan();
        LinePlot plot = new LinePlot(
                        String.format(
                                Locale.ROOT,
                                "shm demo: %.0f Hz, %s, wait %s",
                                plan.rateHz(),
                                plan.format(),
                                plan.waiting()),
                        "frames that were not slower",
                        "latency in us")
                .logX()
                .logY();
        long mostFrames = 2;
        for (Hop hop : Hop.values()) {
            Histogram latency = result.latency(hop);
            mostFrames = Math.max(mostFrames, latency.getTotalCount());
            addSeries(plot, hop, latency);
        }
        double[] ticks = Arrays.stream(TICK_PERCENTILES)
                .map(percentile -> 1 / (1 - percentile / 100))
                .toArray();
        int shown = 0;
        while (shown < ticks.length && ticks[shown] <= mostFrames * 1.001) {
            shown++;
        }
        return plot.xTicks(Arrays.copyOf(ticks, shown), Arrays.copyOf(TICK_LABELS, shown))
                .size(960, 600);
    }

    /** 1 / (1 - p) spreads the rare frames out: at 1000 stands the slowest of a thousand, and the slowest last. */
    private static void addSeries(LinePlot plot, Hop hop, Histogram latency) {
        long frames = latency.getTotalCount();
        int points = 2 + (int) (Math.log10((double) frames) * POINTS_PER_DECADE);
        double[] x = new double[points];
        double[] us = new double[points];
        for (int i = 0; i < points; i++) {
            boolean last = i == points - 1;
            x[i] = last ? frames : Math.pow(10, (double) i / POINTS_PER_DECADE);
            long ns = last ? latency.getMaxValue() : latency.getValueAtPercentile(100 * (1 - 1 / x[i]));
            us[i] = Math.max(1, ns) / 1e3; // a logarithm needs more than 0
        }
        plot.series(hop.label, x, us);
    }
}
