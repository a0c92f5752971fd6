package org.shmrt.cli.top;

import java.util.List;
import java.util.stream.IntStream;
import org.shmrt.monitor.Kind;
import org.shmrt.monitor.Reading;
import org.shmrt.screen.Glyphs;
import org.shmrt.screen.Screen;
import org.shmrt.screen.Style;

/** Draws the table: a line about all objects, titles, rows, and a line of keys. */
final class TableView {
    private static final int TITLE_ROW = 1;
    private static final int FIRST_ROW = 2;
    /** Rows that are no objects. */
    private static final int FRAME_ROWS = 3;

    private final TableState state;

    TableView(TableState state) {
        this.state = state;
    }

    /** How many objects a screen of this height shows. */
    static int rows(int height) {
        return Math.max(1, height - FRAME_ROWS);
    }

    /** Draws everything; {@code status} is at the right of the first line, {@code footer} is the last line. */
    void draw(Screen screen, String status, String footer) {
        TableLayout layout = TableLayout.of(screen.width(), state.columns(), state.side(), longestName(state.all()));
        state.scroll(rows(screen.height()));
        drawSummary(screen, status);
        drawTitles(screen, layout);
        for (int i = 0;
                i < rows(screen.height()) && state.first() + i < state.rows().size();
                i++) {
            int row = state.first() + i;
            drawRow(screen, layout, FIRST_ROW + i, state.rows().get(row));
            if (row == state.selected()) {
                screen.styleRow(FIRST_ROW + i, Style.SELECTED);
            }
        }
        if (state.rows().isEmpty()) {
            screen.put(FIRST_ROW, 0, nothing(), Style.DIM);
        }
        screen.put(screen.height() - 1, 0, screen.glyphs().fit(footer, screen.width()), Style.DIM);
    }

    private String nothing() {
        return state.all().isEmpty()
                ? "nothing here yet"
                : "nothing matches '" + state.filter() + "': press Escape to see all";
    }

    static int longestName(List<Reading> readings) {
        int longest = 0;
        for (Reading reading : readings) {
            longest = Math.max(longest, reading.facts().name().length());
        }
        return longest;
    }

    private void drawSummary(Screen screen, String status) {
        int[] counts = new int[Kind.values().length];
        state.all().forEach(reading -> counts[reading.facts().kind().ordinal()]++);
        StringBuilder summary = new StringBuilder("shm top");
        for (Kind kind : Kind.values()) {
            int count = counts[kind.ordinal()];
            if (count > 0 || kind == Kind.STREAM) {
                summary.append("  ")
                        .append(count)
                        .append(' ')
                        .append(kind.word())
                        .append(count == 1 ? "" : "s");
            }
        }
        if (!state.filter().isEmpty()) {
            summary.append("  filter '")
                    .append(state.filter())
                    .append("': ")
                    .append(state.rows().size());
        }
        int end = screen.put(0, 0, screen.glyphs().fit(summary.toString(), screen.width()), Style.BOLD);
        if (end + status.length() + 1 <= screen.width()) {
            screen.putRight(0, screen.width(), status, Style.BOLD);
        }
    }

    private void drawTitles(Screen screen, TableLayout layout) {
        Glyphs glyphs = screen.glyphs();
        int gap = TableLayout.gap(screen.width());
        int at = 0;
        for (Column column : layout.columns()) {
            int width = layout.width(column);
            String title = column.title();
            if (column == state.sort()) {
                title += state.direction() == TableState.Direction.NATURAL ? glyphs.descending() : glyphs.ascending();
            }
            putCell(screen, TITLE_ROW, at, width, column, title, Style.TITLE);
            at += width + gap;
        }
        if (layout.sideWidth() > 0) {
            screen.put(TITLE_ROW, at, glyphs.fit(state.side().title(), layout.sideWidth()), Style.TITLE);
        }
        screen.styleRow(TITLE_ROW, Style.TITLE);
    }

    private void drawRow(Screen screen, TableLayout layout, int row, Reading reading) {
        int gap = TableLayout.gap(screen.width());
        int at = 0;
        for (Column column : layout.columns()) {
            int width = layout.width(column);
            putCell(screen, row, at, width, column, column.text(reading), column.style(reading));
            at += width + gap;
        }
        if (layout.sideWidth() > 0) {
            screen.put(row, at, screen.glyphs().fit(state.side().text(reading), layout.sideWidth()), Style.PLAIN);
        }
    }

    private static void putCell(Screen screen, int row, int at, int width, Column column, String text, Style style) {
        String fitted = screen.glyphs().fit(text, width);
        if (column.isRightAligned()) {
            screen.putRight(row, at + width, fitted, style);
        } else {
            screen.put(row, at, fitted, style);
        }
    }

    /** The table as lines of text, for a pipe. */
    static List<String> lines(TableState state, int width) {
        Screen screen = new Screen(width, state.rows().size() + FRAME_ROWS, Glyphs.UNICODE);
        TableView view = new TableView(state);
        TableLayout layout = TableLayout.of(width, state.columns(), state.side(), longestName(state.all()));
        view.drawTitles(screen, layout);
        for (int i = 0; i < state.rows().size(); i++) {
            view.drawRow(screen, layout, FIRST_ROW + i, state.rows().get(i));
        }
        return IntStream.range(TITLE_ROW, FIRST_ROW + state.rows().size())
                .mapToObj(screen::row)
                .toList();
    }
}
