package org.shmrt.cli.stream;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.shmrt.cli.verb.Converters;
import org.shmrt.cli.verb.DryRunOption;
import org.shmrt.cli.verb.Quantity;
import org.shmrt.cli.verb.Verb;
import org.shmrt.stream.inspect.StreamRemoval;
import org.shmrt.stream.inspect.StreamRemovals;
import org.shmrt.text.FileNames;
import org.shmrt.text.Printable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code shm rm}. */
@Command(name = "rm", description = "Removes streams and their semaphores. For a link it removes only the link.")
public final class RmCommand extends Verb {
    @Parameters(
            paramLabel = "STREAM",
            arity = "1..*",
            converter = Converters.ToStreamPath.class,
            description = "Paths or bare names.")
    private List<Path> streams;

    @Mixin
    private DryRunOption dryRun;

    @Override
    public Integer call() {
        StreamRemovals removals = StreamRemovals.of(streams);
        return forEach(
                streams,
                stream -> (dryRun.isGiven() ? planned(removals.plan(stream)) : removals.remove(stream))
                        .ifPresent(warning -> note("warning: " + warning)));
    }

    private Optional<String> planned(StreamRemoval removal) {
        Path stream = removal.path();
        int semaphores = removal.semaphoreFiles().size();
        print(Printable.of("would remove " + FileNames.text(stream)
                + (Files.isSymbolicLink(stream)
                        ? ", a link"
                        : semaphores == 0 ? "" : " and " + Quantity.of(semaphores, "semaphore"))));
        return removal.warning();
    }
}
