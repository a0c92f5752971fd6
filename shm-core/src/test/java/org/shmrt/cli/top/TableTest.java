package org.shmrt.cli.top;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.shmrt.monitor.Kind;
import org.shmrt.monitor.ProcessRef;
import org.shmrt.monitor.Reading;
import org.shmrt.monitor.SemaphoreReading;
import org.shmrt.monitor.State;
import org.shmrt.screen.Glyphs;
import org.shmrt.screen.Screen;

/** Which columns the table shows, and in which order its rows are. */
class TableTest {
    private static Reading reading(String name, State state, double rateHz, long lost) {
        return new Reading(
                new Reading.Facts(Kind.STREAM, name, Path.of("/s", name), "dao", "480x640", "uint16", 614_400),
                new Reading.Activity(state, OptionalLong.of(1_234_567), rateHz, 12_400, 0.004, OptionalLong.of(lost)),
                new Reading.Users(
                        List.of(new ProcessRef(4711, "camera")),
                        List.of(new ProcessRef(4712, "loop")),
                        List.of(new SemaphoreReading(
                                true,
                                3,
                                1,
                                java.util.Optional.of(new ProcessRef(4712, "loop")),
                                java.util.Optional.empty())),
                        List.of(),
                        List.of()),
                "");
    }

    private static List<Reading> three() {
        return List.of(
                reading("wfs", State.LIVE, 1000, 0),
                reading("dm", State.IDLE, Double.NaN, 0),
                reading("cam", State.DEAD, 30, 7));
    }

    private static TableState state(List<Reading> readings) {
        TableState state = new TableState();
        state.update(readings);
        return state;
    }

    private static List<String> names(TableState state) {
        return state.rows().stream().map(row -> row.facts().name()).toList();
    }

    @Test
    void shouldFitEveryWidth() {
        for (int width = 12; width <= 320; width++) {
            for (SideView side : List.of(SideView.NONE, SideView.SEMAPHORES)) {
                for (int name : new int[] {3, 20, 90}) {
                    TableLayout layout = TableLayout.of(width, EnumSet.allOf(Column.class), side, name);
                    int gaps = TableLayout.gap(width) * (layout.columns().size() - (layout.sideWidth() > 0 ? 0 : 1));
                    int sum = layout.columns().stream().mapToInt(layout::width).sum() + layout.sideWidth() + gaps;

                    assertTrue(sum <= width, width + " cells, name of " + name + ": " + layout);
                    assertEquals(Column.NAME, layout.columns().getFirst());
                }
            }
        }
    }

    @Test
    void shouldLeaveOutColumnsByRank() {
        List<Column> narrow = TableLayout.of(40, EnumSet.allOf(Column.class), SideView.NONE, 8)
                .columns();
        List<Column> wide = TableLayout.of(200, EnumSet.allOf(Column.class), SideView.NONE, 8)
                .columns();

        assertEquals(List.of(Column.NAME, Column.STATE, Column.RATE, Column.AGE), narrow);
        assertTrue(wide.contains(Column.WRITER) && wide.contains(Column.READERS), wide.toString());
    }

    @Test
    void shouldSortByEveryColumnInBothDirections() {
        TableState state = state(three());
        assertEquals(List.of("cam", "dm", "wfs"), names(state));
        state.sortBy(Column.RATE);
        assertEquals(List.of("wfs", "cam", "dm"), names(state), "those without a rate are last");
        state.reverse();
        assertEquals(List.of("dm", "cam", "wfs"), names(state));
        state.sortBy(Column.LOST);
        assertEquals("cam", names(state).getFirst());
        state.sortBy(Column.STATE);
        assertEquals("cam", names(state).getFirst(), "the worst first");
        for (Column column : Column.values()) {
            state.sortBy(column);
            assertEquals(3, state.rows().size());
        }
    }

    @Test
    void shouldKeepTheSelectionOnItsObject() {
        TableState state = state(three());
        state.select(2);
        state.sortBy(Column.RATE);

        assertEquals(0, state.selected());
        assertEquals("wfs", state.selection().orElseThrow().facts().name());
        state.update(three().subList(1, 3));
        assertEquals(1, state.rows().size() - 1, "the selected one was removed");
        assertTrue(state.selection().isPresent());
        state.update(List.of());
        assertFalse(state.selection().isPresent());
    }

    @Test
    void shouldFilterByNameStateTypeAndProcess() {
        TableState state = state(three());
        for (String text : List.of("WFS", "live")) {
            state.filter(text);
            assertEquals(List.of("wfs"), names(state), text);
        }
        for (String text : List.of("uint16", "4711", "loop", "")) {
            state.filter(text);
            assertEquals(3, state.rows().size(), text);
        }
        state.filter("nothing");
        assertEquals(List.of(), names(state));
    }

    @Test
    void shouldScrollToTheSelectedRow() {
        TableState state = state(IntStream.range(0, 100)
                .mapToObj(i -> reading("s%03d".formatted(i), State.LIVE, 1, 0))
                .toList());
        for (int row : new int[] {0, 50, 99, 98, 60, 3}) {
            state.select(row);
            state.scroll(20);
            assertTrue(state.first() <= row && row < state.first() + 20, row + " from " + state.first());
        }
        state.select(99);
        state.scroll(20);
        assertEquals(80, state.first(), "no empty rows at the end");
        state.scroll(200);
        assertEquals(0, state.first());
    }

    @Test
    void shouldDrawRows() {
        Screen screen = new Screen(80, 8, Glyphs.ASCII);
        new TableView(state(three())).draw(screen, "12:00:00", "keys");

        assertEquals("shm top  3 streams" + " ".repeat(54) + "12:00:00", screen.row(0));
        assertEquals("NAMEv      STATE        Hz   JITTER      AGE   LOST KIND  SHAPE       WAIT", screen.row(1));
        assertEquals("wfs        live       1000  12.4 us     4 ms      0 dao   480x640        1", screen.row(4));
        assertEquals("keys", screen.row(7));
    }

    @Test
    void shouldShowTheViewsOfMilk() {
        Reading reading = three().getFirst();

        assertEquals("3/1", SideView.SEMAPHORES.text(reading));
        assertEquals("-", SideView.WRITERS.text(reading));
        assertEquals("4712:loop", SideView.READERS.text(reading));
        assertEquals("-", SideView.TRACE.text(reading));
    }

    @Test
    void shouldWriteNumbersInAFewCharacters() {
        assertEquals("1000", Values.rate(1000.4));
        assertEquals("999.9", Values.rate(999.94));
        assertEquals("0.25", Values.rate(0.25));
        assertEquals("12.4 us", Values.nanoseconds(12_400));
        assertEquals("1.00 s", Values.nanoseconds(1e9));
        assertEquals("-", Values.nanoseconds(Double.NaN));
        assertEquals("4 ms", Values.age(0.004));
        assertEquals("3.0 s", Values.age(3.02));
        assertEquals("2 h", Values.age(7500));
        assertEquals("600 KiB", Values.bytes(614_400));
        assertEquals("512 B", Values.bytes(512));
        assertEquals("18446744073709551615", Values.count(OptionalLong.of(-1)));
        assertEquals("1.2e+06", Values.losses(OptionalLong.of(1_234_567)));
    }
}
