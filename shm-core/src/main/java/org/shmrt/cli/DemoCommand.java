package org.shmrt.cli;

import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Path;
import java.util.Optional;
import org.shmrt.cli.verb.ExitStatus;
import org.shmrt.cli.verb.Terminal;
import org.shmrt.cli.verb.Verb;
import org.shmrt.demo.Demo;
import org.shmrt.demo.DemoResult;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code shm demo}. */
@Command(
        name = "demo",
        description = {
            "Runs a camera, a control loop and a mirror in three processes that share memory.",
            "It prints a latency table, writes two pictures, and leaves nothing else behind."
        })
final class DemoCommand extends Verb {
    @Option(names = "--seconds", paramLabel = "S", defaultValue = "5", description = "Duration. Default: 5.")
    private double seconds;

    @Option(
            names = "--rate",
            paramLabel = "HZ",
            defaultValue = "1000",
            description = "Frames per second. Default: 1000.")
    private double rateHz;

    @Option(names = "--format", paramLabel = "FORMAT", defaultValue = "dao", description = "dao (default) or milk.")
    private String format;

    @Option(
            names = "--wait",
            paramLabel = "HOW",
            defaultValue = "hybrid",
            description = "spin, sem or hybrid (default: spin for 50 us, then sleep).")
    private String waiting;

    @Option(
            names = {"-o", "--out"},
            paramLabel = "DIR",
            description = "Folder for the pictures. Default: a new one in the current directory.")
    private Path out;

    @Option(names = "--json", description = "Print one line of JSON instead of the table.")
    private boolean json;

    @Override
    public Integer call() {
        Demo.Progress progress = !json && Terminal.isInteractive() ? Demo.Progress.SHOWN : Demo.Progress.HIDDEN;
        PrintWriter table = json ? new PrintWriter(Writer.nullWriter()) : out();
        DemoResult result = Demo.run(
                new Demo.Settings(seconds, rateHz, format, waiting, Optional.ofNullable(out), progress), table);
        if (json) {
            printJson(result.toJson());
        }
        return ExitStatus.DONE;
    }
}
