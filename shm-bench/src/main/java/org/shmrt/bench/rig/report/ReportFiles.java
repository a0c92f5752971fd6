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
 * A measurement as a folder: {@code report.md}, {@code latency.json}, for each exchange an {@code .hgrm} file (as
 * HdrHistogram's plotter reads it, in µs), and for each group of exchanges a plot of percentiles as {@code .png} and
 * {@code .svg}.
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
     * Writes the folder, and replaces files of the same names.
     *
     * @throws IOException if it cannot be written
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
        for (List<Scenario> group : report.setting().plan().groups()) {
            List<Outcome> measured = report.outcomes().stream()
                    .filter(outcome -> group.contains(outcome.exchange()))
                    .filter(outcome -> !outcome.goodRuns().isEmpty())
                    .toList();
            if (!measured.isEmpty()) {
                plots.addAll(plot(group.getFirst().group(), measured));
            }
        }
        Files.writeString(directory.resolve("latency.json"), report.json() + "\n");
        Files.writeString(directory.resolve("report.md"), markdown(plots));
    }

    /** Draws one group; the names of the files, none on a Java that cannot draw. */
    private List<String> plot(Group group, List<Outcome> outcomes) throws IOException {
        try {
            return PercentilePlot.write(directory, group.name().toLowerCase(Locale.ROOT), outcomes);
        } catch (LinkageError | InternalError e) {
            System.err.println("latency: no plots, for Java's 2D graphics do not start here: " + e);
            return List.of();
        }
    }

    private String markdown(List<String> plots) {
        StringBuilder text = new StringBuilder("# Round trips between two processes\n\n");
        if (report.setting().warning() != null) {
            text.append("**").append(report.setting().warning()).append("**\n\n");
        }
        text.append("""
            A row is one message and its answer between two pinned processes, if not said otherwise; each message
            is checked by its receiver. Exchanges that are compared ran by turns, in short runs; a figure is the
            median over such pairs of runs, beside it the least and the greatest. A virtual machine's processors
            may change places between runs, near each other or far: the range shows it, the median ignores it
            while most pairs were made in one place.

            - `frame`: copied in, and read where it lies; `_copy`: copied out as well; `ring`: that, through 8 frames.
              `msg32`: made and read where it lies, in DAO's layout, its time given by the sender, as a camera or
              the step before gives it; `msg32_copy`: in the layout of the run, copied in and out, the clock read.
            - `_c`: C programs of ShmRT's own. They publish as milk's library does (ten semaphores, a getpid for
              each); those of `lean_c` in ShmRT's own order of stores, those of `dao64k` in DAO's.
              `dao64k_sleep_c` waits as DAO's own "spin" does, with a nanosleep of no time between two looks.
              `dao_real64k` and `milk_real64k` go through the libraries themselves.
            - `aeron`: the media driver is a third process on the same cores. A message of 64 KiB is two fragments,
              copied together by its assembler. `agrona`: read where it lies. `chronicle`: keeps every message, so
              each goes to memory never touched before. `mapped`: a MappedByteBuffer with a counter, copied in and
              out, with nothing that would tell a torn message. `socket`: a Unix domain socket, blocking.
            - `publish_rN`: not a round trip but the call that publishes, while N readers that do not sleep, each
              with a semaphore of its own, are asked in turn by one thread of another process on the other core.
              With a core for each reader the writer would meet more of them at once.
              `writer_ns_per_reader` is what each reader beyond the first costs, in ns.
            - `cycle`: not a round trip but one thread that writes a frame and reads it, verified; `memcpy` beside
              it, in a process of its own on the same core, copies the same bytes into a mapped file and out.
            - A row or a ratio without a figure says why. A run at a fixed rate that missed it counts as failed.

            ```
            """);
        text.append(report.table()).append("```\n\n## Machine\n\n| what | value |\n|---|---|\n");
        report.setting()
                .facts()
                .forEach((what, value) -> text.append("| ")
                        .append(what.replace('_', ' '))
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
