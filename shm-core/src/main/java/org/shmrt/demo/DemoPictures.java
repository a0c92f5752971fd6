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
import java.util.Optional;
import org.HdrHistogram.Histogram;
import org.shmrt.camera.sim.LensletGrid;
import org.shmrt.error.ShmException;
import org.shmrt.image.PngFile;
import org.shmrt.image.plot.LinePlot;
import org.shmrt.memory.MemoryImage;
import org.shmrt.memory.Shape;
import org.shmrt.text.FileNames;

/** The pictures of a run, and their folder. */
final class DemoPictures {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss", Locale.ROOT);
    private static final double[] TICK_PERCENTILES = {0, 50, 90, 99, 99.9, 99.99, 99.999, 99.9999};
    private static final String[] TICK_LABELS = {"0%", "50%", "90%", "99%", "99.9%", "99.99%", "99.999%", "99.9999%"};
    private static final int POINTS_PER_DECADE = 40;
    /** Side of the square that shows a camera pixel. */
    private static final int MAGNIFICATION = 4;

    private DemoPictures() {}

    /** Throws if the folder cannot be created, so that the user learns that before the run. */
    static void checkFolder(Optional<Path> requested) {
        Path existing = requested.orElse(Path.of("")).toAbsolutePath();
        while (existing != null && !Files.exists(existing)) {
            existing = existing.getParent();
        }
        if (existing == null || !Files.isDirectory(existing) || !Files.isWritable(existing)) {
            throw new ShmException("cannot write pictures to "
                    + requested.map(FileNames::text).orElse("the current directory") + ", because "
                    + FileNames.text(existing)
                    + " is not a writable directory: choose another with --out");
        }
    }

    /** Creates the folder: the requested one, else a new one in the current directory, named after the time. */
    static Path createFolder(Optional<Path> requested) {
        String name = "shm-demo-" + LocalDateTime.now(ZoneId.systemDefault()).format(TIME);
        Path folder = requested.orElse(Path.of(name));
        try {
            if (requested.isPresent()) {
                return Files.createDirectories(folder).toAbsolutePath();
            }
            for (int more = 2; ; more++) {
                try {
                    return Files.createDirectory(folder).toAbsolutePath();
                } catch (FileAlreadyExistsException e) {
                    folder = Path.of(name + "-" + more);
                }
            }
        } catch (IOException e) {
            throw new ShmException(
                    "cannot create the folder " + FileNames.text(folder) + " for the demo's pictures: " + e
                            + "; choose another with --out",
                    e);
        }
    }

    /** Writes the pictures; those of times only if there are any. */
    static void write(DemoResult result, MemoryImage lastFrame) {
        PngFile.write(result.directory().resolve(DemoResult.FRAME_PICTURE), magnified(lastFrame));
        if (result.hasLatencies()) {
            plot(result).write(result.directory().resolve(DemoResult.LATENCY_PICTURE));
        }
        if (result.steps().hasSteps()) {
            StepPicture.plot(result.plan(), result.steps())
                    .write(result.directory().resolve(DemoResult.STEP_PICTURE));
        }
    }

    /** Shows each pixel as a square, so that the picture is large enough for a screen. */
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
                                plan.waiting().label()),
                        "percentile of frames",
                        "latency in us")
                .logX()
                .logY();
        long maxFrames = 2;
        for (LatencyStage stage : LatencyStage.values()) {
            Histogram latency = result.latency(stage);
            maxFrames = Math.max(maxFrames, latency.getTotalCount());
            if (latency.getTotalCount() > 0) { // the loop may have finished no step after the warm-up
                addSeries(plot, stage, latency);
            }
        }
        double[] ticks = Arrays.stream(TICK_PERCENTILES)
                .map(percentile -> 1 / (1 - percentile / 100))
                .toArray();
        int shown = 0;
        while (shown < ticks.length && ticks[shown] <= maxFrames * 1.001) {
            shown++;
        }
        return plot.xTicks(Arrays.copyOf(ticks, shown), Arrays.copyOf(TICK_LABELS, shown))
                .size(960, 600);
    }

    /** The x axis is 1 / (1 - p), so that rare frames are visible: 1000 is the slowest of a thousand frames. */
    private static void addSeries(LinePlot plot, LatencyStage stage, Histogram latency) {
        long frames = latency.getTotalCount();
        int points = 2 + (int) (Math.log10((double) frames) * POINTS_PER_DECADE);
        double[] x = new double[points];
        double[] us = new double[points];
        for (int i = 0; i < points; i++) {
            boolean isSlowest = i == points - 1;
            x[i] = isSlowest ? frames : Math.pow(10, (double) i / POINTS_PER_DECADE);
            long ns = isSlowest ? latency.getMaxValue() : latency.getValueAtPercentile(100 * (1 - 1 / x[i]));
            us[i] = Math.max(1, ns) / 1e3; // a logarithmic axis has no 0
        }
        plot.series(stage.label, x, us);
    }
}
