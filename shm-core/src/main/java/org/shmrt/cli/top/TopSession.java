package org.shmrt.cli.top;

import java.time.LocalTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.shmrt.error.ShmException;
import org.shmrt.monitor.Inventory.Scope;
import org.shmrt.monitor.Reading;
import org.shmrt.monitor.Sampler;
import org.shmrt.screen.Glyphs;
import org.shmrt.screen.Key;
import org.shmrt.screen.KeyDecoder;
import org.shmrt.screen.Painter;
import org.shmrt.screen.Screen;
import org.shmrt.screen.Style;
import org.shmrt.screen.TerminalDevice;
import org.shmrt.text.Printable;

/** The full-screen table: draws, and handles keys until one ends it. For one thread. */
final class TopSession implements AutoCloseable {
    /** How long a key is awaited before the size of the terminal is read again. */
    private static final long KEY_MS = 100;

    private static final long MESSAGE_NS = 6_000_000_000L;

    private static final List<String> KEYS = List.of(
            "q quit",
            "? help",
            "Enter details",
            "/ filter",
            "< > sort",
            "F2-F6 views",
            "c columns",
            "p pause",
            "x remove");

    /** What the screen shows. */
    private enum Mode {
        TABLE,
        FILTER,
        COLUMNS,
        DETAILS,
        HELP,
        REMOVAL
    }

    /** Whether new readings are shown. */
    private enum Flow {
        RUNNING,
        PAUSED
    }

    private final TerminalDevice device;
    private final Sampler sampler;
    private final Glyphs glyphs;
    private final KeyDecoder keys;
    private final Painter painter;
    private final TableState state;
    private final TableView table;
    private Mode mode = Mode.TABLE;
    private Flow flow = Flow.RUNNING;
    private TextPage page = new TextPage();
    private Optional<DetailPage> details = Optional.empty();
    private Optional<Reading.Facts> removing = Optional.empty();
    private int chosenColumn;
    private String message = "";
    private long messageNs;
    private long drawnNumber = -1;
    private LocalTime drawnTime = LocalTime.MIN;
    /** Two screens are enough: the painter keeps the one that the terminal shows. */
    private Screen front;

    private Screen back;

    TopSession(TerminalDevice device, Sampler sampler, Glyphs glyphs, Style.Palette palette, TableState state) {
        this.device = device;
        this.sampler = sampler;
        this.glyphs = glyphs;
        this.state = state;
        keys = new KeyDecoder(device);
        painter = new Painter(palette);
        table = new TableView(state);
        front = new Screen(1, 1, glyphs);
        back = new Screen(1, 1, glyphs);
    }

    /** Runs until the user quits or the thread is interrupted. */
    void run() {
        Key key = Key.NONE;
        while (!isQuit(key) && !Thread.currentThread().isInterrupted()) {
            boolean pressed = key.name() != Key.Name.NONE;
            if (pressed) {
                handle(key);
            }
            boolean fresh = device.wasResumed();
            if (fresh) {
                painter.forget();
            }
            if (update() || fresh || pressed || hasNewSize()) {
                draw();
            }
            key = keys.next(KEY_MS);
        }
    }

    private boolean isQuit(Key key) {
        return key.name() == Key.Name.END_OF_INPUT || key.name() == Key.Name.F10 || (key.is('q') && mode == Mode.TABLE);
    }

    /** Takes new readings; returns whether something on the screen may have changed. */
    private boolean update() {
        Sampler.Snapshot snapshot = sampler.snapshot();
        boolean isNew = snapshot.number() != drawnNumber;
        drawnNumber = snapshot.number();
        if (isNew && flow == Flow.RUNNING) {
            state.update(snapshot.readings());
            details.ifPresent(shown -> shown.update(snapshot.readings()));
        }
        LocalTime now = LocalTime.now(ZoneId.systemDefault()).truncatedTo(ChronoUnit.SECONDS);
        boolean isLater = !now.equals(drawnTime);
        drawnTime = now;
        if (!message.isEmpty() && System.nanoTime() - messageNs > MESSAGE_NS) {
            message = "";
        }
        sampler.scope(state.side() == SideView.OPENERS || mode == Mode.DETAILS ? Scope.PROCESSES : Scope.OBJECTS);
        return (isNew && flow == Flow.RUNNING) || isLater;
    }

