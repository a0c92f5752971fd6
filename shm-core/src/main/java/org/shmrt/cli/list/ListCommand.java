package org.shmrt.cli.list;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.shmrt.cli.verb.ExitStatus;
import org.shmrt.cli.verb.Json;
import org.shmrt.cli.verb.Verb;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code shm list}. */
@Command(
        name = "list",
        description = "Lists streams, arrays, lists and blocks, recognised by their contents: kind, shape, type, "
                + "frames, age, size, writer.")
public final class ListCommand extends Verb {
    /** Starting other threads takes longer than examining fewer objects than this. */
    private static final int PARALLEL_MIN = 200;

    @Parameters(
            paramLabel = "DIR",
            arity = "0..1",
            description = "Directory whose streams and arrays are listed. Default: the stream directory and /dev/shm, "
                    + "where lists and blocks are listed too.")
    private Path directory;

    @Option(names = "--json", description = "Print a JSON array with an object for each entry.")
    private boolean json;

    @Override
    public Integer call() {
        Optional<Path> given = Optional.ofNullable(directory);
        StreamCatalogue streams = new StreamCatalogue(given);
        List<String> entries = new ArrayList<>();
        for (Catalogue catalogue : List.of(streams, new SharedMemoryCatalogue(given, streams))) {
            entries.addAll(
                    json
                            ? examine(
                                    catalogue,
                                    candidate -> catalogue.json(candidate).map(Json::text))
                            : examine(
                                    catalogue,
                                    candidate -> catalogue.row(candidate).map(Row::text)));
        }
        if (json) {
            print("[" + String.join(",", entries) + "]");
        } else if (!entries.isEmpty()) {
            // As one text: flushing after each line would double the time.
            print(Row.HEADER.text() + "\n" + String.join("\n", entries));
        }
        return ExitStatus.DONE;
    }

    private static List<String> examine(
            Catalogue catalogue, Function<Catalogue.Candidate, Optional<String>> examination) {
        List<Catalogue.Candidate> candidates = catalogue.candidates();
        Stream<Catalogue.Candidate> stream =
                candidates.size() < PARALLEL_MIN ? candidates.stream() : candidates.parallelStream();
        return stream.map(examination).flatMap(Optional::stream).toList();
    }
}
