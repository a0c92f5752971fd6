package org.shmrt.cli.monitor;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.shmrt.cli.verb.Terminal;
import org.shmrt.cli.verb.TextOutput;
import org.shmrt.error.ShmException;
import org.shmrt.screen.TerminalDevice;
import org.shmrt.screen.TerminalDevice.Dimensions;
import org.shmrt.text.Printable;

/** Lines at the cursor of a terminal that are redrawn in place and fit its width. For one thread. */
final class LiveLines implements AutoCloseable {
    private static final String ERASE_BELOW = "\033[J";
    private static final int DEFAULT_WIDTH = 80;
    private static final int DEFAULT_HEIGHT = 24;

    private final TextOutput out;
    private final Optional<TerminalDevice> device;
    /** What is on the terminal, without control characters. */
    private List<String> shown = List.of();

    LiveLines(TextOutput out) {
        this.out = out;
        this.device = device();
    }

    /** Without JLine, 80 columns are assumed: the verb works without the size. */
    private static Optional<TerminalDevice> device() {
        try {
            return Optional.of(TerminalDevice.open("the width of the terminal"));
        } catch (ShmException e) {
            return Optional.empty();
        }
    }

    private Dimensions size() {
        return device.map(TerminalDevice::size).orElse(new Dimensions(DEFAULT_WIDTH, DEFAULT_HEIGHT));
    }

    /** Characters that a line may have now. Writing to the last column would wrap the line on some terminals. */
    int width() {
        return Math.max(1, size().width() - 1);
    }

    /** Replaces all lines. Those that do not fit the height are counted in the last one. */
    void show(List<String> lines) {
        Dimensions size = size();
        int most = Math.max(1, size.height() - 1);
        List<String> next = new ArrayList<>(lines.subList(0, Math.min(lines.size(), most)));
        if (lines.size() > most) {
            next.set(most - 1, "... and " + (lines.size() - most + 1) + " more: enlarge the terminal");
        }
        StringBuilder text = new StringBuilder(back(shown, size.width()));
        for (int i = 0; i < next.size(); i++) {
            text.append(i == 0 ? "" : "\n").append(Terminal.ERASE_LINE).append(next.get(i));
        }
        if (next.size() < shown.size()) {
            text.append(ERASE_BELOW);
        }
        out.print(text);
        out.check();
        shown = next;
    }

    /** Moves to the first line. A terminal that has become narrower has wrapped the lines. */
    static String back(List<String> lines, int width) {
        int rows = 0;
        for (String line : lines) {
            rows += Math.max(1, (line.length() + width - 1) / width);
        }
        String erase = lines.isEmpty() ? "" : "\r";
        return rows <= 1 ? erase : erase + "\033[" + (rows - 1) + "A" + (rows > lines.size() ? ERASE_BELOW : "");
    }

    /** Prints a line that remains, above those that are redrawn. */
    void printAbove(String line) {
        List<String> lines = shown;
        out.print(back(lines, size().width()) + Terminal.ERASE_LINE + ERASE_BELOW + Printable.of(line) + "\n");
        shown = List.of();
        if (lines.isEmpty()) {
            out.check();
        } else {
            show(lines);
        }
    }

    /** Leaves the lines on the terminal. */
    @Override
    public void close() {
        if (!shown.isEmpty()) {
            out.println();
            out.check();
            shown = List.of();
        }
        device.ifPresent(TerminalDevice::close);
    }
}
