package org.shmrt.cli.block;

import java.io.PrintWriter;
import org.shmrt.block.BlockInfo;
import org.shmrt.block.SharedMemory;
import org.shmrt.cli.verb.Converters;
import org.shmrt.cli.verb.ExitStatus;
import org.shmrt.cli.verb.Json;
import org.shmrt.cli.verb.Verb;
import org.shmrt.posix.SharedObject;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code shm block create}. */
@Command(
        name = "create",
        description =
                "Makes a block of zeros, its memory reserved. Without a NAME it makes one up, and prints it alone.")
final class BlockCreateCommand extends Verb {
    @Parameters(paramLabel = "NAME", arity = "0..1", description = "Up to 255 bytes without a slash.")
    private String name;

    @Option(
            names = "--size",
            paramLabel = "BYTES",
            required = true,
            converter = Converters.OfByteCount.class,
            description = "For example 4096, 64k, 16M or 1G (powers of 1024).")
    private long sizeBytes;

    @Option(
            names = "--mode",
            paramLabel = "MODE",
            converter = Converters.OfPermissions.class,
            description = "Permissions in octal, whatever the umask; 0600 by default.")
    private Integer mode;

    @Option(names = "--json", description = "Report the new block as shm block show --json does.")
    private boolean json;

    @Override
    public Integer call() {
        PrintWriter out = out();
        try (SharedMemory block = create()) {
            if (json) {
                Json.print(out, BlockReport.entry(BlockInfo.of(SharedObject.file(block.name()))));
            } else {
                out.println(name == null ? block.name() : name + ": block of " + sizeBytes + " bytes");
            }
        }
        out.flush();
        return ExitStatus.DONE;
    }

    private SharedMemory create() {
        if (name == null) {
            return mode == null ? SharedMemory.create(sizeBytes) : SharedMemory.create(sizeBytes, mode);
        }
        return mode == null ? SharedMemory.create(name, sizeBytes) : SharedMemory.create(name, sizeBytes, mode);
    }
}
