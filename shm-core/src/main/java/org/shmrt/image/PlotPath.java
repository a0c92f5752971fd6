package org.shmrt.image;

import java.awt.Shape;
import java.awt.geom.Path2D;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;

/**
 * An unbroken piece of a line in pixels. Of the points in one column of pixels only the first, the lowest, the
 * highest and the last are kept: the picture is the same, and a million points take no longer than a thousand.
 */
final class PlotPath {
    /** Farther out than any picture, near enough for the rasteriser's arithmetic. */
    private static final double FAR = 1e5;

    private final Path2D.Double path = new Path2D.Double();
    private double firstX;
    private double firstY;
    private int drawn;
    private int points;

    /** The points of the present column that are not drawn yet, in order of arrival; the first of it is drawn. */
    private long column = Long.MIN_VALUE;

    private double[] top;
    private double[] bottom;
    private double[] last;
    private boolean topFirst;

    private PlotPath() {}

    /**
     * Pieces between points that have no place.
     *
     * @param count number of points
     * @param toPixels x and y of each, NaN where it has no place
     */
    static List<PlotPath> of(int count, IntFunction<double[]> toPixels) {
        List<PlotPath> pieces = new ArrayList<>();
        PlotPath piece = null;
        for (int i = 0; i < count; i++) {
            double[] pixel = toPixels.apply(i);
            if (Double.isNaN(pixel[0]) || Double.isNaN(pixel[1])) {
                piece = null;
                continue;
            }
            if (piece == null) {
                piece = new PlotPath();
                pieces.add(piece);
            }
            piece.add(Math.clamp(pixel[0], -FAR, FAR), Math.clamp(pixel[1], -FAR, FAR));
        }
        pieces.forEach(PlotPath::finishColumn);
        return pieces;
    }

    /** Whether all points are at one place, which has no line. */
    boolean isPoint() {
        return points == 1;
    }

    double firstX() {
        return firstX;
    }

    double firstY() {
        return firstY;
    }

    Shape shape() {
        return path;
    }

    private void add(double x, double y) {
        if (points == 0) {
            firstX = x;
            firstY = y;
            points = 1;
        } else if (x != firstX || y != firstY) {
            points = 2;
        }
        long its = (long) Math.floor(x);
        double[] point = {x, y};
        if (its != column) {
            finishColumn();
            column = its;
            draw(point);
            return;
        }
        if (top == null) {
            top = point;
            bottom = point;
        } else if (y < top[1]) {
            top = point;
            topFirst = false;
        } else if (y > bottom[1]) {
            bottom = point;
            topFirst = true;
        }
        last = point;
    }

    private void finishColumn() {
        if (top != null) {
            draw(topFirst ? top : bottom);
            draw(topFirst ? bottom : top);
            draw(last);
        }
        top = null;
        bottom = null;
        last = null;
    }

    private void draw(double[] point) {
        if (drawn++ == 0) {
            path.moveTo(point[0], point[1]);
        } else {
            path.lineTo(point[0], point[1]);
        }
    }
}
