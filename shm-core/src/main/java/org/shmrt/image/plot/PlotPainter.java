package org.shmrt.image.plot;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Line2D;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntFunction;
import org.shmrt.image.plot.PlotAxis.Tick;
import org.shmrt.image.plot.PlotText.Style;

/** Draws a {@link LinePlot} with java.desktop. */
final class PlotPainter {
    private static final Color INK = new Color(0x1f2937);
    private static final Color QUIET_INK = new Color(0x4b5563);
    private static final Color AXIS = new Color(0x9ca3af);
    private static final Color GRID = new Color(0xe2e5ea);
    private static final Color MINOR_GRID = new Color(0xf1f3f5);
    /** The palette of Okabe and Ito, distinct for all kinds of colour vision, without yellow, which is pale on white. */
    private static final Color[] PALETTE = {
        new Color(0x0072b2),
        new Color(0xd55e00),
        new Color(0x009e73),
        new Color(0xcc79a7),
        new Color(0xe69f00),
        new Color(0x56b4e9),
        new Color(0x444444)
    };

    private static final int PALE_ALPHA = 50;
    private static final double PAD = 18;
    private static final double LINE_PX = 2;
    private static final double DOT_PX = 6;
    private static final double SWATCH_PX = 22;
    private static final double X_TICK_PX = 70;
    private static final double Y_TICK_PX = 50;

    private final LinePlot plot;
    private final BufferedImage picture;
    private final Graphics2D graphics;
    private final double scale;
    private final PlotText text;

    private PlotPainter(LinePlot plot) {
        this.plot = plot;
        picture = new BufferedImage(plot.width(), plot.height(), BufferedImage.TYPE_INT_RGB);
        graphics = picture.createGraphics();
        graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        graphics.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
        scale = Math.clamp(Math.min(plot.width() / 1000.0, plot.height() / 600.0), 0.8, 8);
        text = plot.wantsText() ? PlotText.on(graphics, scale) : PlotText.without(graphics);
    }

    static Optional<String> write(LinePlot plot, Path png) {
        return Desktop.raster(paint(plot)).write(png, Map.of());
    }

    private static BufferedImage paint(LinePlot plot) {
        PlotPainter painter = new PlotPainter(plot);
        try {
            painter.paint();
        } finally {
            painter.graphics.dispose();
        }
        return painter.picture;
    }

    private void paint() {
        graphics.setColor(Color.WHITE);
        graphics.fillRect(0, 0, picture.getWidth(), picture.getHeight());
        double pad = PAD * scale;
        double top = pad;
        if (!plot.title.isEmpty()) {
            String title = text.fitted(Style.TITLE, plot.title, picture.getWidth() - 2 * pad);
            text.draw(Style.TITLE, INK, title, pad, top);
            top += text.height(Style.TITLE) + text.gap(8 * scale);
        }
        top = legend(pad, top);
        double bottom = picture.getHeight() - pad - text.height(Style.TICK) - text.gap(6 * scale);
        if (!plot.xLabel.isEmpty()) {
            bottom -= text.height(Style.LABEL) + text.gap(8 * scale);
        }

        int wantedY = Math.max(2, (int) ((bottom - top) / (Y_TICK_PX * scale)));
        PlotAxis yAxis = yAxis().rounded(wantedY);
        List<Tick> yTicks = yAxis.ticks(wantedY);
        double left = pad + text.gap(8 * scale);
        for (Tick tick : yTicks) {
            left = Math.max(left, pad + text.gap(8 * scale) + labelWidth(tick));
        }
        left += plot.yLabel.isEmpty() ? 0 : text.height(Style.LABEL) + text.gap(8 * scale);

        Rectangle2D area = new Rectangle2D.Double(
                Math.round(left),
                Math.round(top),
                Math.round(picture.getWidth() - pad - text.gap(14 * scale) - left),
                Math.round(bottom - top));
        PlotAxis xAxis = xAxis(Math.max(2, (int) (area.getWidth() / (X_TICK_PX * scale))));
        List<Tick> xTicks = xTicks(xAxis, area);
        frame(area, xAxis, xTicks, yAxis, yTicks);
        labels(area, xAxis, xTicks, yAxis, yTicks);
        lines(area, xAxis, yAxis);
    }

    private PlotAxis xAxis(int wanted) {
        ValueRange range = new ValueRange(plot.xScale());
        plot.lines().forEach(line -> range.include(line.x()));
        plot.chosenTicks().ifPresent(ticks -> range.include(ticks.at()));
        return range.axis().nearlyRounded(wanted);
    }

