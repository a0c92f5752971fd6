package org.shmrt.cli.array;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.shmrt.array.ArrayInfo;
import org.shmrt.array.SharedArray;
import org.shmrt.cli.report.ArrayReport;
import org.shmrt.cli.verb.ExitStatus;
import org.shmrt.cli.verb.Verb;
import org.shmrt.text.Printable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code shm array list}. */
@Command(name = "list", description = "Lists arrays, recognised by their contents.")
final class ArrayListCommand extends Verb {
    private static final String FORMAT = "%-32s %-16s %-12s %14s  %s";

    @Parameters(
            paramLabel = "DIR",
            arity = "0..1",
            description = "Directory in which to look for arrays. Default: shared memory.")
    private Path directory;

    @Option(names = "--json", description = "Print one line of JSON: items, an object for each array.")
    private boolean json;

    @Override
    public Integer call() {
        List<ArrayInfo> arrays = directory == null ? SharedArray.list() : ArrayInfo.list(directory);
        if (json) {
            printJson(Map.of("items", arrays.stream().map(ArrayReport::json).toList()));
        } else {
            printTable(table(arrays));
            if (arrays.isEmpty()) {
                note("no arrays in " + (directory == null ? "shared memory" : directory)
                        + ": create one with shm array create NAME --shape 480x640");
            }
        }
        return ExitStatus.DONE;
    }

    private static List<String> table(List<ArrayInfo> arrays) {
        List<String> lines = new ArrayList<>();
        if (!arrays.isEmpty()) {
            lines.add(row("NAME", "SHAPE", "TYPE", "BYTES", "LAYOUT"));
        }
        for (ArrayInfo array : arrays) {
            lines.add(row(
                    Printable.of(array.name()), array.shape(), array.type(), array.fileBytes(), array.headerVersion()));
        }
        return lines;
    }

    private static String row(Object... columns) {
        return String.format(Locale.ROOT, FORMAT, columns);
    }
}