    private boolean hasNewSize() {
        TerminalDevice.Dimensions size = device.size();
        return size.width() != front.width() || size.height() != front.height();
    }

    private void draw() {
        TerminalDevice.Dimensions size = device.size();
        if (size.width() != back.width() || size.height() != back.height()) {
            back = new Screen(size.width(), size.height(), glyphs);
        }
        back.clear();
        drawPage(back);
        device.write(painter.paint(back));
        Screen drawn = back;
        back = front;
        front = drawn;
    }

    private void drawPage(Screen screen) {
        switch (mode) {
            case TABLE -> table.draw(screen, status(), message.isEmpty() ? footer(screen.width()) : message);
            case FILTER ->
                table.draw(screen, status(), "filter: " + state.filter() + "_   Enter keeps it, Escape clears it");
            case REMOVAL -> {
                table.draw(screen, status(), "");
                String question = Removal.question(removing.orElseThrow(), screen.width());
                screen.put(screen.height() - 1, 0, glyphs.fit(question, screen.width()), Style.DEAD);
            }
            case COLUMNS -> drawColumns(screen);
            case HELP -> page.draw(screen, HelpPage.lines(), "Escape or q: back");
            case DETAILS ->
                page.draw(
                        screen, details.orElseThrow().lines(screen.width(), glyphs), "Escape or q: back to the table");
        }
    }

    private String status() {
        return (flow == Flow.PAUSED ? "PAUSED  " : "") + drawnTime;
    }

    /** As many keys as fit. */
    private static String footer(int width) {
        StringBuilder text = new StringBuilder();
        for (String key : KEYS) {
            if (text.length() + key.length() + 3 > width) {
                break;
            }
            text.append(text.isEmpty() ? "" : "   ").append(key);
        }
        return text.toString();
    }

    private void drawColumns(Screen screen) {
        List<String> lines = new ArrayList<>();
        lines.add("columns: Space shows or hides one");
        lines.add("");
        for (Column column : Column.values()) {
            String mark = state.columns().contains(column) ? "[x] " : "[ ] ";
            lines.add(mark
                    + column.title()
                    + " ".repeat(Math.max(1, 9 - column.title().length()))
                    + column.description());
        }
        page.draw(screen, lines, "Space: show or hide   Escape or q: back");
        screen.styleRow(2 + chosenColumn, Style.SELECTED);
    }

    private void handle(Key key) {
        switch (mode) {
            case TABLE -> handleInTable(key);
            case FILTER -> handleInFilter(key);
            case COLUMNS -> handleInColumns(key);
            case REMOVAL -> handleInRemoval(key);
            case DETAILS, HELP -> {
                if (isBack(key)) {
                    toTable();
                } else {
                    page.scroll(key, front.height());
                }
            }
        }
    }

    private static boolean isBack(Key key) {
        return key.name() == Key.Name.ESCAPE
                || key.is('q')
                || key.name() == Key.Name.ENTER
                || key.name() == Key.Name.LEFT;
    }

    private void toTable() {
        details.ifPresent(DetailPage::close);
        details = Optional.empty();
        mode = Mode.TABLE;
    }

    private void toPage(Mode next) {
        page = new TextPage();
        mode = next;
    }

