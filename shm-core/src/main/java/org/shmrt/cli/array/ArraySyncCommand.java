package org.shmrt.cli.array;

import org.shmrt.array.SharedArray;
import org.shmrt.array.SyncMode;
import org.shmrt.cli.verb.ExitStatus;
import org.shmrt.cli.verb.Verb;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code shm array sync}. */
@Command(
        name = "sync",
        description = "Brings what was written into an array to the disk its file is on. Of use for file:// only.")
final class ArraySyncCommand extends Verb {
    @Parameters(paramLabel = "NAME", description = "shm://NAME, a bare NAME, or file://PATH.")
    private String name;

    @Option(
            names = "--how",
            paramLabel = "HOW",
            defaultValue = "sync",
            description = "sync (wait for it, the default), async (start it), invalidate (wait, and have other "
                    + "mappings see it).")
    private SyncMode how;

    @Override
    public Integer call() {
        try (SharedArray array = SharedArray.attachReadOnly(name)) {
            array.sync(how);
        }
        return ExitStatus.DONE;
    }
}
