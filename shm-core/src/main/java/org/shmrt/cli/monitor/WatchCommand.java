package org.shmrt.cli.monitor;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.shmrt.cli.verb.Converters;
import org.shmrt.cli.verb.ExitStatus;
import org.shmrt.cli.verb.StopSignal;
import org.shmrt.cli.verb.Terminal;
import org.shmrt.cli.verb.Verb;
import org.shmrt.error.ShmException;
import org.shmrt.stream.inspect.SemaphoreState;
import org.shmrt.stream.inspect.StreamDirectory;
import org.shmrt.stream.inspect.StreamInspector;
import org.shmrt.text.FileNames;
import org.shmrt.text.Printable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code shm watch}. */
@Command(
        name = "watch",
        description = {
            "Shows frames per second, jitter, skipped frames and waiting readers.",
            "It prints a line once a second until Ctrl-C. It waits for a stream that does not exist yet, and continues"
                    + " if the stream is re-created. It changes nothing."
        })
public final class WatchCommand extends Verb {
    private static final long MIN_PERIOD_NS = 1_000_000L;
    /** Interval between counts of the waiting readers: a reader that is working at that moment is not asleep. */
    private static final long WAITERS_PERIOD_NS = 50_000_000L;
    /** How long Ctrl-C waits for the last line. */
    private static final Duration LAST_LINE = Duration.ofSeconds(1);

    private static final int MAX_NAME = 24;

    @Parameters(
            paramLabel = "STREAM",
            arity = "1..*",
            converter = Converters.ToStreamPath.class,
            description = "Paths or bare names. Several streams have a line each.")
    private List<Path> streams;

    @Option(names = "--once", description = "Take one measurement, then exit. The stream must exist.")
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
    private final List<Watched> watched = new ArrayList<>();
    /** Empty if lines are appended. */
    private Optional<LiveLines> live = Optional.empty();

    /** One of the streams. */
    private final class Watched implements AutoCloseable {
        private final Path path;
        private final String label;
        private final StreamFollower follower;
        private int waiters;
        private Optional<WatchSample> sample = Optional.empty();

        Watched(Path path, String label) {
            this.path = path;
            this.label = label;
            this.follower =
                    new StreamFollower(path, once ? StreamFollower.Start.MUST_EXIST : StreamFollower.Start.MAY_APPEAR);
        }

        void countWaiters() {
            try {
                int asleep = 0;
                for (SemaphoreState state : inspector.info(path).semaphores()) {
                    asleep += state == null ? 0 : state.waiters();
                }
                waiters = Math.max(waiters, asleep);
            } catch (ShmException e) {
                // the follower detects the failure and reports it
            }
        }

        String text(int width) {
            return label
                    + sample.map(taken -> taken.text(waiters, width - label.length()))
                            .orElse("");
        }

        @Override
        public void close() {
            follower.close();
        }
    }

    @Override
    public Integer call() {
        if (periodNs < MIN_PERIOD_NS) {
            throw wrongUsage("--for: measure for at least 1ms");
        }
        streams.forEach(Verb::checkNamed);
        try (StopSignal signal = new StopSignal(LAST_LINE)) {
            try {
                if (!once && !json && Terminal.isInteractive()) {
                    live = Optional.of(new LiveLines(out()));
                }
                int width = nameWidth();
                for (Path stream : streams) {
                    watched.add(new Watched(stream, label(stream, width)));
                }
                signal.allowInterrupt();
                watch();
            } catch (InterruptedException e) {
                // Ctrl-C is the normal end
            } finally {
                watched.forEach(Watched::close);
                live.ifPresent(LiveLines::close);
            }
        }
        return ExitStatus.DONE;
    }

    /** The name of a stream without its directory; empty for the only one. */
    private String label(Path stream, int width) {
        String name = name(stream);
        return streams.size() == 1 ? "" : name + " ".repeat(Math.max(0, width - name.length())) + "  ";
    }

    private int nameWidth() {
        return Math.min(
                MAX_NAME,
                streams.stream().mapToInt(stream -> name(stream).length()).max().orElse(0));
    }

    private static String name(Path stream) {
        return Printable.of(StreamDirectory.name(stream));
    }

    private void watch() throws InterruptedException {
        long startNs = System.nanoTime();
        long dueNs = startNs + periodNs;
        while (true) {
            long waitNs = Math.clamp(dueNs - System.nanoTime(), 0, WAITERS_PERIOD_NS);
            for (Watched stream : watched) {
                // Only the first one is waited for: an event of another one is reported a moment later.
                stream.follower.awaitEvent(waitNs).ifPresent(event -> report(stream, event));
                waitNs = 0;
                stream.countWaiters();
            }
            long nowNs = System.nanoTime();
            if (nowNs - dueNs >= 0) {
                for (Watched stream : watched) {
                    stream.sample = Optional.of(stream.follower.statistics().takeSample(nowNs));
                }
                report((nowNs - startNs) / 1e9);
                watched.forEach(stream -> stream.waiters = 0);
                dueNs += periodNs;
                if (once) {
                    return;
                }
            }
        }
    }

    private void report(Watched stream, StreamFollower.Event event) {
        if (once || event.kind() == StreamFollower.Event.Kind.FAILED) {
            throw new ShmException(event.message());
        }
        if (json) {
            Map<String, Object> line = new LinkedHashMap<>();
            line.put("event", event.kind().name().toLowerCase(Locale.ROOT));
            line.put("path", FileNames.text(stream.path));
            line.put("message", event.message());
            printJson(line);
        } else if (live.isPresent()) {
            live.get().printAbove(event.message());
        } else {
            print(event.message());
        }
    }

    private void report(double sinceStartSeconds) {
        String time = once ? "" : String.format(Locale.ROOT, "%6.1f s  ", sinceStartSeconds);
        if (live.isPresent()) {
            int width = live.get().width();
            live.get()
                    .show(watched.stream()
                            .map(stream -> clipped(time + stream.text(width - time.length()), width))
                            .toList());
            return;
        }
        for (Watched stream : watched) {
            if (json) {
                printJson(stream.sample.orElseThrow().json(FileNames.text(stream.path), stream.waiters));
            } else {
                print(time + stream.text(Integer.MAX_VALUE));
            }
        }
    }

    private static String clipped(String line, int width) {
        return line.length() <= width ? line : line.substring(0, width);
    }
}
