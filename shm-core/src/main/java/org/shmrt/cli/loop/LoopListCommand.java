package org.shmrt.cli.loop;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.shmrt.cli.verb.ExitStatus;
import org.shmrt.cli.verb.StopSignal;
import org.shmrt.cli.verb.Verb;
import org.shmrt.error.NotFoundException;
import org.shmrt.error.ShmException;
import org.shmrt.telemetry.LoopCounter;
import org.shmrt.telemetry.LoopMeasure;
import org.shmrt.telemetry.LoopSnapshot;
import org.shmrt.telemetry.LoopTelemetry;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code shm loop list}. */
@Command(
        name = "list",
        description =
                "Lists the loops, also those that were killed. The column p99 us is the 99th percentile of the time of"
                        + " a step.")
final class LoopListCommand extends Verb {
    private static final String FORMAT = "%-20s %-8s %8s %11s %9s %9s %9s";
    private static final double NS_PER_US = 1e3;
    private static final double HIGH = 99;

    @Option(names = "--json", description = "Print one line of JSON: items, an object for each loop.")
    private boolean json;

    @Option(names = "--watch", description = "Repeat once a second until Ctrl-C.")
    private boolean watch;

    @Override
    public Integer call() {
        int status = list();
        if (!watch) {
            return status;
        }
        try (StopSignal signal = new StopSignal(LoopShowCommand.LAST_LINE)) {
            signal.allowInterrupt();
            while (true) {
                Thread.sleep(LoopShowCommand.PERIOD_MS);
                if (!json) {
                    print("");
                }
                list();
            }
        } catch (InterruptedException e) {
            return ExitStatus.DONE; // Ctrl-C is the normal end
        }
    }

    private int list() {
        List<LoopSnapshot> loops = new ArrayList<>();
        int status = ExitStatus.DONE;
        for (String name : LoopTelemetry.names()) {
            try (LoopTelemetry loop = LoopTelemetry.open(name)) {
                loops.add(loop.snapshot());
            } catch (NotFoundException e) {
                // it ended in the meantime
            } catch (ShmException e) {
                note(e.getMessage());
                status = ExitStatus.FAILED;
            }
        }
        if (json) {
            printJson(Map.of("items", loops.stream().map(LoopReports::json).toList()));
        } else {
            printTable(table(loops));
            if (loops.isEmpty() && !watch) {
                note("there are no loops: shm demo runs one");
            }
        }
        return status;
    }

    private static List<String> table(List<LoopSnapshot> loops) {
        List<String> lines = new ArrayList<>();
        if (!loops.isEmpty()) {
            lines.add(row("NAME", "STATE", "PID", "STEPS", "MISSED", "OVERRUNS", "p99 us"));
        }
        for (LoopSnapshot loop : loops) {
            lines.add(row(
                    loop.name(),
                    LoopReports.state(loop),
                    loop.pid(),
                    loop.count(LoopCounter.STEPS),
                    loop.count(LoopCounter.MISSED),
                    loop.count(LoopCounter.OVERRUNS),
                    String.format(
                            Locale.ROOT,
                            "%.1f",
                            loop.histogram(LoopMeasure.COMPUTE).percentileNs(HIGH) / NS_PER_US)));
        }
        return lines;
    }

    private static String row(Object... columns) {
        return String.format(Locale.ROOT, FORMAT, columns).stripTrailing();
    }
}
