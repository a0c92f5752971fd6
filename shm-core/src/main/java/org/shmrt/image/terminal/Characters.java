package org.shmrt.image.terminal;

import java.util.ArrayList;
import java.util.List;
import org.shmrt.image.colour.ColourMap;

/** Draws a pixel as an ASCII character, brighter ones with more ink, for terminals without colours. Stateless. */
public final class Characters {
    private static final String RAMP = " .:-=+*#%@";
    private static final char NOT_FINITE = '?';
    private static final char SATURATED = '!';
    private static final int MAX_LUMINANCE = 255_000;

    private Characters() {}

    /** The lines of a picture, one character for each pixel, without blanks at the end. */
    public static List<String> lines(Pixels pixels) {
        List<String> lines = new ArrayList<>();
        for (int y = 0; y < pixels.height(); y++) {
            StringBuilder line = new StringBuilder();
            for (int x = 0; x < pixels.width(); x++) {
                line.append(character(pixels.rgb(x, y)));
            }
            lines.add(line.toString().stripTrailing());
        }
        return lines;
    }

    private static char character(int rgb) {
        return switch (rgb) {
            case ColourMap.NOT_FINITE_RGB -> NOT_FINITE;
            case ColourMap.SATURATED_RGB -> SATURATED;
            default -> {
                int luminance = 299 * (rgb >> 16 & 0xff) + 587 * (rgb >> 8 & 0xff) + 114 * (rgb & 0xff);
                yield RAMP.charAt((luminance * (RAMP.length() - 1) + MAX_LUMINANCE / 2) / MAX_LUMINANCE);
            }
        };
    }
}
