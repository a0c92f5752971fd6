package org.shmrt.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import org.shmrt.cli.guide.ManualPages;
import org.shmrt.cli.verb.ExitStatus;
import org.shmrt.text.FileNames;

/** Writes the manual pages; the build of the packages starts it. */
final class ManualWriter {
    /** The argument that starts it, before the directory for the pages. */
    static final String ARGUMENT = "manual";

    private ManualWriter() {}

    static int run(Path directory, PrintWriter err) {
        try {
            new ManualPages(Shm.wholeCommandLine(), BuildInfo.current().version()).write(directory);
            return ExitStatus.DONE;
        } catch (IOException e) {
            err.println("shm: cannot write the manual pages into " + FileNames.text(directory) + ": " + e.getMessage());
            return ExitStatus.FAILED;
        }
    }
}
