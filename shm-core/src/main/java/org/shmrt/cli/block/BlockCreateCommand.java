package org.shmrt.cli.block;

import org.shmrt.block.BlockInfo;
import org.shmrt.block.SharedMemory;
import org.shmrt.cli.report.BlockReport;
import org.shmrt.cli.verb.Converters;
import org.shmrt.cli.verb.ExitStatus;
import org.shmrt.cli.verb.Verb;
import org.shmrt.posix.SharedObject;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code shm block create}. */
@Command(
        name = "create",
        description = "Creates a block of zeros with reserved memory. Without a NAME it generates one and prints only "
                + "that.")
final class BlockCreateCommand extends Verb {
    @Parameters(paramLabel = "NAME", arity = "0..1", description = "Up to 255 bytes without a slash.")
    private String name;

    @Option(
            names = "--size",
            paramLabel = "BYTES",
            required = true,
            converter = Converters.ToByteCount.class,
            description = "For example 4096, 64k, 16M or 1G (powers of 1024).")
    private long sizeBytes;

    @Option(
            names = "--mode",
            paramLabel = "MODE",
            converter = Converters.ToPermissions.class,
            description = "Permissions in octal; the umask does not apply. Default: 0600.")
    private Integer mode;

    @Option(names = "--json", description = "Describe the new block as shm block show --json does.")
    private boolean json;

    @Override
    public Integer call() {
        try (SharedMemory block = create()) {
            if (json) {
                printJson(BlockReport.json(BlockInfo.of(SharedObject.file(block.name()))));
            } else {
                print(name == null ? block.name() : name + ": block of " + sizeBytes + " bytes");
            }
        }
        return ExitStatus.DONE;
    }

    private SharedMemory create() {
        if (name == null) {
            return mode == null ? SharedMemory.create(sizeBytes) : SharedMemory.create(sizeBytes, mode);
        }
        return mode == null ? SharedMemory.create(name, sizeBytes) : SharedMemory.create(name, sizeBytes, mode);
    }
}
