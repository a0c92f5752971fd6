package org.shmrt.cli.stream;

import java.nio.file.Path;
import org.shmrt.cli.verb.Converters;
import org.shmrt.cli.verb.ExitStatus;
import org.shmrt.cli.verb.Quantity;
import org.shmrt.cli.verb.Verb;
import org.shmrt.stream.ImageStream;
import org.shmrt.stream.StreamSemaphores;
import org.shmrt.text.FileNames;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code shm post}. */
@Command(
        name = "post",
        description = {
            "Posts the semaphores of a stream without a frame, to wake programs that wait.",
            "Programs of DAO and milk take the wake-up for a frame; readers of ShmRT find none and continue to wait. A "
                    + "semaphore at its cap (dao 1, milk 10) is not posted."
        })
public final class PostCommand extends Verb {
    @Parameters(paramLabel = "STREAM", converter = Converters.ToStreamPath.class, description = "Path or bare name.")
    private Path stream;

    @ArgGroup
    private Chosen chosen = new Chosen();

    /** At most one of the options. */
    static final class Chosen {
        @Option(names = "--sem", paramLabel = "N", description = "Post semaphore N only. Default: all, and the log's.")
        private Integer index;

        @Option(names = "--log", description = "Post the log semaphore only.")
        private boolean log;
    }

    @Override
    public Integer call() {
        try (ImageStream opened = ImageStream.open(stream)) {
            StreamSemaphores semaphores = StreamSemaphores.of(opened);
            if (chosen.index != null) {
                report("semaphore " + chosen.index, semaphores.post(chosen.index));
            } else if (chosen.log) {
                report("the log semaphore", semaphores.postLog());
            } else {
                semaphores.postAll();
                print(FileNames.text(stream) + ": " + Quantity.of(semaphores.count(), "semaphore") + " posted");
            }
        }
        return ExitStatus.DONE;
    }

    private void report(String name, boolean posted) {
        print(FileNames.text(stream) + ": " + name
                + (posted ? " posted" : " not posted: its value is at the cap already"));
    }
}
