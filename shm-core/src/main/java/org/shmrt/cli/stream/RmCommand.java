package org.shmrt.cli.stream;

import java.nio.file.Path;
import java.util.List;
import org.shmrt.cli.verb.Converters;
import org.shmrt.cli.verb.ExitStatus;
import org.shmrt.cli.verb.Verb;
import org.shmrt.error.ShmException;
import org.shmrt.stream.ImageStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code shm rm}. */
@Command(name = "rm", description = "Removes streams: each one's file and its semaphores. Of a link only the link.")
public final class RmCommand extends Verb {
    @Parameters(
            paramLabel = "STREAM",
            arity = "1..*",
            converter = Converters.OfStream.class,
            description = "Paths or bare names.")
    private List<Path> streams;

    @Override
    public Integer call() {
        int status = ExitStatus.DONE;
        for (Path stream : streams) {
            try {
                ImageStream.remove(stream);
            } catch (ShmException e) {
                note(e.getMessage());
                status = ExitStatus.FAILED;
            }
        }
        return status;
    }
}
