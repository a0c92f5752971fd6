package org.shmrt.bench.rig.report;

import java.awt.Color;
import java.awt.Font;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.DoubleStream;
import org.HdrHistogram.Histogram;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.VectorGraphicsEncoder;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.Styler;
import org.knowm.xchart.style.markers.SeriesMarkers;
import org.shmrt.bench.rig.scenario.Group;

/** Plots the times of the scenarios of a group by percentile, as PNG and SVG. */
final class PercentilePlot {
    private static final int WIDTH = 1000;
    private static final int HEIGHT = 600;
    private static final int POINTS_PER_TICK = 20;
    /** Ticks of the x axis: 0 %, 90 %, 99 %, 99.9 % ... */
    private static final int TICKS = 6;

    private static final double NS_PER_US = 1000;
    /** Distinguishable also with colour blindness. */
    private static final Color[] COLOURS = {
        new Color(0x0072b2),
        new Color(0xd55e00),
        new Color(0x009e73),
        new Color(0xcc79a7),
        new Color(0xe69f00),
        new Color(0x56b4e9),
        new Color(0x444444),
        new Color(0x882255),
        new Color(0x117733),
        new Color(0x999933),
        new Color(0xaa4499)
    };

    /** Text is drawn as outlines, whose coordinates have more digits than visible. */
    private static final Pattern EXCESS_DIGITS = Pattern.compile("(\\d\\.\\d\\d)\\d+(?![\\dE])");

    private PercentilePlot() {}

    /**
     * Draws the plot.
     *
     * @param name of the files, without extension
     * @return the names of the files
     */
    static List<String> write(Path directory, String name, List<Outcome> outcomes) throws IOException {
        XYChart chart = chart(outcomes);
        String path = directory.resolve(name).toString();
        BitmapEncoder.saveBitmap(chart, path, BitmapEncoder.BitmapFormat.PNG);
        VectorGraphicsEncoder.saveVectorGraphic(chart, path, VectorGraphicsEncoder.VectorGraphicsFormat.SVG);
        Path svg = directory.resolve(name + ".svg");
        Files.writeString(svg, EXCESS_DIGITS.matcher(Files.readString(svg)).replaceAll("$1"));
        return List.of(name + ".png", name + ".svg");
    }

    private static XYChart chart(List<Outcome> outcomes) {
        Group group = outcomes.getFirst().scenario().group();
        XYChart chart = new XYChartBuilder()
                .width(WIDTH)
                .height(HEIGHT)
                .title(group.heading())
                .xAxisTitle("percentile")
                .yAxisTitle("µs")
                .build();
        Font text = new Font(Font.SANS_SERIF, Font.PLAIN, 14);
        chart.getStyler()
                .setLegendPosition(Styler.LegendPosition.OutsideE)
                .setChartTitleFont(text.deriveFont(Font.BOLD, 16f))
                .setLegendFont(text)
                .setChartBackgroundColor(Color.WHITE)
                .setSeriesColors(COLOURS);
        chart.getStyler()
                .setYAxisLogarithmic(true)
                .setYAxisDecimalPattern("0.###")
                .setAxisTitleFont(text)
                .setAxisTickLabelsFont(text)
                .setXAxisMin(0.0)
                .setXAxisMax(TICKS - 1.0)
                .setXAxisTickMarkSpacingHint(WIDTH / TICKS * 2 / 3)
                .setxAxisTickLabelsFormattingFunction(PercentilePlot::percentLabel);
        for (Outcome outcome : outcomes) {
            add(chart, outcome);
        }
        showWholeDecades(chart);
        return chart;
    }

    /** Only powers of ten have a label, so there are at least two of them. */
    private static void showWholeDecades(XYChart chart) {
        DoubleSummaryStatistics times = chart.getSeriesMap().values().stream()
                .flatMapToDouble(series -> DoubleStream.of(series.getYMin(), series.getYMax()))
                .summaryStatistics();
        double lowest = Math.floor(Math.log10(times.getMin()));
        double highest = Math.ceil(Math.log10(times.getMax()));
        chart.getStyler().setYAxisMin(Math.pow(10, lowest)).setYAxisMax(Math.pow(10, Math.max(highest, lowest + 1)));
    }

    private static void add(XYChart chart, Outcome outcome) {
        Histogram all = outcome.all();
        // The maximum of N times is the percentile of tick log10(N): there is nothing to draw beyond it.
        double lastTick = Math.min(TICKS - 1, Math.log10((double) Math.max(1, all.getTotalCount())));
        int points = (int) (lastTick * POINTS_PER_TICK) + 1;
        double[] x = new double[points];
        double[] y = new double[points];
        for (int i = 0; i < points; i++) {
            // Each tick to the right leaves a tenth of the times above it: 0, 90, 99 ... percent.
            x[i] = (double) i / POINTS_PER_TICK;
            y[i] = Math.max(1, all.getValueAtPercentile(100 - 100 * Math.pow(10, -x[i]))) / NS_PER_US;
        }
        XYSeries series = chart.addSeries(outcome.scenario().id(), x, y);
        series.setMarker(SeriesMarkers.NONE);
        series.setSmooth(false);
    }

    /** The label of tick 0, 1, 2, 3 ...: 0 %, 90 %, 99 %, 99.9 % ...; empty between ticks. */
    private static String percentLabel(double tick) {
        long whole = Math.round(tick);
        if (Math.abs(tick - whole) > 1e-6) {
            return "";
        }
        return String.format(
                Locale.ROOT, "%." + Math.max(0, whole - 2) + "f %%", 100 - 100 * Math.pow(10, (double) -whole));
    }
}
