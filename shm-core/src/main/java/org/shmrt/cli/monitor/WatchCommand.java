package org.shmrt.cli.monitor;

import java.io.Console;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.shmrt.cli.verb.Converters;
import org.shmrt.cli.verb.ExitStatus;
import org.shmrt.cli.verb.Json;
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
        description = "Frames per second, jitter, frames skipped and readers waiting, once a second until Ctrl-C. "
                + "Changes nothing; follows a stream that is created anew.")
public final class WatchCommand extends Verb {
    private static final String ERASE = "\r\033[K";
    private static final long SHORTEST_NS = 1_000_000L;
    /** How often waiting readers are counted: one that is at work just then is not asleep. */
    private static final long LOOK_NS = 50_000_000L;
    /** How long Ctrl-C waits for the last line. */
    private static final long GRACE_MS = 1000;

    @Parameters(paramLabel = "STREAM", converter = Converters.OfStream.class, description = "Path or bare name.")
    private Path stream;

    @Option(names = "--once", description = "One measurement, then end.")
    private boolean once;

    @Option(
            names = "--for",
            paramLabel = "TIME",
            defaultValue = "1s",
            converter = Converters.OfDuration.class,
            description = "How long each measurement takes, for example 10s; 1s by default.")
    private long measureNs;

    @Option(names = "--json", description = "One line of JSON a measurement, and one for each event.")
    private boolean json;

    private boolean live;
    private boolean drawn;
    private int waiters;

    @Override
    public Integer call() {
        if (measureNs < SHORTEST_NS) {
            throw wrongUsage("--for: measure for at least 1ms");
        }
        Console console = System.console();
        live = !once && !json && console != null && console.isTerminal();
        CountDownLatch done = new CountDownLatch(1);
        Thread interrupter = interruptOnExit(done);
        try (StreamFollower follower = new StreamFollower(stream)) {
            watch(follower);
        } catch (InterruptedException e) {
            // Ctrl-C: as good an end as any
        } finally {
            if (drawn) {
                out().println();
                out().flush();
            }
            done.countDown();
            forget(interrupter);
        }
        return ExitStatus.DONE;
    }

    /** Ctrl-C stops the JVM from another thread: let this one end its line first. */
    private static Thread interruptOnExit(CountDownLatch done) {
        Thread watcher = Thread.currentThread();
        Thread hook = new Thread(
                () -> {
                    watcher.interrupt();
                    try {
                        done.await(GRACE_MS, TimeUnit.MILLISECONDS);
                    } catch (InterruptedException e) {
                        // the JVM is ending anyway
                    }
                },
                "watch-end");
        Runtime.getRuntime().addShutdownHook(hook);
        return hook;
    }

    private static void forget(Thread hook) {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // it is running
        }
    }

    private void watch(StreamFollower follower) throws InterruptedException {
        long startNs = System.nanoTime();
        long dueNs = startNs + measureNs;
        while (true) {
            StreamFollower.Event event = follower.event(Math.clamp(dueNs - System.nanoTime(), 0, LOOK_NS));
            if (event != null) {
                tell(event);
            }
            waiters = Math.max(waiters, waitersNow());
            long nowNs = System.nanoTime();
            if (nowNs - dueNs >= 0) {
                report(follower.meter().take(nowNs), (nowNs - startNs) / 1e9);
                waiters = 0;
                dueNs += measureNs;
                if (once) {
                    return;
                }
            }
        }
    }

    private final StreamInspector inspector = StreamInspector.now();

    private int waitersNow() {
        try {
            int asleep = 0;
            for (SemaphoreState state : inspector.info(stream).semaphores()) {
                asleep += state == null ? 0 : state.waiters();
            }
            return asleep;
        } catch (ShmException e) {
            return 0; // the follower finds out, and says so
        }
    }

    private void tell(StreamFollower.Event event) {
        if (once || event.word().equals("failed")) {
            throw new ShmException(event.text());
        }
        if (json) {
            Map<String, Object> line = new LinkedHashMap<>();
            line.put("event", event.word());
            line.put("path", stream.toString());
            line.put("message", event.text());
            Json.print(out(), line);
            return;
        }
        line(event.text());
        if (drawn) {
            out().println();
            out().flush();
            drawn = false;
        }
    }

    private void report(Measurement measurement, double sinceSeconds) {
        if (json) {
            Json.print(out(), measurement.json(stream.toString(), waiters));
        } else if (once) {
            line(measurement.text(waiters));
        } else {
            line(String.format(Locale.ROOT, "%6.1f s  %s", sinceSeconds, measurement.text(waiters)));
        }
    }

    /** On a terminal in place of the line before. */
    private void line(String text) {
        PrintWriter out = out();
        if (live) {
            out.print(ERASE + text);
            drawn = true;
        } else {
            out.println(text);
        }
        out.flush();
    }
}