    private PlotAxis yAxis() {
        ValueRange range = new ValueRange(plot.yScale());
        plot.lines().forEach(line -> range.include(line.y()));
        return range.axis();
    }

    /** Draws the names of the lines in rows below the title, and returns the top of the plot below them. */
    private double legend(double left, double top) {
        double right = picture.getWidth() - left;
        double lineHeight = text.height(Style.LABEL) + text.gap(4 * scale);
        double x = left;
        double y = top;
        boolean any = false;
        for (int i = 0; i < plot.lines().size(); i++) {
            String name = plot.lines().get(i).name();
            if (name.isEmpty() || lineHeight == 0) {
                continue;
            }
            double swatch = (SWATCH_PX + 7) * scale;
            String shown = text.fitted(Style.LABEL, name, right - left - swatch);
            double width = swatch + text.width(Style.LABEL, shown);
            if (any && x + width > right) {
                x = left;
                y += lineHeight;
                if (y - top > picture.getHeight() / 6.0) {
                    text.draw(Style.LABEL, QUIET_INK, "…", x, y);
                    break;
                }
            }
            graphics.setColor(colour(i));
            graphics.setStroke(stroke(i, (float) (3 * scale)));
            double middle = y + text.height(Style.LABEL) / 2;
            graphics.draw(new Line2D.Double(x + 2 * scale, middle, x + (SWATCH_PX - 2) * scale, middle));
            text.draw(Style.LABEL, QUIET_INK, shown, x + swatch, y);
            x += width + 20 * scale;
            any = true;
        }
        return any ? y + lineHeight + 8 * scale : y + text.gap(12 * scale);
    }

    private static Color colour(int line) {
        return PALETTE[line % PALETTE.length];
    }

    private static Color pale(Color colour) {
        return new Color(colour.getRed(), colour.getGreen(), colour.getBlue(), PALE_ALPHA);
    }

    /** When all colours are used they repeat dashed, then dotted. */
    private BasicStroke stroke(int line, float width) {
        if (line < PALETTE.length) {
            return new BasicStroke(width, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND);
        }
        float unit = (float) scale;
        boolean dotted = line / PALETTE.length % 2 == 0;
        float[] dashes = dotted ? new float[] {2 * unit, 3 * unit} : new float[] {7 * unit, 4 * unit};
        return new BasicStroke(width, BasicStroke.CAP_BUTT, BasicStroke.JOIN_ROUND, 1, dashes, 0);
    }

    private List<Tick> xTicks(PlotAxis axis, Rectangle2D area) {
        if (plot.chosenTicks().isPresent()) {
            LinePlot.Ticks chosen = plot.chosenTicks().get();
            List<Tick> ticks = new ArrayList<>();
            for (int i = 0; i < chosen.at().length; i++) {
                ticks.add(Tick.major(chosen.at()[i], chosen.labels()[i]));
            }
            return ticks;
        }
        int wanted = Math.max(2, (int) (area.getWidth() / (X_TICK_PX * scale)));
        List<Tick> ticks = axis.ticks(wanted);
        while (wanted > 1 && overlap(axis, ticks, area)) {
            ticks = axis.ticks(--wanted);
        }
        return ticks;
    }

    /** Width of the label of a tick; 0 without one. */
    private double labelWidth(Tick tick) {
        return tick.label()
                .map(label -> text.width(Style.TICK, text.pretty(label)))
                .orElse(0.0);
    }

    private boolean overlap(PlotAxis axis, List<Tick> ticks, Rectangle2D area) {
        double end = Double.NEGATIVE_INFINITY;
        for (Tick tick : ticks) {
            if (tick.label().isPresent()) {
                double half = labelWidth(tick) / 2;
                double middle = area.getX() + axis.position(tick.value()) * area.getWidth();
                if (middle - half < end) {
                    return true;
                }
                end = middle + half + 12 * scale;
            }
        }
        return false;
    }

    private void frame(Rectangle2D area, PlotAxis xAxis, List<Tick> xTicks, PlotAxis yAxis, List<Tick> yTicks) {
        int thickness = (int) Math.max(1, Math.round(scale));
        // major lines last, over the minor ones
        graphics.setColor(MINOR_GRID);
        grid(area, xAxis, minor(xTicks), yAxis, minor(yTicks), thickness);
        graphics.setColor(GRID);
        grid(area, xAxis, major(xTicks), yAxis, major(yTicks), thickness);
        graphics.setColor(AXIS);
        graphics.fillRect((int) area.getX(), (int) area.getMaxY(), (int) area.getWidth(), thickness);
        graphics.fillRect((int) area.getX(), (int) area.getY(), thickness, (int) area.getHeight() + thickness);
    }

