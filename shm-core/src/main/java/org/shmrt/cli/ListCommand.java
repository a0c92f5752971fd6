package org.shmrt.cli;

import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.shmrt.error.ShmException;
import org.shmrt.posix.LockTable;
import org.shmrt.stream.StreamDirectory;
import org.shmrt.stream.StreamInfo;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code shm list}. */
@Command(name = "list",
        description = "The streams of a directory: kind, shape, type, frames, age, size, writer.")
final class ListCommand extends Verb {
    private static final String FORMAT = "%-24s %-5s %-14s %-10s %10s %8s %12s  %s";

    @Parameters(paramLabel = "DIR", arity = "0..1", description = "Where to look; the stream directory by default.")
    private Path directory;

    @Option(names = "--json", description = "One JSON array, an object for each entry.")
    private boolean json;

    @Override
    public Integer call() {
        PrintWriter out = out();
        LockTable locks = LockTable.read();
        List<Path> files = StreamDirectory.list(directory == null ? StreamDirectory.get() : directory);
        if (json) {
            Json.print(out, files.stream().map(file -> jsonEntry(file, locks)).toList());
            return ExitStatus.DONE;
        }
        if (!files.isEmpty()) {
            out.println(String.format(Locale.ROOT, FORMAT,
                    "NAME", "KIND", "SHAPE", "TYPE", "FRAMES", "AGE", "BYTES", "WRITER"));
        }
        for (Path file : files) {
            out.println(textEntry(file, locks).stripTrailing());
        }
        out.flush();
        return ExitStatus.DONE;
    }

    private static Map<String, Object> jsonEntry(Path file, LockTable locks) {
        try {
            return StreamReport.json(StreamInfo.of(file, locks));
        } catch (ShmException e) {
            Map<String, Object> entry = new LinkedHashMap<>();
            entry.put("name", name(file));
            entry.put("path", file.toString());
            entry.put("kind", null);
            entry.put("findings", List.of(e.getMessage()));
            return entry;
        }
    }

    private static String textEntry(Path file, LockTable locks) {
        String link = "";
        if (Files.isSymbolicLink(file)) {
            link = " (link)";
        }
        try {
            StreamInfo info = StreamInfo.of(file, locks);
            List<String> notes = new ArrayList<>();
            notes.add(info.writerPid() == 0 ? "-" : String.valueOf(info.writerPid()));
            notes.addAll(info.findings());
            return String.format(Locale.ROOT, FORMAT, name(file) + link, info.layout().format(), info.layout().shape(),
                    info.layout().type(), info.status().cnt0(), StreamReport.shortAge(info.ageSeconds()),
                    info.layout().fileBytes(), String.join("; ", notes));
        } catch (ShmException e) {
            return String.format(Locale.ROOT, "%-24s %-5s %s", name(file) + link, "?", e.getMessage());
        }
    }

    private static String name(Path file) {
        String name = file.getFileName().toString();
        return name.substring(0, name.length() - StreamDirectory.SUFFIX.length());
    }
}
