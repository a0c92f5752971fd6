package org.shmrt.screen;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;

/** The characters that a terminal can show. */
public enum Glyphs {
    UNICODE("▏▎▍▌▋▊▉█", '─', '▲', '▼', '…'),
    ASCII("#", '-', '^', 'v', '~');

    private static final int FIRST_PRINTABLE = 0x20;
    private static final int DELETE = 0x7f;
    private static final int FIRST_LATIN = 0xa0;
    /** From here on, characters are two cells wide, or join with others, often enough to avoid all of them. */
    private static final int FIRST_WIDE = 0x1100;

    private static final int FIRST_SYMBOL = 0x2010;
    private static final int LAST_SYMBOL = 0x25ff;

    private final String eighths;
    private final char line;
    private final char ascending;
    private final char descending;
    private final char ellipsis;

    Glyphs(String eighths, char line, char ascending, char descending, char ellipsis) {
        this.eighths = eighths;
        this.line = line;
        this.ascending = ascending;
        this.descending = descending;
        this.ellipsis = ellipsis;
    }

    /**
     * The glyphs for a character set.
     *
     * @param charset that of the terminal
     * @param locale the locale before the launcher replaced it, empty if it did not: see {@code bin/launch.sh}
     */
    public static Glyphs of(Charset charset, String locale) {
        return charset.equals(StandardCharsets.UTF_8) && locale.isEmpty() ? UNICODE : ASCII;
    }

    /** The glyphs for standard output. */
    public static Glyphs ofEnvironment() {
        String replaced = System.getenv("SHMRT_LOCALE");
        return of(System.out.charset(), replaced == null ? "" : replaced);
    }

    /** A bar of {@code fraction} (0 to 1) of {@code cells}, without trailing blanks; anything above 0 is visible. */
    public String bar(double fraction, int cells) {
        int steps = eighths.length();
        long parts = Math.round(Math.clamp(fraction, 0, 1) * cells * steps);
        if (parts == 0 && fraction > 0 && cells > 0) {
            parts = 1;
        }
        StringBuilder bar = new StringBuilder();
        bar.repeat(eighths.charAt(steps - 1), (int) (parts / steps));
        if (parts % steps > 0) {
            bar.append(eighths.charAt((int) (parts % steps) - 1));
        }
        return bar.toString();
    }

    /** A horizontal line. */
    public String line(int cells) {
        return String.valueOf(line).repeat(Math.max(0, cells));
    }

    /** The mark of a column by which rows are sorted upwards. */
    public char ascending() {
        return ascending;
    }

    /** The mark of a column by which rows are sorted downwards. */
    public char descending() {
        return descending;
    }

    /** Text of at most {@code cells} characters; a mark stands for what is left out. */
    public String fit(String text, int cells) {
        if (text.length() <= cells) {
            return text;
        }
        return cells <= 0 ? "" : text.substring(0, cells - 1) + ellipsis;
    }

    /** The character itself if it takes exactly one cell of the terminal, else a question mark. */
    int cell(int codePoint) {
        if (codePoint >= FIRST_PRINTABLE && codePoint < DELETE) {
            return codePoint;
        }
        boolean narrow = (codePoint >= FIRST_LATIN && codePoint < FIRST_WIDE)
                || (codePoint >= FIRST_SYMBOL && codePoint <= LAST_SYMBOL);
        return this == UNICODE && narrow && !joins(codePoint) ? codePoint : '?';
    }

    private static boolean joins(int codePoint) {
        int type = Character.getType(codePoint);
        return type == Character.NON_SPACING_MARK
                || type == Character.ENCLOSING_MARK
                || type == Character.FORMAT
                || type == Character.UNASSIGNED
                || type == Character.LINE_SEPARATOR
                || type == Character.PARAGRAPH_SEPARATOR;
    }
}
