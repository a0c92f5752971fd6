package org.shmrt.cli.monitor;

import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.shmrt.cli.verb.Converters;
import org.shmrt.cli.verb.ExitStatus;
import org.shmrt.cli.verb.StopSignal;
import org.shmrt.cli.verb.Terminal;
import org.shmrt.cli.verb.Verb;
import org.shmrt.error.ShmException;
import org.shmrt.stream.inspect.SemaphoreState;
import org.shmrt.stream.inspect.StreamInspector;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code shm watch}. */
@Command(
        name = "watch",
        description = {
            "Shows frames per second, jitter, skipped frames and waiting readers.",
            "It prints a line once a second until Ctrl-C, and continues if the stream is re-created. It changes"
                    + " nothing."
        })
public final class WatchCommand extends Verb {
    private static final long MIN_PERIOD_NS = 1_000_000L;
    /** Interval between counts of the waiting readers: a reader that is working at that moment is not asleep. */
    private static final long WAITERS_PERIOD_NS = 50_000_000L;
    /** How long Ctrl-C waits for the last line. */
    private static final Duration LAST_LINE = Duration.ofSeconds(1);

    @Parameters(paramLabel = "STREAM", converter = Converters.ToStreamPath.class, description = "Path or bare name.")
    private Path stream;

    @Option(names = "--once", description = "Take one measurement, then exit.")
    private boolean once;

    @Option(
            names = "--for",
            paramLabel = "TIME",
            defaultValue = "1s",
            converter = Converters.ToNanoseconds.class,
            description = "Duration of each measurement, for example 10s. Default: 1s.")
    private long periodNs;

    @Option(names = "--json", description = "Print one line of JSON for each measurement and each event.")
    private boolean json;

    private final StreamInspector inspector = StreamInspector.now();
    private boolean live;
    private boolean drawn;
    private int waiters;

    @Override
    public Integer call() {
        if (periodNs < MIN_PERIOD_NS) {
            throw wrongUsage("--for: measure for at least 1ms");
        }
        live = !once && !json && Terminal.isInteractive();
        try (StopSignal signal = new StopSignal(LAST_LINE);
                StreamFollower follower = new StreamFollower(stream)) {
            try {
                signal.allowInterrupt();
                watch(follower);
            } catch (InterruptedException e) {
                // Ctrl-C is the normal end
            } finally {
                endLiveLine();
            }
        }
        return ExitStatus.DONE;
    }

    private void watch(StreamFollower follower) throws InterruptedException {
        long startNs = System.nanoTime();
        long dueNs = startNs + periodNs;
        while (true) {
            follower.awaitEvent(Math.clamp(dueNs - System.nanoTime(), 0, WAITERS_PERIOD_NS))
                    .ifPresent(this::report);
            waiters = Math.max(waiters, countWaiters());
            long nowNs = System.nanoTime();
            if (nowNs - dueNs >= 0) {
                report(follower.statistics().takeSample(nowNs), (nowNs - startNs) / 1e9);
                waiters = 0;
                dueNs += periodNs;
                if (once) {
                    return;
                }
            }
        }
    }

    private int countWaiters() {
        try {
            int asleep = 0;
            for (SemaphoreState state : inspector.info(stream).semaphores()) {
                asleep += state == null ? 0 : state.waiters();
            }
            return asleep;
        } catch (ShmException e) {
            return 0; // the follower detects the failure and reports it
        }
    }

    private void report(StreamFollower.Event event) {
        if (once || event.kind() == StreamFollower.Event.Kind.FAILED) {
            throw new ShmException(event.message());
        }
        if (json) {
            Map<String, Object> line = new LinkedHashMap<>();
            line.put("event", event.kind().name().toLowerCase(Locale.ROOT));
            line.put("path", stream.toString());
            line.put("message", event.message());
            printJson(line);
            return;
        }
        show(event.message());
        endLiveLine();
    }

    private void report(WatchSample sample, double sinceStartSeconds) {
        if (json) {
            printJson(sample.json(stream.toString(), waiters));
        } else if (once) {
            show(sample.text(waiters));
        } else {
            show(String.format(Locale.ROOT, "%6.1f s  %s", sinceStartSeconds, sample.text(waiters)));
        }
    }

    /** Prints a line; on a terminal it replaces the previous one. */
    private void show(String text) {
        if (live) {
            drawn = true;
            out().print(Terminal.ERASE_LINE + text);
            out().check();
        } else {
            print(text);
        }
    }

    private void endLiveLine() {
        if (drawn) {
            print("");
            drawn = false;
        }
    }
}
