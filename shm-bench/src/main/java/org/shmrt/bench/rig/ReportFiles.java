package org.shmrt.bench.rig;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.HdrHistogram.Histogram;
import org.shmrt.error.ShmException;
import org.shmrt.image.LinePlot;

/**
 * A measurement as a folder: {@code report.md}, {@code latency.json}, for each exchange an {@code .hgrm} file (as
 * HdrHistogram's plotter reads it, in µs), and for each group of exchanges a plot of percentiles.
 */
final class ReportFiles {
    private static final double NS_PER_US = 1000;
    private static final double[] TICKS = {0, 90, 99, 99.9, 99.99, 99.999};
    private static final int POINTS_PER_TICK = 20;

    private final Path directory;
    private final Report report;

    ReportFiles(Path directory, Report report) {
        this.directory = directory;
        this.report = report;
    }

    /**
     * Writes the folder, and replaces files of the same names.
     *
     * @throws IOException if it cannot be written
     */
    void write() throws IOException {
        Files.createDirectories(directory);
        for (Outcome outcome : report.outcomes()) {
            if (!outcome.goodRuns().isEmpty()) {
                try (PrintStream out = new PrintStream(
                        directory.resolve(outcome + ".hgrm").toFile(), StandardCharsets.US_ASCII)) {
                    outcome.all().outputPercentileDistribution(out, NS_PER_US);
                }
            }
        }
        List<String> plots = new ArrayList<>();
        for (List<Exchange> group : report.setting().plan().groups()) {
            List<Outcome> measured = report.outcomes().stream().filter(outcome -> group.contains(outcome.exchange()))
                    .filter(outcome -> !outcome.goodRuns().isEmpty()).toList();
            if (!measured.isEmpty()) {
                plots.add(plot(group.getFirst().group(), measured));
            }
        }
        Files.writeString(directory.resolve("latency.json"), report.json() + "\n");
        Files.writeString(directory.resolve("report.md"), markdown(plots));
    }

    /** Draws one group; the name of the file, or null on a Java that cannot draw. */
    private String plot(Exchange.Group group, List<Outcome> outcomes) {
        String name = group.name().toLowerCase(Locale.ROOT) + ".png";
        LinePlot plot = new LinePlot("Round trip, " + group.name().toLowerCase(Locale.ROOT).replace('_', ' '),
                "percentile", "microseconds").logY();
        String[] labels = new String[TICKS.length];
        double[] at = new double[TICKS.length];
        for (int i = 0; i < TICKS.length; i++) {
            labels[i] = String.format(Locale.ROOT, "%s%%", i == 0 ? "0" : Double.toString(TICKS[i]));
            at[i] = i;
        }
        plot.xTicks(at, labels);
        for (Outcome outcome : outcomes) {
            Histogram all = outcome.all();
            int points = (TICKS.length - 1) * POINTS_PER_TICK + 1;
            double[] x = new double[points];
            double[] y = new double[points];
            for (int i = 0; i < points; i++) {
                // Each step to the right leaves a tenth of the times above: 0, 90, 99 ... percent.
                x[i] = (double) i / POINTS_PER_TICK;
                y[i] = all.getValueAtPercentile(100 - 100 * Math.pow(10, -x[i])) / NS_PER_US;
            }
            plot.series(outcome.exchange().word(), x, y);
        }
        try {
            plot.write(directory.resolve(name));
            return name;
        } catch (ShmException e) {
            System.err.println("latency: " + e.getMessage());
            return null;
        }
    }

    private String markdown(List<String> plots) {
        StringBuilder text = new StringBuilder("# Round trips between two processes\n\n");
        if (report.setting().warning() != null) {
            text.append("**").append(report.setting().warning()).append("**\n\n");
        }
        text.append("""
                Each row is one message and its answer between two pinned processes, and each message is checked
                by its receiver. Exchanges that are compared ran by turns; a ratio is the median over such pairs of
                runs. Frames of `_c` are published in C as milk's library does, with ten semaphores and a getpid
                for each; those of `lean_c` in ShmRT's own order. Aeron's media driver shares the cores
                with the two processes; its long messages are copied out by its assembler, as ShmRT's are.
                Agrona's are read where they lie.

                ```
                """);
        text.append(report.table()).append("```\n\n## Machine\n\n| what | value |\n|---|---|\n");
        report.setting().facts().forEach((what, value) -> text.append("| ").append(what.replace('_', ' '))
                .append(" | ").append(value.replace("|", "\\|")).append(" |\n"));
        text.append("\n## Percentiles\n\n");
        plots.stream().filter(plot -> plot != null)
                .forEach(plot -> text.append("![").append(plot).append("](").append(plot).append(")\n"));
        return text.toString();
    }
}
