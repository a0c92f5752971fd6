package org.shmrt.cli.top;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.shmrt.monitor.Reading;

/** What the user chose: order, filter, columns, selection. For one thread. */
final class TableState {
    private final Set<Column> columns = EnumSet.allOf(Column.class);
    private Column sort = Column.NAME;
    private Direction direction = Direction.NATURAL;
    private String filter = "";
    private SideView side = SideView.NONE;
    private List<Reading> rows = List.of();
    private List<Reading> all = List.of();
    /** Remains on the same object when rows move. */
    private String selectedKey = "";

    private int selected;
    private int first;

    /** The direction of the order. */
    enum Direction {
        /** That of the column: names rising, rates falling. */
        NATURAL,
        REVERSED
    }

    Set<Column> columns() {
        return columns;
    }

    Column sort() {
        return sort;
    }

    Direction direction() {
        return direction;
    }

    String filter() {
        return filter;
    }

    SideView side() {
        return side;
    }

    List<Reading> rows() {
        return rows;
    }

    /** How many objects there are, shown or not. */
    List<Reading> all() {
        return all;
    }

    int selected() {
        return selected;
    }

    /** The first row on the screen. */
    int first() {
        return first;
    }

    Optional<Reading> selection() {
        return selected < rows.size() ? Optional.of(rows.get(selected)) : Optional.empty();
    }

    /** Takes new readings. */
    void update(List<Reading> readings) {
        all = readings;
        arrange();
    }

    private void arrange() {
        List<Reading> shown = new ArrayList<>();
        for (Reading reading : all) {
            if (matches(reading)) {
                shown.add(reading);
            }
        }
        Comparator<Reading> order = sort.order();
        shown.sort(direction == Direction.REVERSED ? order.reversed() : order);
        rows = shown;
        for (int i = 0; i < rows.size(); i++) {
            if (rows.get(i).facts().key().equals(selectedKey)) {
                selected = i;
                return;
            }
        }
        select(selected);
    }

    private boolean matches(Reading reading) {
        if (filter.isEmpty()) {
            return true;
        }
        String wanted = filter.toLowerCase(Locale.ROOT);
        for (Column column : Column.values()) {
            boolean isText = column == Column.NAME
                    || column == Column.STATE
                    || column == Column.KIND
                    || column == Column.SHAPE
                    || column == Column.TYPE
                    || column == Column.WRITER
                    || column == Column.READERS;
            if (isText && column.text(reading).toLowerCase(Locale.ROOT).contains(wanted)) {
                return true;
            }
        }
        return false;
    }

    /** Sorts by a column; by the same one again, the direction changes. */
    void sortBy(Column column) {
        direction = column == sort && direction == Direction.NATURAL ? Direction.REVERSED : Direction.NATURAL;
        sort = column;
        arrange();
    }

    /** Sorts by a column that is so many columns to the right. */
    void sortBeside(int steps) {
        Column[] columnsOfTable = Column.values();
        int next = Math.floorMod(sort.ordinal() + steps, columnsOfTable.length);
        while (!columns.contains(columnsOfTable[next])) {
            next = Math.floorMod(next + steps, columnsOfTable.length);
        }
        sort = columnsOfTable[next];
        direction = Direction.NATURAL;
        arrange();
    }

    void reverse() {
        direction = direction == Direction.NATURAL ? Direction.REVERSED : Direction.NATURAL;
        arrange();
    }

    void filter(String text) {
        filter = text;
        arrange();
    }

    /** Shows a view, or hides it if it is shown. */
    void toggle(SideView view) {
        side = side == view ? SideView.NONE : view;
    }

    /** Shows or hides a column. Names remain. */
    void toggle(Column column) {
        if (column != Column.NAME && !columns.remove(column)) {
            columns.add(column);
        }
        if (!columns.contains(sort)) {
            sortBy(Column.NAME);
        }
    }

    void select(int row) {
        selected = Math.clamp(row, 0, Math.max(0, rows.size() - 1));
        selectedKey = rows.isEmpty() ? "" : rows.get(selected).facts().key();
    }

    /** Scrolls so that the selected row is on the screen. */
    void scroll(int height) {
        int least = Math.max(0, selected - height + 1);
        int most = Math.min(selected, Math.max(0, rows.size() - height));
        first = Math.clamp(first, Math.min(least, selected), Math.max(least, most));
    }
}
