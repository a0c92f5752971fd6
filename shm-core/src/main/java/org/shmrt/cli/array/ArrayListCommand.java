package org.shmrt.cli.array;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.shmrt.array.ArrayInfo;
import org.shmrt.array.SharedArray;
import org.shmrt.cli.verb.ExitStatus;
import org.shmrt.cli.verb.Json;
import org.shmrt.cli.verb.Verb;
import org.shmrt.text.Printable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code shm array list}. */
@Command(name = "list", description = "The arrays there are, told from other objects by what is in them.")
final class ArrayListCommand extends Verb {
    private static final String FORMAT = "%-32s %-16s %-12s %14s  %s";

    @Parameters(
            paramLabel = "DIR",
            arity = "0..1",
            description = "Where to look for arrays in files; shared memory by default.")
    private Path directory;

    @Option(names = "--json", description = "One line of JSON: items, an object for each array.")
    private boolean json;

    @Override
    public Integer call() {
        PrintWriter out = out();
        List<ArrayInfo> arrays = directory == null ? SharedArray.list() : ArrayInfo.list(directory);
        if (json) {
            Json.print(
                    out, Map.of("items", arrays.stream().map(ArrayReport::json).toList()));
            return ExitStatus.DONE;
        }
        if (!arrays.isEmpty()) {
            out.println(String.format(Locale.ROOT, FORMAT, "NAME", "SHAPE", "TYPE", "BYTES", "LAYOUT"));
        }
        for (ArrayInfo array : arrays) {
            out.println(String.format(
                    Locale.ROOT,
                    FORMAT,
                    Printable.of(array.name()),
                    array.shape(),
                    array.type(),
                    array.fileBytes(),
                    array.headerVersion()));
        }
        out.flush();
        return ExitStatus.DONE;
    }
}
