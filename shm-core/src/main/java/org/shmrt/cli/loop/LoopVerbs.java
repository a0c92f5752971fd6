package org.shmrt.cli.loop;

import org.shmrt.cli.verb.VerbGroup;
import picocli.CommandLine.Command;

/** {@code shm loop}. */
@Command(
        name = "loop",
        synopsisSubcommandLabel = "VERB",
        commandListHeading = "Verbs:%n",
        description = "Shows and steers the control loops that run on this machine.",
        footer = {
            "",
            "A NAME is the one that the loop was built with. Its page is the file shmrt-loop.NAME in $SHMRT_LOOP_DIR, "
                    + "else in /dev/shm. You need write permission on it to pause, step, resume or stop the loop."
        })
public final class LoopVerbs extends VerbGroup {
    public LoopVerbs() {
        verb("list", LoopListCommand::new);
        verb("show", LoopShowCommand::new);
        verb("pause", LoopControlCommands.Pause::new);
        verb("step", LoopControlCommands.Step::new);
        verb("resume", LoopControlCommands.Resume::new);
        verb("stop", LoopControlCommands.Stop::new);
    }
}