    private void handleInTable(Key key) {
        message = "";
        Optional<SideView> view = SideView.of(key.name());
        if (view.isPresent()) {
            state.toggle(view.get());
            return;
        }
        int rows = TableView.rows(front.height());
        switch (key.name()) {
            case UP -> state.select(state.selected() - 1);
            case DOWN -> state.select(state.selected() + 1);
            case PAGE_UP -> state.select(state.selected() - rows);
            case PAGE_DOWN -> state.select(state.selected() + rows);
            case HOME -> state.select(0);
            case END -> state.select(state.rows().size() - 1);
            case ENTER, RIGHT -> openDetails();
            case F1 -> toPage(Mode.HELP);
            case F9, DELETE -> askForRemoval();
            case ESCAPE -> state.filter("");
            case CHARACTER -> handleCharacter((char) key.character());
            default -> {
                // not a key of the table
            }
        }
    }

    private void handleCharacter(char character) {
        switch (character) {
            case 'k' -> state.select(state.selected() - 1);
            case 'j' -> state.select(state.selected() + 1);
            case '?', 'h' -> toPage(Mode.HELP);
            case '/', '\\' -> mode = Mode.FILTER;
            case 'c' -> {
                chosenColumn = 0;
                toPage(Mode.COLUMNS);
            }
            case 'p', 'Z', ' ' -> flow = flow == Flow.RUNNING ? Flow.PAUSED : Flow.RUNNING;
            case 'x' -> askForRemoval();
            case '<', ',' -> state.sortBeside(-1);
            case '>', '.' -> state.sortBeside(1);
            case 'I' -> state.reverse();
            case '1', 'N' -> state.sortBy(Column.NAME);
            case '2' -> state.sortBy(Column.AGE);
            case '3' -> state.sortBy(Column.WAITING);
            case 'R' -> state.sortBy(Column.RATE);
            case 'J' -> state.sortBy(Column.JITTER);
            case 'L' -> state.sortBy(Column.LOST);
            case 'S' -> state.sortBy(Column.SIZE);
            default -> say("there is no key '" + Printable.of(String.valueOf(character)) + "' here: press ? for help");
        }
    }

    private void openDetails() {
        state.selection().ifPresent(reading -> {
            details = Optional.of(new DetailPage(reading));
            toPage(Mode.DETAILS);
        });
    }

    private void askForRemoval() {
        removing = state.selection().map(Reading::facts);
        if (removing.isPresent()) {
            mode = Mode.REMOVAL;
        }
    }

    private void handleInRemoval(Key key) {
        mode = Mode.TABLE;
        Reading.Facts facts = removing.orElseThrow();
        removing = Optional.empty();
        if (!key.is('y')) {
            say("kept " + facts.name());
            return;
        }
        try {
            say(Printable.of(Removal.remove(facts)));
        } catch (ShmException e) {
            say(Printable.of(String.valueOf(e.getMessage())));
        }
    }

    private void handleInFilter(Key key) {
        switch (key.name()) {
            case ENTER -> mode = Mode.TABLE;
            case ESCAPE -> {
                state.filter("");
                mode = Mode.TABLE;
            }
            case BACKSPACE ->
                state.filter(
                        state.filter().substring(0, Math.max(0, state.filter().length() - 1)));
            case CHARACTER -> state.filter(state.filter() + Character.toString(key.character()));
            default -> {
                // not a key of the filter
            }
        }
    }

    private void handleInColumns(Key key) {
        int last = Column.values().length - 1;
        if (key.is(' ') || key.name() == Key.Name.ENTER) {
            state.toggle(Column.values()[chosenColumn]);
        } else if (isBack(key)) {
            toTable();
        } else if (key.name() == Key.Name.UP || key.is('k')) {
            chosenColumn = Math.max(0, chosenColumn - 1);
        } else if (key.name() == Key.Name.DOWN || key.is('j')) {
            chosenColumn = Math.min(last, chosenColumn + 1);
        }
    }

    private void say(String text) {
        message = text;
        messageNs = System.nanoTime();
    }

    @Override
    public void close() {
        details.ifPresent(DetailPage::close);
    }
}
