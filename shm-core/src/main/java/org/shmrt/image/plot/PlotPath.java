package org.shmrt.image.plot;

import java.awt.Shape;
import java.awt.geom.Path2D;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;

/**
 * A connected part of a line, in pixels. Of the points in one column of pixels only the first, the lowest, the highest
 * and the last are drawn: the picture is the same, and a million points take no longer than a thousand.
 */
final class PlotPath {
    /** Outside any picture, but within the range of the rasteriser's arithmetic. */
    private static final double FAR = 1e5;

    /** A position in pixels; a coordinate is NaN if the point cannot be shown. */
    record Point(double x, double y) {
        boolean isShown() {
            return !Double.isNaN(x) && !Double.isNaN(y);
        }

        Point clamped() {
            return new Point(Math.clamp(x, -FAR, FAR), Math.clamp(y, -FAR, FAR));
        }
    }

    private final Path2D.Double path = new Path2D.Double();
    private final Point first;
    private boolean hasLength;

    /** The current column of pixels. Its first point is drawn already. */
    private long column;

    /** Number of points of the current column that are not drawn yet. */
    private int pending;

    private Point top;
    private Point bottom;
    private Point last;
    private boolean topFirst;

    private PlotPath(Point first) {
        this.first = first;
        path.moveTo(first.x(), first.y());
        column = columnOf(first);
    }

    /**
     * Splits a line at the points that cannot be shown.
     *
     * @param count number of points
     * @param toPixels position of each point
     */
    static List<PlotPath> of(int count, IntFunction<Point> toPixels) {
        List<PlotPath> paths = new ArrayList<>();
        boolean connected = false;
        for (int i = 0; i < count; i++) {
            Point point = toPixels.apply(i);
            if (!point.isShown()) {
                connected = false;
            } else if (connected) {
                paths.getLast().add(point.clamped());
            } else {
                paths.add(new PlotPath(point.clamped()));
                connected = true;
            }
        }
        paths.forEach(PlotPath::finishColumn);
        return paths;
    }

    /** Whether all points are at the same position. */
    boolean isPoint() {
        return !hasLength;
    }

    Point first() {
        return first;
    }

    Shape shape() {
        return path;
    }

    private static long columnOf(Point point) {
        return (long) Math.floor(point.x());
    }

    private void add(Point point) {
        hasLength |= point.x() != first.x() || point.y() != first.y();
        if (columnOf(point) != column) {
            finishColumn();
            column = columnOf(point);
            draw(point);
            return;
        }
        if (pending == 0) {
            top = point;
            bottom = point;
        } else if (point.y() < top.y()) {
            top = point;
            topFirst = false;
        } else if (point.y() > bottom.y()) {
            bottom = point;
            topFirst = true;
        }
        last = point;
        pending++;
    }

    private void finishColumn() {
        if (pending > 0) {
            draw(topFirst ? top : bottom);
            draw(topFirst ? bottom : top);
            draw(last);
            pending = 0;
        }
    }

    private void draw(Point point) {
        path.lineTo(point.x(), point.y());
    }
}
