package org.shmrt.cli.loop;

import java.time.Duration;
import org.shmrt.cli.verb.ExitStatus;
import org.shmrt.cli.verb.StopSignal;
import org.shmrt.cli.verb.Verb;
import org.shmrt.telemetry.LoopSnapshot;
import org.shmrt.telemetry.LoopTelemetry;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code shm loop show}. */
@Command(
        name = "show",
        description =
                "Shows the state, the counters and the times of a loop since it was armed. It does not disturb the"
                        + " loop and changes nothing.")
final class LoopShowCommand extends Verb {
    private static final long PERIOD_MS = 1000;
    private static final Duration LAST_LINE = Duration.ofSeconds(1);

    @Parameters(paramLabel = "NAME", description = "Name of the loop.")
    private String name;

    @Option(names = "--json", description = "Print one line of JSON.")
    private boolean json;

    @Option(names = "--watch", description = "Repeat once a second until Ctrl-C or until the loop ends.")
    private boolean watch;

    @Override
    public Integer call() {
        try (LoopTelemetry loop = LoopTelemetry.open(name)) {
            LoopSnapshot now = show(loop);
            if (watch) {
                repeat(loop, now);
            }
        }
        return ExitStatus.DONE;
    }

    private LoopSnapshot show(LoopTelemetry loop) {
        LoopSnapshot now = loop.snapshot();
        if (json) {
            printJson(LoopReports.json(now));
        } else {
            printAll(LoopReports.text(now));
        }
        return now;
    }

    private void repeat(LoopTelemetry loop, LoopSnapshot first) {
        try (StopSignal signal = new StopSignal(LAST_LINE)) {
            signal.allowInterrupt();
            LoopSnapshot now = first;
            while (now.isAlive()) {
                Thread.sleep(PERIOD_MS);
                now = show(loop);
            }
        } catch (InterruptedException e) {
            // Ctrl-C is the normal end
        }
    }
}
