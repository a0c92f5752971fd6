package org.shmrt.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.shmrt.error.ShmException;
import org.shmrt.stream.ImageStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code shm rm}. */
@Command(name = "rm",
        description = "Removes streams: each one's file and its semaphores. Of a link only the link.")
final class RmCommand implements Callable<Integer> {
    @Parameters(paramLabel = "STREAM", arity = "1..*", converter = Converters.OfStream.class,
            description = "Paths or bare names.")
    private List<Path> streams;

    @Mixin
    private HelpOption help;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        PrintWriter err = spec.commandLine().getErr();
        int status = ExitStatus.DONE;
        for (Path stream : streams) {
            try {
                ImageStream.remove(stream);
            } catch (ShmException e) {
                err.println("shm rm: " + e.getMessage());
                status = ExitStatus.FAILED;
            }
        }
        err.flush();
        return status;
    }
}
