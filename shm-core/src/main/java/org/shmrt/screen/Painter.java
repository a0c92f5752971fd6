package org.shmrt.screen;

import org.shmrt.screen.Style.Palette;

/**
 * Turns screens into control sequences (ECMA-48) for a terminal that shows the previous one: only cells that changed
 * are written. For one thread; allocates nothing once its buffer has grown.
 */
public final class Painter {
    private static final String CLEAR = "\033[0m\033[2J";
    /** Writing this many unchanged cells takes fewer bytes than moving the cursor over them. */
    private static final int MAX_BRIDGE = 4;

    private final Palette palette;
    private final StringBuilder out = new StringBuilder();
    private Screen shown = new Screen(0, 0, Glyphs.ASCII);
    private Style style = Style.PLAIN;
    /** Where the cursor is; -1 if that is not certain. */
    private int cursorRow;

    private int cursorColumn;

    public Painter(Palette palette) {
        this.palette = palette;
    }

    /** The terminal shows something else now: the next screen is written completely. */
    public void forget() {
        shown = new Screen(0, 0, Glyphs.ASCII);
    }

    /**
     * What has to be written so that the terminal shows a screen. Keeps the screen: the caller draws the next one on
     * another object, for example the one that this call returned the previous time.
     *
     * @return text that is valid until the next call
     */
    public CharSequence paint(Screen next) {
        out.setLength(0);
        if (!next.isSameSize(shown)) {
            shown = new Screen(next.width(), next.height(), next.glyphs());
            out.append(CLEAR);
        }
        style = null;
        cursorRow = -1;
        for (int row = 0; row < next.height(); row++) {
            paintRow(next, row);
        }
        shown = next;
        return out;
    }

    private void paintRow(Screen next, int row) {
        for (int column = 0; column < next.width(); column++) {
            if (!next.sameCell(shown, row, column)) {
                moveTo(next, row, column);
                write(next, row, column);
            }
        }
    }

    private void moveTo(Screen next, int row, int column) {
        if (cursorRow == row && column - cursorColumn <= MAX_BRIDGE) {
            for (int bridge = cursorColumn; bridge < column; bridge++) {
                write(next, row, bridge);
            }
            return;
        }
        out.append("\033[").append(row + 1).append(';').append(column + 1).append('H');
        cursorRow = row;
        cursorColumn = column;
    }

    private void write(Screen next, int row, int column) {
        Style wanted = next.style(row, column);
        if (wanted != style) {
            out.append("\033[").append(wanted.parameters(palette)).append('m');
            style = wanted;
        }
        out.appendCodePoint(next.character(row, column));
        cursorColumn = column + 1;
        if (cursorColumn == next.width()) {
            cursorRow = -1; // terminals differ in where the cursor is after the last column
        }
    }
}
