package org.shmrt.cli.block;

import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.shmrt.block.BlockInfo;
import org.shmrt.block.SharedMemory;
import org.shmrt.cli.verb.ExitStatus;
import org.shmrt.cli.verb.Json;
import org.shmrt.cli.verb.Verb;
import org.shmrt.text.Printable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code shm block list}. */
@Command(
        name = "list",
        description =
                "The blocks there are: all that is in /dev/shm and no semaphore, so also what other systems made.")
final class BlockListCommand extends Verb {
    private static final String FORMAT = "%-32s %-5s %14s  %s";

    @Option(names = "--json", description = "One line of JSON: items, an object for each block.")
    private boolean json;

    @Override
    public Integer call() {
        PrintWriter out = out();
        List<BlockInfo> blocks = SharedMemory.list();
        if (json) {
            Json.print(
                    out, Map.of("items", blocks.stream().map(BlockReport::entry).toList()));
            return ExitStatus.DONE;
        }
        if (!blocks.isEmpty()) {
            out.println(String.format(Locale.ROOT, FORMAT, "NAME", "KIND", "BYTES", "")
                    .stripTrailing());
        }
        for (BlockInfo block : blocks) {
            String remark = block.isList() ? BlockReport.items(block.itemCount()) : String.join("; ", block.warnings());
            out.println(String.format(
                            Locale.ROOT,
                            FORMAT,
                            Printable.of(block.name()),
                            BlockReport.kind(block),
                            block.byteSize(),
                            remark)
                    .stripTrailing());
        }
        out.flush();
        return ExitStatus.DONE;
    }
}
