package org.shmrt.cli.block;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.shmrt.block.BlockInfo;
import org.shmrt.block.PythonStreamInfo;
import org.shmrt.block.ShareableList;
import org.shmrt.cli.report.BlockReport;
import org.shmrt.cli.report.PythonStreamReport;
import org.shmrt.cli.verb.ExitStatus;
import org.shmrt.cli.verb.Verb;
import org.shmrt.posix.SharedObject;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code shm block show}. */
@Command(
        name = "show",
        description = "Shows what a block is, the items of a ShareableList, and the metadata of a stream of pyshmem or "
                + "pyRTC. Changes nothing.")
final class BlockShowCommand extends Verb {
    @Parameters(paramLabel = "NAME", description = "Name of a block, or of a stream of pyshmem or pyRTC.")
    private String name;

    @Option(names = "--json", description = "Print one line of JSON.")
    private boolean json;

    @Override
    public Integer call() {
        Optional<PythonStreamInfo> stream = PythonStreamReport.find(name);
        if (stream.isPresent()) {
            if (json) {
                printJson(PythonStreamReport.json(stream.get()));
            } else {
                printAll(PythonStreamReport.text(stream.get()));
            }
            return ExitStatus.DONE;
        }
        BlockInfo info = BlockInfo.of(SharedObject.file(name));
        List<Map<String, Object>> items = List.of();
        if (info.isList()) {
            try (ShareableList list = ShareableList.attachReadOnly(name)) {
                items = BlockReport.items(list);
            }
        }
        if (json) {
            Map<String, Object> entry = BlockReport.json(info);
            if (info.isList()) {
                entry.put("items", items);
            }
            printJson(entry);
        } else {
            printAll(BlockReport.text(info, items));
        }
        return ExitStatus.DONE;
    }
}
