package org.shmrt.cli.block;

import org.shmrt.cli.verb.VerbGroup;
import picocli.CommandLine.Command;

/** {@code shm block}. */
@Command(
        name = "block",
        synopsisSubcommandLabel = "VERB",
        commandListHeading = "Verbs:%n",
        description =
                "Works on blocks of Python's multiprocessing.shared_memory, and shows streams of pyshmem and pyRTC.",
        footer = {
            "",
            "A NAME is Python's name for the block, without a slash; it is the file /dev/shm/NAME.",
            "If a block disappears unexpectedly: up to Python 3.12, and in 3.13 without track=False, a Python process"
                    + " that attaches a block removes it when the process ends. Use track=False there, or call"
                    + " resource_tracker.unregister(shm._name, \"shared_memory\") after attaching."
        })
public final class BlockCommand extends VerbGroup {
    public BlockCommand() {
        verb("create", BlockCreateCommand::new);
        verb("read", BlockReadCommand::new);
        verb("write", BlockWriteCommand::new);
        verb("show", BlockShowCommand::new);
        verb("export", BlockExportCommand::new);
        verb("list", BlockListCommand::new);
        verb("rm", BlockRmCommand::new);
    }
}
