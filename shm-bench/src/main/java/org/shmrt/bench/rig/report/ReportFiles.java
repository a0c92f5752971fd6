package org.shmrt.bench.rig.report;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.shmrt.bench.rig.scenario.Group;
import org.shmrt.bench.rig.scenario.Scenario;

/**
 * Writes a measurement to a directory: {@code report.md}, {@code latency.json}, one {@code .hgrm} file for each scenario
 * (in µs, for the plotter of HdrHistogram), and one plot of percentiles for each group as {@code .png} and {@code .svg}.
 */
public final class ReportFiles {
    private static final double NS_PER_US = 1000;

    private final Path directory;
    private final Report report;

    public ReportFiles(Path directory, Report report) {
        this.directory = directory;
        this.report = report;
    }

    /**
     * Writes the files and replaces existing ones of the same names.
     *
     * @throws IOException if that fails
     */
    public void write() throws IOException {
        Files.createDirectories(directory);
        for (Outcome outcome : report.outcomes()) {
            if (!outcome.goodRuns().isEmpty()) {
                try (PrintStream out =
                        new PrintStream(directory.resolve(outcome + ".hgrm").toFile(), StandardCharsets.US_ASCII)) {
                    outcome.all().outputPercentileDistribution(out, NS_PER_US);
                }
            }
        }
        List<String> plots = new ArrayList<>();
        for (List<Scenario> group : report.environment().plan().groups()) {
            List<Outcome> measured = report.outcomes().stream()
                    .filter(outcome -> group.contains(outcome.scenario()))
                    .filter(outcome -> !outcome.goodRuns().isEmpty())
                    .toList();
            if (!measured.isEmpty()) {
                plots.addAll(plot(group.getFirst().group(), measured));
            }
        }
        Files.writeString(directory.resolve("latency.json"), report.json() + "\n");
        Files.writeString(directory.resolve("report.md"), markdown(plots));
    }

    /** Plots one group; returns the names of the files, none if this Java cannot draw. */
    private List<String> plot(Group group, List<Outcome> outcomes) throws IOException {
        try {
            return PercentilePlot.write(directory, group.name().toLowerCase(Locale.ROOT), outcomes);
        } catch (LinkageError | InternalError e) {
            System.err.println("latency: the plots are left out, because Java's 2D graphics cannot be started: " + e);
            return List.of();
        }
    }

    private String markdown(List<String> plots) {
        StringBuilder text = new StringBuilder("# Round trips between two processes\n\n");
        report.environment()
                .warning()
                .ifPresent(warning -> text.append("**").append(warning).append("**\n\n"));
        text.append("""
            Unless stated otherwise, a row is the round trip of one message and its reply between two pinned processes.
            The receiver checks each message. The scenarios of a group ran in short, interleaved runs. A figure is the
            median over these runs, followed by the minimum and the maximum. The virtual processors of a virtual
            machine can move between runs, close to each other or far apart. The range shows such moves; the median
            ignores them as long as most pairs of runs were made in the same place.

            - `frame`: a frame is copied into the stream and read in place; with `_copy` it is copied out as well;
              `ring`: the same through a ring of 8 frames. `msg32`: the message is created and read in place, in DAO's
              layout, and the sender passes the time stamp, as a camera or a previous step of a pipeline does;
              `msg32_copy`: in the layout of the run, copied in and out, with a call of the clock.
            - `_c`: C programs that belong to ShmRT. They publish as milk's library does (ten semaphores, a getpid for
              each); `lean_c` uses ShmRT's order of stores, `dao64k` DAO's. `dao64k_sleep_c` waits as DAO's own "spin"
              does, with a nanosleep of 0 ns between two polls. `dao_real64k` and `milk_real64k` call the original
              libraries.
            - `aeron`: the media driver is a third process on the same cores. A message of 64 KiB is sent as two
              fragments, which the assembler copies into one buffer. `agrona`: read in place. `chronicle`: keeps all
              messages, so each is written to memory that was never used before. `mapped`: a MappedByteBuffer with a
              counter, copied in and out, without detection of torn messages. `socket`: a blocking Unix domain socket.
            - `iceoryx`: version 2 of the machine's packages; a message is copied into a chunk on loan and read in place.
              Its queues keep messages that a stream would overwrite. RouDi is a third process on the same cores.
            - `floor effect`, `near the floor`: the machine determines the ratio, see the note of the line. No message is
              faster than a bare counter (`counter_c`), no sleeper wakes faster than by a bare semaphore (`semaphore_c`),
              both within 1.5 times of which is called near; the note has the ratio that the bare one would reach.
            - `publish_rN`: not a round trip, but the call that publishes a frame while N readers are awake. Each has
              its own semaphore; one thread of another process polls them in turn on the other core. If each reader had
              its own core, more of them would compete with the writer at the same time. `writer_ns_per_reader` is the
              cost of each reader beyond the first, in ns.
            - `cycle`: not a round trip, but one thread that writes a frame and reads it back with verification.
              `memcpy` is a separate process on the same core that copies the same number of bytes into a mapped file
              and out of it.
            - A row or a comparison without figures states the reason. A run that misses its fixed rate has failed.

            ```
            """);
        text.append(report.table()).append("```\n\n## Machine\n\n| property | value |\n|---|---|\n");
        report.environment()
                .facts()
                .forEach((property, value) -> text.append("| ")
                        .append(property.replace('_', ' '))
                        .append(" | ")
                        .append(value.replace("|", "\\|"))
                        .append(" |\n"));
        text.append("\n## Percentiles\n\n");
        plots.stream()
                .filter(plot -> plot.endsWith(".png"))
                .forEach(plot ->
                        text.append("![").append(plot).append("](").append(plot).append(")\n"));
        return text.toString();
    }
}
