package org.shmrt.bench.many;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.shmrt.bench.BenchCommand;
import org.shmrt.bench.report.Report;
import org.shmrt.bench.report.ReportOptions;
import org.shmrt.bench.report.Row;
import org.shmrt.bench.report.RunOptions;
import org.shmrt.bench.rig.report.Machine;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command line of the benchmark of many streams. */
@Command(
        name = "many",
        mixinStandardHelpOptions = true,
        description = {
            "Measures what a stream, a reader and a writer cost among many and among few of them.",
            "Needs some hundred MB of shared memory, and as many open files as twice the streams."
        })
public final class Many implements Callable<Integer> {
    private static final String INTRODUCTION = """
        # Many streams

        Each figure is for one stream, or one frame of one reader. The first column has it among many, the second among a
        tenth of them (readers of one stream: an eighth), and the third their quotient: 1 if the cost is linear. Both
        were measured in turn: the median over the pairs, the minimum and the maximum. Rows without the first two columns
        have the figure itself.
        """;

    /** The parts of the benchmark. */
    enum Part {
        OPEN,
        LIST,
        CROWD,
        READERS,
        SET
    }

    @Spec
    private CommandSpec spec;

    @Mixin
    private RunOptions run;

    @Option(
            names = "--part",
            paramLabel = "PART",
            split = ",",
            description = "only these parts: ${COMPLETION-CANDIDATES}")
    private List<Part> parts;

    @Option(names = "--streams", paramLabel = "N", description = "streams open at once, and in a set (1000)")
    private int streams = 1000;

    @Option(names = "--listed", paramLabel = "N", description = "streams that are listed (10000)")
    private int listed = 10_000;

    @Option(names = "--writers", paramLabel = "N", description = "writers, and as many readers (100)")
    private int writers = 100;

    @Option(names = "--readers", paramLabel = "N", description = "readers of one stream (32)")
    private int readers = 32;

    @Option(names = "--shm", paramLabel = "FILE", description = "the launcher of the shm command")
    private Optional<Path> shm = Optional.empty();

    @Mixin
    private ReportOptions output;

    private Many() {}

    /**
     * Runs the benchmark.
     *
     * @param args see {@code --help}
     */
    public static void main(String[] args) {
        System.exit(commandLine().execute(args));
    }

    static CommandLine commandLine() {
        return BenchCommand.of(new Many());
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        run.check();
        if (Stream.of(streams, listed, writers, readers).anyMatch(number -> number < 1)) {
            throw new ParameterException(spec.commandLine(), "--streams, --listed, --writers, --readers: 1 or more");
        }
        double busyBefore = Machine.busyProcessors();
        List<Row> rows = new ArrayList<>();
        for (Part part : BenchCommand.parts(parts, Part.class)) {
            System.err.println("many: " + part.name().toLowerCase(Locale.ROOT));
            rows.addAll(
                    switch (part) {
                        case OPEN -> new OpenStreams().run(streams, run.pairs());
                        case LIST -> new Listing(shm).run(listed, run.pairs());
                        case CROWD -> new Crowd(run.seconds()).pairs(writers, run.pairs());
                        case READERS -> new Crowd(run.seconds()).readers(readers, run.pairs());
                        case SET -> new StreamSets().run(streams, run.pairs(), Math.min(1, run.seconds()));
                    });
        }
        output.publish(new Report("many", INTRODUCTION, rows, Set.of(), run.facts(facts(), busyBefore)));
        return 0;
    }

    private Map<String, String> facts() throws IOException {
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("streams", Integer.toString(streams));
        facts.put("listed_streams", Integer.toString(listed));
        facts.put("writers", Integer.toString(writers));
        facts.put("readers_of_one_stream", Integer.toString(readers));
        try (Stream<String> limits = Files.lines(Path.of("/proc/self/limits"))) {
            limits.filter(line -> line.startsWith("Max open files"))
                    .findFirst()
                    .ifPresent(line -> facts.put("open_files_limit", line.split(" +")[3]));
        }
        facts.put(
                "mappings_limit",
                Files.readAllLines(Path.of("/proc/sys/vm/max_map_count")).getFirst());
        return facts;
    }
}
