package org.shmrt.image.terminal;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.shmrt.image.pixel.Elements;
import org.shmrt.image.pixel.PixelStatistics;
import org.shmrt.image.pixel.PixelSummary;
import org.shmrt.memory.MemoryImage;

/** Draws the values of a vector as a line. Values that are not finite leave a gap. For one thread. */
public final class LineChart {
    private static final char BRAILLE_START = '\u2800';
    /** Bits of the dots of a braille character: four rows of two. */
    private static final int[][] DOTS = {{0x01, 0x08}, {0x02, 0x10}, {0x04, 0x20}, {0x40, 0x80}};

    private static final int MIN_COLUMNS = 8;
    private static final int READ = 8192;

    /** Characters for the line. */
    public enum Ink {
        /** Braille patterns: eight dots in each character. */
        BRAILLE(2, 4),
        /** An asterisk in each character. */
        ASCII(1, 1);

        private final int across;
        private final int down;

        Ink(int across, int down) {
            this.across = across;
            this.down = down;
        }
    }

    private final Ink ink;
    private final boolean[][] dots;
    private final double low;
    private final double high;

    private LineChart(Ink ink, int columns, int rows, PixelStatistics statistics) {
        this.ink = ink;
        dots = new boolean[rows * ink.down][columns * ink.across];
        low = statistics.low();
        high = statistics.high();
    }

    /**
     * Draws a vector.
     *
     * @param vector elements of any type; of complex ones the magnitudes
     * @param columns width in characters, labels included
     * @param rows height in lines, without the line of indices below
     * @return the lines
     */
    public static List<String> lines(MemoryImage vector, int columns, int rows, Ink ink) {
        PixelStatistics statistics = PixelStatistics.of(vector);
        String top = label(statistics.high());
        String bottom = label(statistics.low());
        int labels = Math.max(top.length(), bottom.length());
        int width = Math.max(MIN_COLUMNS, columns - labels - 2);
        LineChart chart = new LineChart(ink, width, rows, statistics);
        if (statistics.finite() > 0) {
            chart.draw(vector);
        }
        List<String> lines = new ArrayList<>();
        String bar = ink == Ink.BRAILLE ? " \u2502" : " |";
        for (int row = 0; row < rows; row++) {
            String label = row == 0 ? top : row == rows - 1 ? bottom : "";
            lines.add(" ".repeat(labels - label.length()) + label + bar + chart.text(row));
        }
        String last = String.valueOf(vector.shape().elementCount() - 1);
        int between = Math.max(1, width - 1 - last.length());
        lines.add(" ".repeat(labels + 2) + "0" + " ".repeat(between) + last);
        return lines;
    }

    private static String label(double value) {
        return Double.isNaN(value) ? "-" : PixelSummary.number(value);
    }

    /** Marks the range of values of each column of dots, extended to meet that of the column before. */
    private void draw(MemoryImage vector) {
        int width = dots[0].length;
        long count = vector.shape().elementCount();
        int[] previous = null;
        for (int x = 0; x < width; x++) {
            double[] values = count > width
                    ? range(vector, x * count / width, (x + 1) * count / width)
                    : new double[] {interpolated(vector, count, x, width)};
            int[] rows = Arrays.stream(values)
                    .filter(Double::isFinite)
                    .mapToInt(this::row)
                    .sorted()
                    .toArray();
            if (rows.length == 0) {
                previous = null;
                continue;
            }
            int from = rows[0];
            int to = rows[rows.length - 1];
            if (previous != null) {
                from = Math.min(from, previous[1] + 1);
                to = Math.max(to, previous[0] - 1);
            }
            previous = new int[] {rows[0], rows[rows.length - 1]};
            for (int y = from; y <= to; y++) {
                dots[y][x] = true;
            }
        }
    }

    private int row(double value) {
        return high > low ? (int) Math.round((high - value) / (high - low) * (dots.length - 1)) : dots.length / 2;
    }

    private static double[] range(MemoryImage vector, long first, long end) {
        double[] values = new double[2];
        Arrays.fill(values, Double.NaN);
        double[] run = new double[(int) Math.min(READ, end - first)];
        for (long at = first; at < end; at += run.length) {
            int length = (int) Math.min(run.length, end - at);
            Elements.doubles(vector, at, run, length);
            for (int i = 0; i < length; i++) {
                if (Double.isFinite(run[i])) {
                    // the negated comparisons hold for NaN too
                    values[0] = !(run[i] >= values[0]) ? run[i] : values[0];
                    values[1] = !(run[i] <= values[1]) ? run[i] : values[1];
                }
            }
        }
        return values;
    }

    private static double interpolated(MemoryImage vector, long count, int x, int width) {
        double position = width == 1 ? 0 : (double) x * (count - 1) / (width - 1);
        long below = (long) position;
        double[] pair = new double[(int) Math.min(2, count - below)];
        Elements.doubles(vector, below, pair, pair.length);
        double fraction = position - below;
        return fraction == 0 || pair.length == 1 ? pair[0] : pair[0] + (pair[1] - pair[0]) * fraction;
    }

    private String text(int row) {
        StringBuilder text = new StringBuilder();
        for (int column = 0; column < dots[0].length / ink.across; column++) {
            text.append(ink == Ink.ASCII ? (dots[row][column] ? '*' : ' ') : braille(row, column));
        }
        return text.toString().stripTrailing();
    }

    private char braille(int row, int column) {
        int bits = 0;
        for (int y = 0; y < DOTS.length; y++) {
            for (int x = 0; x < DOTS[y].length; x++) {
                bits |= dots[4 * row + y][2 * column + x] ? DOTS[y][x] : 0;
            }
        }
        return bits == 0 ? ' ' : (char) (BRAILLE_START + bits);
    }
}
