package org.shmrt.cli.metrics;

import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.shmrt.cli.verb.ExitStatus;
import org.shmrt.cli.verb.StopSignal;
import org.shmrt.cli.verb.Verb;
import org.shmrt.error.ShmException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code shm metrics}. */
@Command(
        name = "metrics",
        description = {
            "Prints the counters and times of all loops and meters in the OpenMetrics format, for Prometheus and other"
                    + " monitoring systems.",
            "A meter is what a program measures of a stream (FrameMeter in Java), or shm latency --meter. Reading"
                    + " disturbs no program."
        })
public final class MetricsCommand extends Verb {
    private static final String LOCAL = "127.0.0.1";
    private static final Duration LAST_LINE = Duration.ofSeconds(2);
    /** HOST:PORT with a name, an IPv4 address or an IPv6 address in brackets; or PORT. */
    private static final Pattern ADDRESS = Pattern.compile("(?:(\\[[0-9a-fA-F:.%]+]|[^:\\[\\]]+):)?([0-9]{1,5})");

    @Option(
            names = "--listen",
            paramLabel = "[HOST:]PORT",
            description = "Serve the text at http://HOST:PORT/metrics until Ctrl-C. Port 0: any free one. Default of"
                    + " HOST: " + LOCAL + ", which only this machine can reach.")
    private String listen;

    @Override
    public Integer call() {
        requirePrometheus();
        if (listen != null) {
            return serve(address());
        }
        MetricPages pages = MetricPages.read();
        new String(OpenMetrics.text(pages), StandardCharsets.UTF_8).lines().forEach(this::print);
        pages.failures().forEach(this::note);
        return pages.failures().isEmpty() ? ExitStatus.DONE : ExitStatus.FAILED;
    }

    private InetSocketAddress address() {
        Matcher matcher = ADDRESS.matcher(listen);
        if (!matcher.matches()) {
            throw wrongUsage("--listen " + listen + ": write PORT or HOST:PORT, for example " + LOCAL + ":9464");
        }
        int port = Integer.parseInt(matcher.group(2));
        checkPort("--listen", listen, port);
        return new InetSocketAddress(matcher.group(1) == null ? LOCAL : matcher.group(1), port);
    }

    private int serve(InetSocketAddress address) {
        try (StopSignal signal = new StopSignal(LAST_LINE);
                MetricsServer server = MetricsServer.start(address, this::note)) {
            signal.runUntilReceived(() -> {
                print("shm metrics: listening on " + server.address() + "; Ctrl-C ends it");
                if (!address.getAddress().isLoopbackAddress()) {
                    note("warning: other machines can read the names and times of streams and loops");
                }
                StopSignal.sleepForever();
            });
        }
        return ExitStatus.DONE;
    }

    /** The library is optional, so that programs that use ShmRT need not ship it. */
    private static void requirePrometheus() {
        try {
            String needed = "io.prometheus.metrics.expositionformats.OpenMetricsTextFormatWriter";
            Class.forName(needed, false, MetricsCommand.class.getClassLoader());
        } catch (ClassNotFoundException e) {
            throw new ShmException(
                    "cannot write OpenMetrics: the library prometheus-metrics is missing; add it to the class path"
                            + " (Maven: io.prometheus:prometheus-metrics-exposition-textformats)",
                    e);
        }
    }
}
