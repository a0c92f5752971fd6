package org.shmrt.cli.show;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.shmrt.cli.picture.ColourOptions;
import org.shmrt.error.IncompatibleException;
import org.shmrt.image.colour.ColourMap;
import org.shmrt.image.colour.Limits;
import org.shmrt.image.picture.FramePicture;
import org.shmrt.image.picture.PictureShape;
import org.shmrt.image.picture.PictureStyle;
import org.shmrt.image.pixel.PixelStatistics;
import org.shmrt.image.pixel.PixelSummary;
import org.shmrt.image.terminal.Characters;
import org.shmrt.image.terminal.HalfBlocks;
import org.shmrt.image.terminal.Kitty;
import org.shmrt.image.terminal.LineChart;
import org.shmrt.image.terminal.Pixels;
import org.shmrt.image.terminal.Sixel;
import org.shmrt.memory.MemoryImage;
import org.shmrt.memory.Shape;

/**
 * A frame drawn for a terminal.
 *
 * @param text the characters and control sequences, with a line break at the end; the cursor is then below the picture
 * @param lines number of lines of the picture
 * @param key what the colours and characters mean, in one line
 * @param statistics of the image
 */
record Drawing(String text, int lines, String key, PixelStatistics statistics) {
    private static final int CHART_LINES = 12;
    private static final int PICTURE_ID = 4711;
    /** A row is an array of Java, of up to three colours. */
    private static final long MAX_SIDE = Integer.MAX_VALUE / 4;

    /**
     * Draws an image.
     *
     * @param image a vector, or an image with two axes, or three of which the last has the colours
     * @throws IncompatibleException if an axis of a picture is too long
     */
    static Drawing of(MemoryImage image, ColourOptions colours, Canvas canvas) {
        return PictureShape.isVector(image.shape()) ? chart(image, canvas) : picture(image, colours, canvas);
    }

    private static Drawing chart(MemoryImage vector, Canvas canvas) {
        List<String> lines = LineChart.lines(
                vector,
                canvas.columns(),
                Math.clamp(canvas.lines() - 1, 2, CHART_LINES),
                canvas.unicode() ? LineChart.Ink.BRAILLE : LineChart.Ink.ASCII);
        return new Drawing(joined(lines), lines.size(), "values by index", PixelStatistics.of(vector));
    }

    private static String joined(List<String> lines) {
        return String.join("\n", lines) + "\n";
    }

    private static Drawing picture(MemoryImage image, ColourOptions colours, Canvas canvas) {
        if (Arrays.stream(image.shape().lengths()).anyMatch(length -> length > MAX_SIDE)) {
            throw new IncompatibleException("cannot draw an image of " + image.shape() + ": an axis is longer than "
                    + MAX_SIDE + " elements; draw a part, with shm read --region Y0:Y1,X0:X1 --out FILE.png");
        }
        boolean isText = canvas.graphics() == Graphics.TEXT;
        PictureStyle style = colours.style(ColourMap.VIRIDIS, image.type());
        FramePicture picture = FramePicture.of(image, isText ? style.with(ColourMap.GREY) : style);
        Shape shape = picture.shape();
        int width = Math.toIntExact(shape.length(1));
        int height = Math.toIntExact(shape.length(0));
        Canvas.Fit fit = canvas.fit(width, height);
        // a character is twice as high as wide
        int rows = isText ? Math.max(1, fit.height() / 2) : fit.height();
        Pixels pixels = Pixels.of(picture.resized(fit.width(), rows));
        String key = key(picture, isText, style) + scale(width, height, fit, canvas);
        if (canvas.graphics().hasPixels()) {
            int columns = cells(fit.width(), canvas.cellWidth());
            int lines = cells(fit.height(), canvas.cellHeight());
            String graphic = canvas.graphics() == Graphics.KITTY
                    ? Kitty.encode(pixels, columns, lines, PICTURE_ID)
                    : Sixel.encode(pixels);
            // Empty lines first, so that the picture does not scroll the screen; terminals leave the cursor in various
            // places, so it is stored and restored.
            String text = "\n".repeat(lines) + "\033[" + lines + "A\0337" + graphic + "\0338\033[" + lines + "B";
            return new Drawing(text, lines, key, picture.statistics());
        }
        List<String> lines = isText
                ? Characters.lines(pixels, ColourMap.NOT_FINITE_RGB, ColourMap.SATURATED_RGB)
                : HalfBlocks.lines(pixels, canvas.depth());
        return new Drawing(joined(lines), lines.size(), key, picture.statistics());
    }

    private static int cells(int pixels, int cell) {
        return (pixels + cell - 1) / cell;
    }

    private static String key(FramePicture picture, boolean isText, PictureStyle style) {
        List<String> key = new ArrayList<>();
        if (picture.hasChannels()) {
            key.add("colours");
        } else if (!isText) {
            key.add(style.map().label());
        }
        Limits.Range limits = picture.limits();
        if (!Double.isNaN(limits.low())) {
            key.add(style.stretch().label() + " from " + PixelSummary.number(limits.low()) + " to "
                    + PixelSummary.number(limits.high()));
        }
        if (picture.statistics().notFinite() > 0) {
            key.add((isText ? "?" : "magenta") + ": not finite ("
                    + picture.statistics().notFinite() + ")");
        }
        if (picture.saturated() > 0) {
            key.add((isText ? "!" : "cyan") + ": saturated (" + picture.saturated() + ")");
        }
        return String.join(", ", key);
    }

    /** How many elements a character shows, if it is more or less than one. */
    private static String scale(int width, int height, Canvas.Fit fit, Canvas canvas) {
        double across = (double) width / fit.width() * canvas.cellWidth();
        double down = (double) height / fit.height() * canvas.cellHeight();
        return String.format(Locale.ROOT, "; 1 character = %s x %s elements", rounded(down), rounded(across));
    }

    private static String rounded(double value) {
        return value == Math.rint(value) ? String.valueOf((long) value) : String.format(Locale.ROOT, "%.2g", value);
    }
}
