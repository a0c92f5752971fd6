package org.shmrt.cli.array;

import org.shmrt.cli.verb.VerbGroup;
import picocli.CommandLine.Command;

/** {@code shm array}. */
@Command(
        name = "array",
        synopsisSubcommandLabel = "VERB",
        commandListHeading = "Verbs:%n",
        description = "Works on numpy arrays in shared memory (Python package SharedArray).",
        footer = {
            "",
            "A NAME is SharedArray's: shm://NAME, or a bare NAME, means /dev/shm/NAME; file://PATH means any file.",
            "Each version of SharedArray attaches only arrays of its own layout: trailer-292 (the default) is for "
                    + "3.1 and later with numpy 1, trailer-548 with numpy 2. ShmRT attaches all layouts."
        })
public final class ArrayCommand extends VerbGroup {
    public ArrayCommand() {
        verb("create", ArrayCreateCommand::new);
        verb("show", ArrayShowCommand::new);
        verb("list", ArrayListCommand::new);
        verb("rm", ArrayRmCommand::new);
        verb("sync", ArraySyncCommand::new);
        verb("export", ArrayExportCommand::new);
        verb("import", ArrayImportCommand::new);
    }
}
