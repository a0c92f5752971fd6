package org.shmrt.cli;

import java.io.PrintStream;
import java.nio.file.Path;
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
        description = "A camera, a control loop and a mirror in three processes share memory; ends with a latency "
                + "table and two pictures, and leaves nothing else behind.")
final class DemoCommand extends Verb {
    @Option(names = "--seconds", paramLabel = "S", defaultValue = "5", description = "How long; 5 by default.")
    private double seconds;

    @Option(
            names = "--rate",
            paramLabel = "HZ",
            defaultValue = "1000",
            description = "Frames a second; 1000 by default.")
    private double rateHz;

    @Option(names = "--format", paramLabel = "FORMAT", defaultValue = "dao", description = "dao (the default).")
    private String format;

    @Option(
            names = "--wait",
            paramLabel = "HOW",
            defaultValue = "hybrid",
            description = "spin, sem or hybrid (the default: spin for a while, then sleep).")
    private String wait;

    @Option(
            names = {"-o", "--out"},
            paramLabel = "DIR",
            description = "Folder for the pictures; a new one in the current directory by default.")
    private Path out;

    @Option(names = "--json", description = "One line of JSON in place of the table.")
    private boolean json;

    @Override
    public Integer call() {
        boolean live = !json && Terminal.isInteractive();
        PrintStream text = json ? new PrintStream(PrintStream.nullOutputStream()) : System.out;
        DemoResult result = Demo.run(new Demo.Settings(seconds, rateHz, format, wait, out, live), text);
        if (json) {
            printJson(result.toJson());
        }
        return ExitStatus.DONE;
    }
}
