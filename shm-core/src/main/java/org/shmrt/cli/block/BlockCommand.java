package org.shmrt.cli.block;

import org.shmrt.cli.verb.VerbGroup;
import picocli.CommandLine.Command;

/** {@code shm block}. */
@Command(
        name = "block",
        synopsisSubcommandLabel = "VERB",
        description = "Blocks: named bytes in shared memory, as Python's multiprocessing.shared_memory has them.",
        footer = {
            "",
            "A NAME is what Python calls it, without a slash: the file /dev/shm/NAME.",
            "A block that vanishes by itself: up to Python 3.12, and in 3.13 without track=False, a Python process"
                    + " that merely attaches a block has it removed when it ends. Say track=False there, or call"
                    + " resource_tracker.unregister(shm._name, \"shared_memory\") after attaching."
        })
public final class BlockCommand extends VerbGroup {
    public BlockCommand() {
        verb("create", BlockCreateCommand::new);
        verb("read", BlockReadCommand::new);
        verb("write", BlockWriteCommand::new);
        verb("show", BlockShowCommand::new);
        verb("list", BlockListCommand::new);
        verb("rm", BlockRmCommand::new);
    }
}
