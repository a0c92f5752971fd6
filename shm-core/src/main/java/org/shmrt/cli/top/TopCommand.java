package org.shmrt.cli.top;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.shmrt.cli.verb.Converters;
import org.shmrt.cli.verb.ExitStatus;
import org.shmrt.cli.verb.Json;
import org.shmrt.cli.verb.StopSignal;
import org.shmrt.cli.verb.Terminal;
import org.shmrt.cli.verb.Verb;
import org.shmrt.monitor.Inventory;
import org.shmrt.monitor.Sampler;
import org.shmrt.screen.Glyphs;
import org.shmrt.screen.Style;
import org.shmrt.screen.TerminalDevice;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code shm top}. */
@Command(
        name = "top",
        description = {
            "Shows all streams, arrays, blocks and loops in one table that fills the terminal: rate, jitter, age,"
                    + " losses, and the processes that use them.",
            "Press ? for the keys. It reads only: no semaphore is acquired, and nothing is changed unless you remove an"
                    + " object and confirm it. If the output is a pipe, the table is printed once."
        })
public final class TopCommand extends Verb {
    private static final long MIN_PERIOD_NS = 50_000_000L;
    private static final long MAX_PERIOD_NS = 60_000_000_000L;
    private static final long POLL_MS = 50;
    private static final long FIRST_NS = 30_000_000_000L;
    /** Columns of the table in a pipe. */
    private static final int PIPE_WIDTH = 160;
    /** How long a signal waits until the terminal has been restored. */
    private static final Duration RESTORE = Duration.ofSeconds(2);

    @Parameters(
            paramLabel = "DIR",
            arity = "0..1",
            description = "Directory whose streams and arrays are shown. Default: the stream directory and /dev/shm, "
                    + "where lists and blocks are shown too. Loops are always shown.")
    private Path directory;

    @Option(names = "--once", description = "Measure once for the time of --every, print the table, and exit.")
    private boolean once;

    @Option(names = "--json", description = "Like --once, and print one line of JSON: items, an object for each entry.")
    private boolean json;

    @Option(
            names = "--every",
            paramLabel = "TIME",
            converter = Converters.ToNanoseconds.class,
            description = "Time between two readings, 50ms to 60s. Default: 500ms; with --once, 1s.")
    private Long periodNs;

    @Option(
            names = "--sort",
            paramLabel = "COLUMN",
            defaultValue = "name",
            description = "Order of the rows: ${COMPLETION-CANDIDATES}. Default: name.")
    private Column sort;

    @Option(names = "--filter", paramLabel = "TEXT", defaultValue = "", description = "Show only what contains TEXT.")
    private String filter;

    @Override
    public Integer call() {
        boolean single = once || json || !Terminal.isInteractive();
        long period = periodNs == null ? (single ? 1_000_000_000L : 500_000_000L) : periodNs;
        if (period < MIN_PERIOD_NS || period > MAX_PERIOD_NS) {
            throw wrongUsage("--every: choose a time from 50ms to 60s");
        }
        TableState state = new TableState();
        if (sort != Column.NAME) {
            state.sortBy(sort);
        }
        state.filter(filter);
        try (StopSignal signal = new StopSignal(single ? Duration.ZERO : RESTORE)) {
            if (single) {
                printOnce(signal, state, period);
            } else {
                show(signal, state, period);
            }
        } catch (InterruptedException e) {
            // Ctrl-C is the normal end
        }
        return ExitStatus.DONE;
    }

    private void printOnce(StopSignal signal, TableState state, long period) throws InterruptedException {
        try (Inventory inventory = new Inventory(Optional.ofNullable(directory))) {
            Inventory.Scope scope = json ? Inventory.Scope.PROCESSES : Inventory.Scope.OBJECTS;
            inventory.refresh(scope);
            inventory.poll();
            signal.allowInterrupt();
            long startNs = System.nanoTime();
            pollUntil(inventory, startNs + period / 2);
            inventory.burst();
            pollUntil(inventory, startNs + period);
            inventory.refresh(scope);
            inventory.poll();
            state.update(inventory.readings());
        }
        signal.forbidInterrupt();
        if (json) {
            List<String> items = new ArrayList<>();
            state.rows().forEach(reading -> items.add(Json.text(TopJson.of(reading))));
            print("{\"items\":[" + String.join(",", items) + "]}");
        } else {
            printAll(TableView.lines(state, PIPE_WIDTH));
        }
    }

    private static void pollUntil(Inventory inventory, long endNs) throws InterruptedException {
        while (System.nanoTime() - endNs < 0) {
            Thread.sleep(POLL_MS);
            inventory.poll();
        }
    }

    private void show(StopSignal signal, TableState state, long period) throws InterruptedException {
        try (TerminalDevice device = TerminalDevice.open("the full screen");
                Sampler sampler = new Sampler(Optional.ofNullable(directory), period)) {
            signal.allowInterrupt();
            sampler.awaitFirst(FIRST_NS); // a wrong directory is reported before the screen changes
            device.enterFullScreen();
            try (TopSession session = new TopSession(device, sampler, Glyphs.ofEnvironment(), palette(), state)) {
                session.run();
            }
        }
    }

    private Style.Palette palette() {
        return switch (colours()) {
            case ALWAYS -> Style.Palette.COLOUR;
            case NEVER -> Style.Palette.NO_COLOUR;
            case AUTO -> Style.Palette.ofEnvironment();
        };
    }
}