    private static List<Tick> minor(List<Tick> ticks) {
        return ticks.stream().filter(tick -> tick.label().isEmpty()).toList();
    }

    private static List<Tick> major(List<Tick> ticks) {
        return ticks.stream().filter(tick -> tick.label().isPresent()).toList();
    }

    private void grid(
            Rectangle2D area, PlotAxis xAxis, List<Tick> xTicks, PlotAxis yAxis, List<Tick> yTicks, int thickness) {
        for (Tick tick : xTicks) {
            double at = xAxis.position(tick.value());
            if (at >= 0 && at <= 1) {
                int column = (int) Math.round(area.getX() + at * area.getWidth());
                graphics.fillRect(column, (int) area.getY(), thickness, (int) area.getHeight());
            }
        }
        for (Tick tick : yTicks) {
            graphics.fillRect((int) area.getX(), row(area, yAxis, tick), (int) area.getWidth(), thickness);
        }
    }

    private static int row(Rectangle2D area, PlotAxis axis, Tick tick) {
        return (int) Math.round(area.getMaxY() - axis.position(tick.value()) * area.getHeight());
    }

    private void labels(Rectangle2D area, PlotAxis xAxis, List<Tick> xTicks, PlotAxis yAxis, List<Tick> yTicks) {
        double end = Double.NEGATIVE_INFINITY;
        double below = area.getMaxY() + 6 * scale;
        for (Tick tick : major(xTicks)) {
            double at = xAxis.position(tick.value());
            if (!(at >= 0 && at <= 1)) {
                continue;
            }
            String given = tick.label().orElseThrow();
            String label = plot.chosenTicks().isPresent() ? given : text.pretty(given);
            double width = text.width(Style.TICK, label);
            double left = Math.clamp(
                    area.getX() + at * area.getWidth() - width / 2, 2, Math.max(2, picture.getWidth() - width - 2));
            if (left >= end) {
                text.draw(Style.TICK, QUIET_INK, label, left, below);
                end = left + width + 8 * scale;
            }
        }
        double lowest = Double.POSITIVE_INFINITY;
        for (Tick tick : major(yTicks)) {
            double top = row(area, yAxis, tick) - text.height(Style.TICK) / 2;
            if (top + text.height(Style.TICK) <= lowest) {
                String label = text.pretty(tick.label().orElseThrow());
                text.draw(Style.TICK, QUIET_INK, label, area.getX() - 8 * scale - text.width(Style.TICK, label), top);
                lowest = top;
            }
        }
        double pad = PAD * scale;
        String xLabel = text.fitted(Style.LABEL, plot.xLabel, area.getWidth());
        text.draw(
                Style.LABEL,
                INK,
                xLabel,
                area.getCenterX() - text.width(Style.LABEL, xLabel) / 2,
                picture.getHeight() - pad * 0.75 - text.height(Style.LABEL));
        String yLabel = text.fitted(Style.LABEL, plot.yLabel, area.getHeight());
        text.drawUpwards(Style.LABEL, INK, yLabel, pad * 0.75, area.getCenterY());
    }

    private void lines(Rectangle2D area, PlotAxis xAxis, PlotAxis yAxis) {
        double margin = LINE_PX * scale;
        graphics.clip(new Rectangle2D.Double(
                area.getX() - margin,
                area.getY() - margin,
                area.getWidth() + 2 * margin,
                area.getHeight() + 2 * margin));
        // the first line is the main one of the caller, so it is drawn last, on top
        for (int i = plot.lines().size() - 1; i >= 0; i--) {
            LinePlot.Series line = plot.lines().get(i);
            graphics.setColor(colour(i));
            graphics.setStroke(stroke(i, (float) (LINE_PX * scale)));
            IntFunction<PlotPath.Point> toPixels = point -> new PlotPath.Point(
                    area.getX() + xAxis.position(line.x()[point]) * area.getWidth(),
                    area.getMaxY() - yAxis.position(line.y()[point]) * area.getHeight());
            for (PlotPath path : PlotPath.of(line.x().length, toPixels)) {
                if (path.isPoint()) {
                    double radius = DOT_PX * scale / 2;
                    graphics.fill(new Ellipse2D.Double(
                            path.first().x() - radius, path.first().y() - radius, 2 * radius, 2 * radius));
                } else {
                    if (plot.isFilled()) {
                        graphics.setColor(pale(colour(i)));
                        graphics.fill(path.shape());
                        graphics.setColor(colour(i));
                    }
                    graphics.draw(path.shape());
                }
            }
        }
        graphics.setClip(null);
    }
}
