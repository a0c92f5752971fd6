package org.shmrt.cli.top;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Which columns fit into a width, and how wide they are. Depends only on the width, the chosen columns and the longest
 * name, so that nothing moves while values change. Immutable.
 *
 * @param columns the columns from the left to the right
 * @param widths their widths
 * @param sideWidth cells for the side view, 0 if there is none
 */
record TableLayout(List<Column> columns, Map<Column, Integer> widths, int sideWidth) {
    private static final int MIN_NAME = 10;
    /** Columns are left out before a name is made shorter than this. */
    private static final int COMFORTABLE_NAME = 16;

    private static final int MAX_NAME = 60;
    private static final int MIN_SIDE = 24;
    private static final int GAP = 1;
    /** At this width, columns are further apart. */
    private static final int WIDE = 100;

    /**
     * Chooses columns.
     *
     * @param width cells of a row
     * @param chosen the columns that the user wants
     * @param side whether a side view is shown
     * @param longestName length of the longest name
     */
    static TableLayout of(int width, Set<Column> chosen, SideView side, int longestName) {
        int gap = gap(width);
        int wantedName = Math.clamp(longestName, MIN_NAME, MAX_NAME);
        int left = width - Math.min(wantedName, COMFORTABLE_NAME);
        int sideWidth = side == SideView.NONE ? 0 : Math.min(MIN_SIDE, Math.max(0, left - gap));
        left -= sideWidth == 0 ? 0 : sideWidth + gap;
        Map<Column, Integer> widths = new EnumMap<>(Column.class);
        for (Column column : byRank(chosen)) {
            if (column.width() + gap > left) {
                break; // a column of a higher rank must not take the place of one that was left out
            }
            widths.put(column, column.width());
            left -= column.width() + gap;
        }
        int name = Math.min(width, Math.min(wantedName, COMFORTABLE_NAME) + left);
        name = Math.min(name, wantedName);
        left -= name - Math.min(wantedName, COMFORTABLE_NAME);
        widths.put(Column.NAME, name);
        List<Column> columns = new ArrayList<>(widths.keySet());
        if (sideWidth > 0) {
            sideWidth += Math.max(0, left);
        } else if (!columns.getLast().isRightAligned() && columns.getLast() != Column.NAME) {
            widths.merge(columns.getLast(), Math.max(0, left), Integer::sum);
        }
        return new TableLayout(List.copyOf(columns), widths, sideWidth);
    }

    private static List<Column> byRank(Set<Column> chosen) {
        return chosen.stream()
                .filter(column -> column != Column.NAME)
                .sorted(Comparator.comparingInt(Column::rank))
                .toList();
    }

    /** Blank cells between columns. */
    static int gap(int width) {
        return width >= WIDE ? GAP + 1 : GAP;
    }

    int width(Column column) {
        return widths.get(column);
    }
}
