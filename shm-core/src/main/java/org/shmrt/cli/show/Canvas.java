package org.shmrt.cli.show;

import java.nio.charset.Charset;
import java.util.Map;
import java.util.function.Supplier;
import org.shmrt.image.terminal.HalfBlocks;

/**
 * How and how large frames are drawn.
 *
 * @param graphics the way to draw
 * @param depth colours of half blocks
 * @param unicode whether the output can have characters beyond ASCII
 * @param columns width in character cells
 * @param lines height in character cells
 * @param cellWidth width of a cell in pixels; 1 where a pixel is a character
 * @param cellHeight height of a cell in pixels; 2 for half blocks
 */
record Canvas(
        Graphics graphics,
        HalfBlocks.Depth depth,
        boolean unicode,
        int columns,
        int lines,
        int cellWidth,
        int cellHeight) {
    private static final int USUAL_CELL_WIDTH = 10;
    private static final int USUAL_CELL_HEIGHT = 20;

    /**
     * Chooses the way to draw.
     *
     * @param environment the environment variables
     * @param output encoding of the output
     * @param isTerminal whether the output is a terminal
     * @param answer asks the terminal; not called where its answer would change nothing
     */
    static Graphics choose(
            Map<String, String> environment, Charset output, boolean isTerminal, Supplier<TerminalAnswer> answer) {
        String term = environment.getOrDefault("TERM", "");
        boolean noColour = !environment.getOrDefault("NO_COLOR", "").isEmpty();
        if (!isTerminal || noColour || term.isEmpty() || term.equals("dumb") || !isUnicode(environment, output)) {
            return Graphics.TEXT;
        }
        boolean isNested = environment.containsKey("TMUX") || environment.containsKey("STY");
        if (!isNested && (environment.containsKey("KITTY_WINDOW_ID") || term.contains("kitty"))) {
            return Graphics.KITTY;
        }
        if (term.equals("linux")) {
            return Graphics.BLOCKS;
        }
        TerminalAnswer found = answer.get();
        return found.kitty() ? Graphics.KITTY : found.sixel() ? Graphics.SIXEL : Graphics.BLOCKS;
    }

    /** Whether the output has the characters of half blocks and braille, and the user did not ask for ASCII. */
    static boolean isUnicode(Map<String, String> environment, Charset output) {
        // The launcher replaces the locale C by one with UTF-8, for the names of files; see bin/launch.sh.
        boolean isReplaced = !environment.getOrDefault("SHMRT_LOCALE", "").isEmpty();
        return !isReplaced && output.name().startsWith("UTF-");
    }

    static HalfBlocks.Depth depth(Map<String, String> environment) {
        String colours = environment.getOrDefault("COLORTERM", "");
        return colours.equals("truecolor")
                        || colours.equals("24bit")
                        || environment.getOrDefault("TERM", "").endsWith("-direct")
                ? HalfBlocks.Depth.TRUE_COLOUR
                : HalfBlocks.Depth.PALETTE;
    }

    static Canvas of(
            Graphics graphics,
            HalfBlocks.Depth depth,
            boolean unicode,
            ControllingTerminal.Size size,
            TerminalAnswer answer) {
        int cellWidth = graphics.hasPixels() ? answer.cellWidth().orElse(USUAL_CELL_WIDTH) : 1;
        int cellHeight = graphics.hasPixels() ? answer.cellHeight().orElse(USUAL_CELL_HEIGHT) : 2;
        return new Canvas(graphics, depth, unicode, size.columns(), size.lines(), cellWidth, cellHeight);
    }

    /**
     * A size in pixels.
     *
     * @param width width
     * @param height height
     */
    record Fit(int width, int height) {}

    /** The largest size of a picture with square elements; an enlarged one has elements of equal size. */
    Fit fit(int width, int height) {
        double factor = Math.min((double) columns * cellWidth / width, (double) lines * cellHeight / height);
        double whole = factor >= 1 ? Math.floor(factor) : factor;
        return new Fit(Math.max(1, (int) Math.round(width * whole)), Math.max(graphics == Graphics.TEXT ? 2 : 1, (int)
                Math.round(height * whole)));
    }
}
