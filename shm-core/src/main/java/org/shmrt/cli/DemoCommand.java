package org.shmrt.cli;

import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.shmrt.cli.verb.ErrorOutput;
import org.shmrt.cli.verb.ExitStatus;
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
            "It measures what the processors can hold, chooses a rate and a way of waiting, prints a latency table,"
                    + " explains lost frames, writes three pictures, and leaves nothing else behind.",
            "While it runs, shm loop list shows its control loop, and shm loop show, pause, step, resume and stop work"
                    + " on it."
        })
final class DemoCommand extends Verb {
    @Option(names = "--seconds", paramLabel = "S", defaultValue = "5", description = "Duration. Default: 5.")
    private double seconds;

    @Option(
            names = "--rate",
            paramLabel = "HZ",
            description = "Frames per second. Default: what the processors can hold, at most 1000.")
    private Double rateHz;

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            defaultValue = "dao",
            description = "Format of the streams: dao or milk. Default: dao.")
    private String format;

    @Option(
            names = "--wait",
            paramLabel = "HOW",
            description =
                    "spin, sem or hybrid (spin for 50 us, then sleep). Default: spin where at least 4 cores are free,"
                            + " else sem.")
    private String waiting;

    @Option(
            names = "--priority",
            paramLabel = "N",
            description =
                    "Real-time priority (FIFO) of the three processes, 1 to 99, or 0 for none. Default: 10 if threads"
                            + " wake up late without a priority, and this user may have one; else none.")
    private Integer priority;

    @Option(names = "--strict", description = "Exit with status 1 if a frame was lost or the rate was not reached.")
    private boolean strict;

    @Option(
            names = {"-o", "--out"},
            paramLabel = "DIR",
            description = "Folder for the pictures. Default: a new one in the current directory.")
    private Path out;

    @Option(names = "--json", description = "Print one line of JSON instead of the table.")
    private boolean json;

    @Override
    public Integer call() {
        Demo.Progress progress = ErrorOutput.isTerminal(err()) ? Demo.Progress.SHOWN : Demo.Progress.HIDDEN;
        PrintWriter table = json ? new PrintWriter(Writer.nullWriter()) : out();
        DemoResult result = Demo.run(
                new Demo.Settings(
                        seconds,
                        rateHz == null ? OptionalDouble.empty() : OptionalDouble.of(rateHz),
                        format,
                        Optional.ofNullable(waiting),
                        priority == null ? OptionalInt.empty() : OptionalInt.of(priority),
                        Optional.ofNullable(out),
                        progress),
                table,
                err());
        if (json) {
            printJson(result.toJson());
        }
        if (strict && result.hasLoss()) {
            note("--strict: " + String.join("; ", result.warnings()));
            return ExitStatus.FAILED;
        }
        return ExitStatus.DONE;
    }
}
