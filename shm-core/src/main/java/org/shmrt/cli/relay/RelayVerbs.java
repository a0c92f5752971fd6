package org.shmrt.cli.relay;

import org.shmrt.cli.verb.VerbGroup;
import picocli.CommandLine.Command;

/** {@code shm relay}. */
@Command(
        name = "relay",
        synopsisSubcommandLabel = "VERB",
        commandListHeading = "Verbs:%n",
        description = "Sends streams to other machines, and keeps copies of streams of other machines.",
        footer = {
            "",
            "Relays listen on this machine only unless they have a key. The page of a relay is the file"
                    + " shmrt-relay.PID in $SHMRT_RELAY_DIR, else in /dev/shm."
        })
public final class RelayVerbs extends VerbGroup {
    public RelayVerbs() {
        verb("serve", RelayServeCommand::new);
        verb("get", RelayGetCommand::new);
        verb("list", RelayListCommand::new);
        verb("status", RelayStatusCommand::new);
    }
}
