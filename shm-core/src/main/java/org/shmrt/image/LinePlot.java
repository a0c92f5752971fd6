package org.shmrt.image;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import org.shmrt.error.ShmException;

/**
 * A plot of lines as a PNG picture, drawn without a screen. Not-a-number and infinite values, and values of 0
 * or less on a logarithmic axis, leave a gap in their line. Where the machine has no fonts the picture is made
 * without text.
 *
 * <p>Not safe for use by several threads at once. Example:
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

    /** Ticks chosen by the caller. */
    record Ticks(double[] at, String[] labels) {}

    final String title;
    final String xLabel;
    final String yLabel;
    private final List<Series> series = new ArrayList<>();
    private Ticks xTicks;
    private boolean logX;
    private boolean logY;
    private int width = DEFAULT_WIDTH;
    private int height = DEFAULT_HEIGHT;
    private boolean withText = true;

    /**
     * A plot without lines.
     *
     * @param title what it shows; null or empty for none
     * @param xLabel what the horizontal axis is, with its unit; null or empty for none
     * @param yLabel what the vertical axis is, with its unit; null or empty for none
     */
    public LinePlot(String title, String xLabel, String yLabel) {
        this.title = title == null ? "" : title;
        this.xLabel = xLabel == null ? "" : xLabel;
        this.yLabel = yLabel == null ? "" : yLabel;
    }

    /**
     * Adds a line through points, in the order given. The arrays are copied.
     *
     * @param name its name in the legend; null or empty for none
     * @param x horizontal positions
     * @param y as many values
     * @return this plot
     * @throws IllegalArgumentException if there are more of one than of the other
     */
    public LinePlot series(String name, double[] x, double[] y) {
        if (x.length != y.length) {
            throw new IllegalArgumentException(
                    "series '" + name + "' has " + x.length + " x and " + y.length + " y: a point needs both");
        }
        series.add(new Series(name == null ? "" : name, x.clone(), y.clone()));
        return this;
    }

    /**
     * Makes the horizontal axis logarithmic.
     *
     * @return this plot
     */
    public LinePlot logX() {
        logX = true;
        return this;
    }

    /**
     * Makes the vertical axis logarithmic.
     *
     * @return this plot
     */
    public LinePlot logY() {
        logY = true;
        return this;
    }

    /**
     * Chooses the ticks of the horizontal axis, for example percentiles. The axis is made long enough to show
     * them all; a label that would touch the one before it is left out.
     *
     * @param at where they stand
     * @param labels as many texts
     * @return this plot
     * @throws IllegalArgumentException if there are more of one than of the other, or one is not finite
     */
    public LinePlot xTicks(double[] at, String[] labels) {
        if (at.length != labels.length) {
            throw new IllegalArgumentException(
                    at.length + " ticks have " + labels.length + " labels: a tick needs one label");
        }
        for (int i = 0; i < at.length; i++) {
            if (!Double.isFinite(at[i])) {
                throw new IllegalArgumentException("a tick at " + at[i] + " has no place: give finite numbers");
            }
            Objects.requireNonNull(labels[i], "label");
        }
        xTicks = new Ticks(at.clone(), labels.clone());
        return this;
    }

    /**
     * Chooses the size of the picture, 1000 x 600 if not called. Text and lines grow with it.
     *
     * @param widthPx 120 to 8000
     * @param heightPx 120 to 8000
     * @return this plot
     * @throws IllegalArgumentException if it is smaller or larger
     */
    public LinePlot size(int widthPx, int heightPx) {
        if (Math.min(widthPx, heightPx) < MIN_SIZE || Math.max(widthPx, heightPx) > MAX_SIZE) {
            throw new IllegalArgumentException("a plot of " + widthPx + " x " + heightPx
                    + " pixels: each side may have " + MIN_SIZE + " to " + MAX_SIZE);
        }
        width = widthPx;
        height = heightPx;
        return this;
    }

    /** As if the machine had no fonts; for tests. */
    LinePlot withoutText() {
        withText = false;
        return this;
    }

    /**
     * Draws the plot and writes it as PNG, whatever the file's name; the file appears when it is complete.
     *
     * @param png the file, replaced if it exists
     * @throws ShmException if it cannot be written, or this Java has no module java.desktop to draw with
     */
    public void write(Path png) {
        // before the first class of java.desktop is loaded, which would look for a screen
        if (System.getProperty("java.awt.headless") == null) {
            System.setProperty("java.awt.headless", "true");
        }
        try {
            PlotPainter.write(this, png);
        } catch (LinkageError | InternalError e) {
            throw new ShmException(
                    "cannot draw " + png + ": "
                            + (ModuleLayer.boot().findModule("java.desktop").isEmpty()
                                    ? "this Java runs without the module java.desktop; use a full JDK, or"
                                            + " --add-modules java.desktop"
                                    : "Java's 2D graphics do not start here (" + e
                                            + "); install the JDK's headless package whole"),
                    e);
        }
    }

    List<Series> lines() {
        return Collections.unmodifiableList(series);
    }

    /** Null where the plot chooses its own. */
    Ticks chosenTicks() {
        return xTicks;
    }

    boolean isLogX() {
        return logX;
    }

    boolean isLogY() {
        return logY;
    }

    int width() {
        return width;
    }

    int height() {
        return height;
    }

    boolean wantsText() {
        return withText;
    }
}
