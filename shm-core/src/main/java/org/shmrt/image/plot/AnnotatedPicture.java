package org.shmrt.image.plot;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.shmrt.image.plot.PlotAxis.Tick;
import org.shmrt.image.plot.PlotText.Style;

/**
 * Draws a picture with a title, axes and a colour bar. Rows and columns are counted from 0 at the top left, as in numpy.
 * On a machine without fonts there is no text. Stateless; safe for any thread.
 */
public final class AnnotatedPicture {
    private static final int MAX_SIDE = 16_000;
    private static final Color INK = new Color(0x1f2937);
    private static final Color QUIET_INK = new Color(0x4b5563);
    private static final Color AXIS = new Color(0x6b7280);
    private static final double PAD = 16;
    private static final double TICK_PX = 5;
    private static final double BAR_PX = 18;
    private static final double AXIS_TICK_PX = 64;
    private static final double BAR_TICK_PX = 28;

    private final Raster raster;
    private final Annotation annotation;
    private final double scale;
    private final PlotText text;
    private final List<Tick> xTicks;
    private final List<Tick> yTicks;
    private final List<Tick> barTicks;

    /** Position of the picture. */
    private final int left;

    private final int top;
    private final int width;
    private final int height;

    private AnnotatedPicture(Raster raster, Annotation annotation, Graphics2D measuring, boolean withText) {
        this.raster = raster;
        this.annotation = annotation;
        scale = Math.clamp(Math.max(raster.width(), raster.height()) / 700.0, 0.9, 8);
        text = withText ? PlotText.on(measuring, scale) : PlotText.without(measuring);
        xTicks = ticks(raster.width());
        yTicks = ticks(raster.height());
        barTicks = annotation
                .bar()
                .map(bar -> bar.ticks(Math.min(0.5, BAR_TICK_PX * scale / raster.height())))
                .orElse(List.of());
        double pad = PAD * scale;
        left = (int) Math.ceil(pad + axisSpace(labelWidth(yTicks)));
        top = (int)
                Math.ceil(pad + (annotation.title().isEmpty() ? 0 : text.height(Style.TITLE) + text.gap(8 * scale)));
        width = (int) Math.ceil(left + raster.width() + barSpace() + pad);
        height = (int) Math.ceil(top + raster.height() + axisSpace(text.height(Style.TICK)) + marksSpace() + pad);
    }

    /**
     * Draws a picture and writes it as PNG. The file appears when it is complete.
     *
     * @param texts text chunks by keyword
     * @return a remark for the user in one line, if the file that was replaced belonged to another user
     * @throws IllegalArgumentException if the picture is too large
     * @throws org.shmrt.error.ShmException if the file cannot be written, or this Java has no graphics
     */
    public static Optional<String> write(Path png, Raster raster, Annotation annotation, Map<String, String> texts) {
        return Desktop.draw(
                png, () -> Desktop.raster(paint(raster, annotation, true)).write(png, texts));
    }

