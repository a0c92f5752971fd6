package org.shmrt.cli.block;

import java.nio.file.Path;
import java.util.List;
import org.shmrt.block.BlockInfo;
import org.shmrt.block.SharedMemory;
import org.shmrt.cli.verb.DryRunOption;
import org.shmrt.cli.verb.Verb;
import org.shmrt.error.IncompatibleException;
import org.shmrt.error.ShmException;
import org.shmrt.posix.SharedObject;
import org.shmrt.stream.inspect.StreamDirectory;
import org.shmrt.stream.inspect.StreamInfo;
import org.shmrt.text.FileNames;
import org.shmrt.text.Printable;
import org.shmrt.text.ShellWord;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code shm block rm}. */
@Command(name = "rm", description = "Removes blocks. Programs that have one attached keep it.")
final class BlockRmCommand extends Verb {
    @Parameters(paramLabel = "NAME", arity = "1..*", description = "Names of blocks.")
    private List<String> names;

    @Mixin
    private DryRunOption dryRun;

    @Override
    public Integer call() {
        names.forEach(SharedObject::file); // refuses an invalid name before the first block is removed
        return forEach(names, name -> {
            refuseStream(SharedObject.file(name));
            if (dryRun.isGiven()) {
                BlockInfo block = BlockInfo.of(SharedObject.file(name));
                print(Printable.of("would remove " + FileNames.text(block.path())) + ", " + block.byteSize()
                        + " bytes");
            } else {
                SharedMemory.remove(name);
            }
        });
    }

    /** A stream also has semaphores, which would be left behind. */
    private static void refuseStream(Path file) {
        if (!file.toString().endsWith(StreamDirectory.SUFFIX)) {
            return;
        }
        try {
            StreamInfo.of(file);
        } catch (ShmException e) {
            return;
        }
        throw new IncompatibleException(
                FileNames.text(file) + " is a stream, not a block: remove it with shm rm " + ShellWord.of(file));
    }
}
