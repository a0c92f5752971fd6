package org.shmrt.cli.list;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
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
        description =
                "Streams, arrays, lists and blocks, told apart by what is in them: kind, shape, type, frames, age, "
                        + "size, writer.")
public final class ListCommand extends Verb {
    /** Fewer are looked at sooner than other threads are started. */
    private static final int MANY = 200;

    @Parameters(
            paramLabel = "DIR",
            arity = "0..1",
            description = "Where to look: streams and arrays in files. By default the stream directory and /dev/shm, "
                    + "whose arrays, lists and blocks are shown too.")
    private Path directory;

    @Option(names = "--json", description = "One JSON array, an object for each entry.")
    private boolean json;

    @Override
    public Integer call() {
        StreamCatalogue streams = new StreamCatalogue();
        List<Catalogue> catalogues = List.of(streams, new SharedMemoryCatalogue(streams));
        PrintWriter out = out();
        List<String> entries = new ArrayList<>();
        for (Catalogue catalogue : catalogues) {
            entries.addAll(
                    json
                            ? look(catalogue, catalogue::json, Json::text)
                            : look(catalogue, catalogue::row, Row::toString));
        }
        if (json) {
            out.println("[" + String.join(",", entries) + "]");
        } else if (!entries.isEmpty()) {
            // As one text: a writer that flushes every line would take as long as all the rest.
            out.println(Row.HEADER + "\n" + String.join("\n", entries));
        }
        out.flush();
        return ExitStatus.DONE;
    }

    private <T> List<String> look(
            Catalogue catalogue, Function<Catalogue.Candidate, T> look, Function<T, String> form) {
        List<Catalogue.Candidate> candidates = catalogue.candidates(directory);
        Stream<Catalogue.Candidate> stream =
                candidates.size() < MANY ? candidates.stream() : candidates.parallelStream();
        return stream.map(look).filter(Objects::nonNull).map(form).toList();
    }
}
