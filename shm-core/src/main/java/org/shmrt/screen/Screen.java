package org.shmrt.screen;

import java.util.Arrays;

/** A grid of cells, each with a character and a style. Texts that do not fit are clipped. For one thread. */
public final class Screen {
    private final int width;
    private final int height;
    private final Glyphs glyphs;
    private final int[] characters;
    private final Style[] styles;

    /** A blank screen. */
    public Screen(int width, int height, Glyphs glyphs) {
        this.width = width;
        this.height = height;
        this.glyphs = glyphs;
        characters = new int[width * height];
        styles = new Style[width * height];
        clear();
    }

    public int width() {
        return width;
    }

    public int height() {
        return height;
    }

    public Glyphs glyphs() {
        return glyphs;
    }

    /** Makes all cells blank. */
    public void clear() {
        Arrays.fill(characters, ' ');
        Arrays.fill(styles, Style.PLAIN);
    }

    /** Gives all cells of a row a style, and keeps their characters. */
    public void styleRow(int row, Style style) {
        if (row >= 0 && row < height) {
            Arrays.fill(styles, row * width, (row + 1) * width, style);
        }
    }

    /** Writes text from a column on; returns the column after it. */
    public int put(int row, int column, String text, Style style) {
        if (row < 0 || row >= height) {
            return column;
        }
        int at = column;
        for (int i = 0; i < text.length(); at++) {
            int codePoint = text.codePointAt(i);
            i += Character.charCount(codePoint);
            if (at >= 0 && at < width) {
                characters[row * width + at] = glyphs.cell(codePoint);
                styles[row * width + at] = style;
            }
        }
        return at;
    }

    /** Writes text so that it ends before a column. */
    public void putRight(int row, int end, String text, Style style) {
        put(row, end - text.codePointCount(0, text.length()), text, style);
    }

    /** The text of a row without trailing blanks. */
    public String row(int row) {
        return new String(characters, row * width, width).stripTrailing();
    }

    Style style(int row, int column) {
        return styles[row * width + column];
    }

    int character(int row, int column) {
        return characters[row * width + column];
    }

    boolean sameCell(Screen other, int row, int column) {
        int at = row * width + column;
        return characters[at] == other.characters[at] && styles[at] == other.styles[at];
    }

    boolean isSameSize(Screen other) {
        return width == other.width && height == other.height;
    }
}
