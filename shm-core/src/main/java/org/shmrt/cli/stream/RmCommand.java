package org.shmrt.cli.stream;

import java.nio.file.Path;
import java.util.List;
import org.shmrt.cli.verb.Converters;
import org.shmrt.cli.verb.Verb;
import org.shmrt.stream.ImageStream;
import picocli.CommandLine.Command;
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

    @Override
    public Integer call() {
        return forEach(streams, stream -> ImageStream.remove(stream).ifPresent(warning -> note("warning: " + warning)));
    }
}