    /** Draws the picture, for tests without text: as on a machine without fonts. */
    static BufferedImage paint(Raster raster, Annotation annotation, boolean withText) {
        if (Math.max(raster.width(), raster.height()) > MAX_SIDE) {
            throw new IllegalArgumentException("a picture of " + raster.width() + " x " + raster.height()
                    + " pixels is too large for annotations: the limit is " + MAX_SIDE + " pixels for each side");
        }
        Graphics2D measuring = new BufferedImage(1, 1, BufferedImage.TYPE_INT_RGB).createGraphics();
        AnnotatedPicture layout = new AnnotatedPicture(raster, annotation, measuring, withText);
        BufferedImage picture = new BufferedImage(layout.width, layout.height, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = picture.createGraphics();
        graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        try {
            layout.paint(picture, graphics, withText ? PlotText.on(graphics, layout.scale) : layout.text);
        } finally {
            graphics.dispose();
            measuring.dispose();
        }
        return picture;
    }

    private boolean hasAxes() {
        return annotation.pixelsPerElement() > 0;
    }

    /** Ticks at integer indices. */
    private List<Tick> ticks(int pixels) {
        if (!hasAxes()) {
            return List.of();
        }
        int elements = pixels / annotation.pixelsPerElement();
        return PlotAxis.linear(0, Math.max(1, elements - 1))
                .ticks(Math.max(1, (int) (pixels / (AXIS_TICK_PX * scale))))
                .stream()
                .filter(tick -> tick.value() == Math.rint(tick.value()) && tick.value() < elements)
                .toList();
    }

    private double labelWidth(List<Tick> ticks) {
        return ticks.stream()
                .mapToDouble(tick -> text.width(Style.TICK, label(tick)))
                .max()
                .orElse(0);
    }

    private String label(Tick tick) {
        return text.pretty(tick.label().orElse(""));
    }

    /** Space beside the picture for ticks, their labels and the name of the axis. */
    private double axisSpace(double labels) {
        return hasAxes() ? TICK_PX * scale + labels + text.height(Style.LABEL) + text.gap(10 * scale) : 0;
    }

    private double barSpace() {
        return annotation.bar().isPresent()
                ? (BAR_PX + TICK_PX + PAD) * scale
                        + labelWidth(barTicks)
                        + text.height(Style.LABEL)
                        + text.gap(12 * scale)
                : 0;
    }

    private double marksSpace() {
        return annotation.marks().isEmpty() ? 0 : Math.max(BAR_PX * scale, text.height(Style.LABEL)) + 8 * scale;
    }

    private void paint(BufferedImage picture, Graphics2D graphics, PlotText pen) {
        graphics.setColor(Color.WHITE);
        graphics.fillRect(0, 0, width, height);
        double pad = PAD * scale;
        pen.draw(
                Style.TITLE,
                INK,
                pen.fitted(Style.TITLE, annotation.title(), width - 2 * pad),
                Math.min(left, pad),
                pad);
        byte[] row = new byte[3 * raster.width()];
        for (int y = 0; y < raster.height(); y++) {
            raster.rows().fill(y, row);
            for (int x = 0; x < raster.width(); x++) {
                picture.setRGB(
                        left + x,
                        top + y,
                        (row[3 * x] & 0xff) << 16 | (row[3 * x + 1] & 0xff) << 8 | (row[3 * x + 2] & 0xff));
            }
        }
        if (hasAxes()) {
            xAxis(graphics, pen);
            yAxis(graphics, pen);
        }
        annotation.bar().ifPresent(bar -> bar(bar, picture, graphics, pen));
        marks(graphics, pen);
        for (Annotation.Label label : annotation.labels()) {
            outlined(pen, label);
        }
    }

    /** A light text with a dark edge, readable on every colour. */
    private void outlined(PlotText pen, Annotation.Label label) {
        double x = left + label.x() + 3 * scale;
        double y = top + label.y() + scale;
        for (int[] offset : new int[][] {{-1, 0}, {1, 0}, {0, -1}, {0, 1}}) {
            pen.draw(Style.TICK, Color.BLACK, label.text(), x + offset[0], y + offset[1]);
        }
        pen.draw(Style.TICK, Color.WHITE, label.text(), x, y);
    }

    private int thickness() {
        return (int) Math.max(1, Math.round(scale));
    }

    private int centre(Tick tick) {
        return (int) Math.floor((tick.value() + 0.5) * annotation.pixelsPerElement());
    }

    private void xAxis(Graphics2D graphics, PlotText pen) {
        int below = top + raster.height();
        double labels = below + TICK_PX * scale + pen.gap(2 * scale);
        for (Tick tick : xTicks) {
            graphics.setColor(AXIS);
            graphics.fillRect(left + centre(tick), below, thickness(), (int) (TICK_PX * scale));
            String label = label(tick);
            pen.draw(Style.TICK, QUIET_INK, label, left + centre(tick) - pen.width(Style.TICK, label) / 2, labels);
        }
        pen.draw(
                Style.LABEL,
                INK,
                "column",
                left + (raster.width() - pen.width(Style.LABEL, "column")) / 2,
                labels + pen.height(Style.TICK) + pen.gap(2 * scale));
    }

    private void yAxis(Graphics2D graphics, PlotText pen) {
        int tickLeft = (int) (left - TICK_PX * scale);
        for (Tick tick : yTicks) {
            graphics.setColor(AXIS);
            graphics.fillRect(tickLeft, top + centre(tick), left - tickLeft, thickness());
            String label = label(tick);
            pen.draw(
                    Style.TICK,
                    QUIET_INK,
                    label,
                    tickLeft - pen.gap(3 * scale) - pen.width(Style.TICK, label),
                    top + centre(tick) - pen.height(Style.TICK) / 2);
        }
        pen.drawUpwards(Style.LABEL, INK, "row", PAD * scale / 2, top + raster.height() / 2.0);
    }

    private void bar(ColourBar bar, BufferedImage picture, Graphics2D graphics, PlotText pen) {
        int barLeft = (int) (left + raster.width() + PAD * scale);
        int barWidth = (int) (BAR_PX * scale);
        int barHeight = raster.height();
        for (int y = 0; y < barHeight; y++) {
            int colour = bar.colour(barHeight == 1 ? 0 : 1 - (double) y / (barHeight - 1));
            for (int x = 0; x < barWidth; x++) {
                picture.setRGB(barLeft + x, top + y, colour);
            }
        }
        double labelLeft = barLeft + barWidth + TICK_PX * scale + pen.gap(3 * scale);
        for (Tick tick : barTicks) {
            int y = top + (int) Math.round((1 - bar.position(tick.value())) * (barHeight - 1));
            graphics.setColor(AXIS);
            graphics.fillRect(barLeft + barWidth, y, (int) (TICK_PX * scale), thickness());
            pen.draw(Style.TICK, QUIET_INK, label(tick), labelLeft, y - pen.height(Style.TICK) / 2);
        }
        pen.drawUpwards(
                Style.LABEL,
                INK,
                pen.fitted(Style.LABEL, bar.label(), Math.max(barHeight, height - 2 * PAD * scale)),
                labelLeft + labelWidth(barTicks) + pen.gap(6 * scale),
                top + barHeight / 2.0);
    }

    private void marks(Graphics2D graphics, PlotText pen) {
        double x = left;
        double y = height - PAD * scale - marksSpace() + 8 * scale;
        int side = (int) (12 * scale);
        for (Annotation.Mark mark : annotation.marks()) {
            graphics.setColor(new Color(mark.rgb()));
            graphics.fillRect((int) x, (int) (y + 3 * scale), side, side);
            pen.draw(Style.LABEL, QUIET_INK, mark.text(), x + side + 6 * scale, y);
            x += side + pen.width(Style.LABEL, mark.text()) + 24 * scale;
        }
    }
}
