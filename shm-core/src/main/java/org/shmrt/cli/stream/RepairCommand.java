package org.shmrt.cli.stream;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.shmrt.cli.verb.Converters;
import org.shmrt.cli.verb.ExitStatus;
import org.shmrt.cli.verb.Verb;
import org.shmrt.stream.format.RepairPlan;
import org.shmrt.stream.inspect.StreamRepair;
import org.shmrt.text.FileNames;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code shm repair}. */
@Command(
        name = "repair",
        description = {
            "Corrects header words that the file size proves wrong.",
            "Such damage occurs for example after a DAO program of the layout before FIFO has written a stream. Valid "
                    + "streams and any other damage are refused."
        })
public final class RepairCommand extends Verb {
    @Parameters(paramLabel = "STREAM", converter = Converters.ToStreamPath.class, description = "Path or bare name.")
    private Path stream;

    @Option(names = "--dry-run", description = "Only report what would be changed.")
    private boolean dryRun;

    @Option(names = "--json", description = "Print the report as one line of JSON.")
    private boolean json;

    @Override
    public Integer call() {
        RepairPlan repair = dryRun ? StreamRepair.plan(stream) : StreamRepair.apply(stream);
        if (json) {
            printJson(json(repair));
            return ExitStatus.DONE;
        }
        for (RepairPlan.Word word : repair.words()) {
            print(FileNames.text(stream) + ": " + word.name() + " (offset " + word.offset() + ") was " + word.found()
                    + (dryRun ? ", should be " : ", is now ") + word.wanted());
        }
        repair.remarks().forEach(this::note);
        return ExitStatus.DONE;
    }

    private Map<String, Object> json(RepairPlan repair) {
        List<Map<String, Object>> words = new ArrayList<>();
        for (RepairPlan.Word word : repair.words()) {
            Map<String, Object> entry = new LinkedHashMap<>();
            entry.put("name", word.name());
            entry.put("offset", word.offset());
            entry.put("found", word.found());
            entry.put("wanted", word.wanted());
            words.add(entry);
        }
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("path", FileNames.text(stream));
        line.put("changed", !dryRun);
        line.put("words", words);
        line.put("remarks", repair.remarks());
        return line;
    }
}
