package org.shmrt.image.terminal;

import java.util.ArrayList;
import java.util.List;

/**
 * Draws two pixels in each character cell: the upper one in the colour of the character {@code ▀}, the lower one in its
 * background. Stateless.
 */
public final class HalfBlocks {
    private static final char UPPER_HALF = '\u2580';
    private static final String RESET = "\033[0m";
    private static final String NO_BACKGROUND = "\033[49m";
    /** Levels of the components in the cube of 6 x 6 x 6 colours, which begins at index 16. */
    private static final int[] CUBE = {0, 95, 135, 175, 215, 255};

    private static final int CUBE_START = 16;
    private static final int GREY_START = 232;
    private static final int GREYS = 24;

    /** Colours of a terminal. */
    public enum Depth {
        /** 24 bits for each colour. */
        TRUE_COLOUR,
        /** The palette of xterm with 256 colours. */
        PALETTE
    }

    private HalfBlocks() {}

    /** The lines of a picture, each of which ends with the default colours. */
    public static List<String> lines(Pixels pixels, Depth depth) {
        List<String> lines = new ArrayList<>();
        for (int y = 0; y < pixels.height(); y += 2) {
            lines.add(line(pixels, y, depth));
        }
        return lines;
    }

    private static String line(Pixels pixels, int y, Depth depth) {
        StringBuilder line = new StringBuilder();
        boolean hasLower = y + 1 < pixels.height();
        String foreground = "";
        String background = hasLower ? "" : NO_BACKGROUND;
        for (int x = 0; x < pixels.width(); x++) {
            String upper = "\033[38;" + colour(pixels.rgb(x, y), depth) + "m";
            if (!upper.equals(foreground)) {
                line.append(upper);
                foreground = upper;
            }
            if (hasLower) {
                String lower = "\033[48;" + colour(pixels.rgb(x, y + 1), depth) + "m";
                if (!lower.equals(background)) {
                    line.append(lower);
                    background = lower;
                }
            }
            line.append(UPPER_HALF);
        }
        return line.append(RESET).toString();
    }

    private static String colour(int rgb, Depth depth) {
        return depth == Depth.TRUE_COLOUR
                ? "2;" + (rgb >> 16 & 0xff) + ";" + (rgb >> 8 & 0xff) + ";" + (rgb & 0xff)
                : "5;" + nearest(rgb);
    }

    /** Index of the nearest colour of xterm's palette, without the first 16, which users change. */
    static int nearest(int rgb) {
        int red = rgb >> 16 & 0xff;
        int green = rgb >> 8 & 0xff;
        int blue = rgb & 0xff;
        int r = nearestLevel(red);
        int g = nearestLevel(green);
        int b = nearestLevel(blue);
        int grey = Math.clamp((red + green + blue) / 3 - 3, 0, 10 * (GREYS - 1)) / 10;
        int level = 8 + 10 * grey;
        return distance(red, green, blue, level, level, level) < distance(red, green, blue, CUBE[r], CUBE[g], CUBE[b])
                ? GREY_START + grey
                : CUBE_START + 36 * r + 6 * g + b;
    }

    private static int nearestLevel(int component) {
        int best = 0;
        for (int i = 1; i < CUBE.length; i++) {
            best = Math.abs(CUBE[i] - component) < Math.abs(CUBE[best] - component) ? i : best;
        }
        return best;
    }

    private static int distance(int red, int green, int blue, int r, int g, int b) {
        return (red - r) * (red - r) + (green - g) * (green - g) + (blue - b) * (blue - b);
    }
}
