package org.shmrt.cli.list;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.shmrt.cli.verb.ExitStatus;
import org.shmrt.cli.verb.Ink;
import org.shmrt.cli.verb.Json;
import org.shmrt.cli.verb.Verb;
import org.shmrt.posix.SharedObject;
import org.shmrt.stream.inspect.StreamDirectory;
import org.shmrt.text.FileNames;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code shm list}. */
@Command(
        name = "list",
        description = "Lists streams, arrays, lists and blocks, recognised by their contents: kind, shape, type, "
                + "frames, age, size, writer. Streams come first, and blocks, which any program may have made, last.")
public final class ListCommand extends Verb {
    /** Starting other threads takes longer than examining fewer objects than this. */
    private static final int PARALLEL_MIN = 200;

    /** The kinds that are not streams, in the order of the list. */
    private static final List<String> AFTER_STREAMS = List.of("array", "list", "block");

    @Parameters(
            paramLabel = "DIR",
            arity = "0..1",
            description = "Directory whose streams and arrays are listed. Default: the stream directory and /dev/shm, "
                    + "where lists and blocks are listed too.")
    private Path directory;

    @Option(names = "--json", description = "Print a JSON array with an object for each entry.")
    private boolean json;

    /**
     * A line, or an object of JSON.
     *
     * @param kind null for an object that cannot be read
     * @param text the line or the object
     */
    private record Entry(String kind, String text) {
        /** Position of its kind in the list; 0 for streams. */
        int rank() {
            return kind == null ? 0 : AFTER_STREAMS.indexOf(kind) + 1;
        }
    }

    @Override
    public Integer call() {
        Optional<Path> given = Optional.ofNullable(directory);
        StreamCatalogue streams = new StreamCatalogue(given);
        List<Entry> entries = new ArrayList<>();
        Ink ink = ink();
        for (Catalogue catalogue : List.of(streams, new SharedMemoryCatalogue(given, streams))) {
            entries.addAll(
                    json
                            ? examine(
                                    catalogue,
                                    candidate -> catalogue.json(candidate).map(ListCommand::entry))
                            : examine(
                                    catalogue,
                                    candidate ->
                                            catalogue.row(candidate).map(row -> new Entry(row.kind(), row.text(ink)))));
        }
        entries.sort(Comparator.comparingInt(Entry::rank));
        if (json) {
            print(entries.stream().map(Entry::text).collect(Collectors.joining(",", "[", "]")));
        } else {
            printLines(entries, ink);
        }
        return ExitStatus.DONE;
    }

    private static Entry entry(Map<String, Object> object) {
        return new Entry((String) object.get("kind"), Json.text(object));
    }

    private void printLines(List<Entry> entries, Ink ink) {
        if (!entries.isEmpty()) {
            printAll(Stream.concat(
                            Stream.of(Row.HEADER.text(ink)), entries.stream().map(Entry::text))
                    .toList());
        }
        if (directory != null) {
            if (entries.isEmpty()) {
                note("no streams or arrays in " + FileNames.text(directory));
            }
        } else if (entries.stream().noneMatch(entry -> entry.rank() == 0)) {
            note("no streams in " + FileNames.text(StreamDirectory.get()) + " or "
                    + FileNames.text(SharedObject.directory())
                    + ": create one, for example with shm create cam --shape 480x640 --dtype u16");
        }
    }

    private static List<Entry> examine(
            Catalogue catalogue, Function<Catalogue.Candidate, Optional<Entry>> examination) {
        List<Catalogue.Candidate> candidates = catalogue.candidates();
        Stream<Catalogue.Candidate> stream =
                candidates.size() < PARALLEL_MIN ? candidates.stream() : candidates.parallelStream();
        return stream.map(examination).flatMap(Optional::stream).toList();
    }
}
