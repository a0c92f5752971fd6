package org.shmrt.image.terminal;

import java.util.ArrayList;
import java.util.List;

/** Draws a pixel as an ASCII character, brighter ones with more ink, for terminals without colours. Stateless. */
public final class Characters {
    private static final String RAMP = " .:-=+*#%@";
    private static final char NOT_FINITE = '?';
    private static final char SATURATED = '!';
    private static final int MAX_LUMINANCE = 255_000;

    private Characters() {}

    /**
     * The lines of a picture, one character for each pixel, without blanks at the end.
     *
     * @param notFinite colour of values that are not finite, drawn as {@code ?}
     * @param saturated colour of saturated values, drawn as {@code !}
     */
    public static List<String> lines(Pixels pixels, int notFinite, int saturated) {
        List<String> lines = new ArrayList<>();
        for (int y = 0; y < pixels.height(); y++) {
            StringBuilder line = new StringBuilder();
            for (int x = 0; x < pixels.width(); x++) {
                int rgb = pixels.rgb(x, y);
                line.append(rgb == notFinite ? NOT_FINITE : rgb == saturated ? SATURATED : character(rgb));
            }
            lines.add(line.toString().stripTrailing());
        }
        return lines;
    }

    private static char character(int rgb) {
        int luminance = 299 * (rgb >> 16 & 0xff) + 587 * (rgb >> 8 & 0xff) + 114 * (rgb & 0xff);
        return RAMP.charAt((luminance * (RAMP.length() - 1) + MAX_LUMINANCE / 2) / MAX_LUMINANCE);
    }
}
