package org.shmrt.cli.block;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.shmrt.block.BlockInfo;
import org.shmrt.block.SharedMemory;
import org.shmrt.cli.report.BlockReport;
import org.shmrt.cli.verb.ExitStatus;
import org.shmrt.cli.verb.Quantity;
import org.shmrt.cli.verb.Verb;
import org.shmrt.posix.SharedObject;
import org.shmrt.text.FileNames;
import org.shmrt.text.Printable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code shm block list}. */
@Command(
        name = "list",
        description = "Lists everything in /dev/shm that is not a semaphore, including objects of other systems.")
final class BlockListCommand extends Verb {
    private static final String FORMAT = "%-32s %-5s %14s  %s";

    @Option(names = "--json", description = "Print one line of JSON: items, an object for each block.")
    private boolean json;

    @Override
    public Integer call() {
        List<BlockInfo> blocks = SharedMemory.list();
        if (json) {
            printJson(Map.of("items", blocks.stream().map(BlockReport::json).toList()));
        } else {
            printTable(table(blocks));
            if (blocks.isEmpty()) {
                note("no blocks in " + FileNames.text(SharedObject.directory())
                        + ": create one with shm block create NAME --size 4096");
            }
        }
        return ExitStatus.DONE;
    }

    private static List<String> table(List<BlockInfo> blocks) {
        List<String> lines = new ArrayList<>();
        if (!blocks.isEmpty()) {
            lines.add(row("NAME", "KIND", "BYTES", "REMARKS"));
        }
        for (BlockInfo block : blocks) {
            lines.add(row(Printable.of(block.name()), BlockReport.kind(block), block.byteSize(), remark(block)));
        }
        return lines;
    }

    private static String remark(BlockInfo block) {
        return block.isList() ? Quantity.of(block.itemCount(), "item") : String.join("; ", block.warnings());
    }

    private static String row(Object... columns) {
        return String.format(Locale.ROOT, FORMAT, columns).stripTrailing();
    }
}
