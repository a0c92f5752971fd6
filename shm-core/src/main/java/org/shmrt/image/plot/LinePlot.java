package org.shmrt.image.plot;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.shmrt.error.ShmException;

/**
 * A line plot that is written as a PNG picture and needs no screen. NaN and infinite values, and values of 0 or less on
 * a logarithmic axis, leave a gap in their line. On a machine without fonts the picture has no text.
 *
 * <p>Not thread-safe. Example:
 * {@snippet :
 * new LinePlot("Latency", "percentile", "microseconds")
 *         .series("spin", percentiles, spinUs)
 *         .series("semaphore", percentiles, semaphoreUs)
 *         .logY()
 *         .write(Path.of("latency.png"));
 * }
 */
public final class LinePlot {
    private static final int DEFAULT_WIDTH = 1000;
    private static final int DEFAULT_HEIGHT = 600;
    private static final int MIN_SIZE = 120;
    private static final int MAX_SIZE = 8000;

    /** One line. */
    record Series(String name, double[] x, double[] y) {}

    /** Ticks given by the caller. */
    record Ticks(double[] at, String[] labels) {}

    final String title;
    final String xLabel;
    final String yLabel;
    private final List<Series> series = new ArrayList<>();
    private Optional<Ticks> xTicks = Optional.empty();
    private AxisScale xScale = AxisScale.LINEAR;
    private AxisScale yScale = AxisScale.LINEAR;
    private int width = DEFAULT_WIDTH;
    private int height = DEFAULT_HEIGHT;
    private boolean withText = true;
    private boolean filled;

    /**
     * Creates a plot without lines.
     *
     * @param title title, empty for none
     * @param xLabel quantity and unit of the horizontal axis, empty for none
     * @param yLabel quantity and unit of the vertical axis, empty for none
     */
    public LinePlot(String title, String xLabel, String yLabel) {
        this.title = Objects.requireNonNull(title, "title");
        this.xLabel = Objects.requireNonNull(xLabel, "xLabel");
        this.yLabel = Objects.requireNonNull(yLabel, "yLabel");
    }

    /**
     * Adds a line through points, in the order given. The arrays are copied.
     *
     * @param name name in the legend, empty for none
     * @param x horizontal positions
     * @param y the same number of values
     * @return this plot
     * @throws IllegalArgumentException if the arrays have different lengths
     */
    public LinePlot series(String name, double[] x, double[] y) {
        if (x.length != y.length) {
            throw new IllegalArgumentException(
                    "series '" + name + "' has " + x.length + " x and " + y.length + " y: give both for every point");
        }
        series.add(new Series(name, x.clone(), y.clone()));
        return this;
    }

    /**
     * Makes the horizontal axis logarithmic.
     *
     * @return this plot
     */
    public LinePlot logX() {
        xScale = AxisScale.LOGARITHMIC;
        return this;
    }

    /**
     * Makes the vertical axis logarithmic.
     *
     * @return this plot
     */
    public LinePlot logY() {
        yScale = AxisScale.LOGARITHMIC;
        return this;
    }

    /**
     * Sets the ticks of the horizontal axis, for example percentiles. The axis is extended to show all of them. A label
     * that would touch the previous one is left out.
     *
     * @param at positions of the ticks
     * @param labels the same number of texts
     * @return this plot
     * @throws IllegalArgumentException if the arrays have different lengths, or a position is not finite
     */
    public LinePlot xTicks(double[] at, String[] labels) {
        if (at.length != labels.length) {
            throw new IllegalArgumentException(
                    at.length + " ticks have " + labels.length + " labels: give one label for every tick");
        }
        for (int i = 0; i < at.length; i++) {
            if (!Double.isFinite(at[i])) {
                throw new IllegalArgumentException("a tick at " + at[i] + " has no position: give finite numbers");
            }
            Objects.requireNonNull(labels[i], "label");
        }
        xTicks = Optional.of(new Ticks(at.clone(), labels.clone()));
        return this;
    }

    /**
     * Fills each area that a line encloses with the straight line from its end to its start, in a pale colour: for
     * outlines of histograms.
     *
     * @return this plot
     */
    public LinePlot filled() {
        filled = true;
        return this;
    }

    /**
     * Sets the size of the picture; the default is 1000 x 600. Text and lines scale with it.
     *
     * @param widthPx width in pixels, 120 to 8000
     * @param heightPx height in pixels, 120 to 8000
     * @return this plot
     * @throws IllegalArgumentException if a side is smaller or larger
     */
    public LinePlot size(int widthPx, int heightPx) {
        if (Math.min(widthPx, heightPx) < MIN_SIZE || Math.max(widthPx, heightPx) > MAX_SIZE) {
            throw new IllegalArgumentException("a plot of " + widthPx + " x " + heightPx
                    + " pixels is not possible: each side must have " + MIN_SIZE + " to " + MAX_SIZE);
        }
        width = widthPx;
        height = heightPx;
        return this;
    }

    /** Draws the plot as on a machine without fonts; for tests. */
    LinePlot withoutText() {
        withText = false;
        return this;
    }

    /**
     * Draws the plot and writes it as PNG, also if the file name has another ending. The file appears when it is
     * complete.
     *
     * @param png the file; replaced if it exists
     * @return a remark for the user in one line, if the file that was replaced belonged to another user
     * @throws ShmException if the file cannot be written, or this Java runs without the module java.desktop
     */
    public Optional<String> write(Path png) {
        return Desktop.draw(png, () -> PlotPainter.write(this, png));
    }

    List<Series> lines() {
        return Collections.unmodifiableList(series);
    }

    /** Ticks given by the caller; if empty, the plot chooses its own. */
    Optional<Ticks> chosenTicks() {
        return xTicks;
    }

    AxisScale xScale() {
        return xScale;
    }

    AxisScale yScale() {
        return yScale;
    }

    int width() {
        return width;
    }

    int height() {
        return height;
    }

    boolean isFilled() {
        return filled;
    }

    boolean wantsText() {
        return withText;
    }
}
