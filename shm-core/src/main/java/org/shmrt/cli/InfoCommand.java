package org.shmrt.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.shmrt.stream.StreamInfo;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code shm info}. */
@Command(name = "info",
        description = "Everything the header says, the semaphores, and what is odd. Changes nothing.")
final class InfoCommand implements Callable<Integer> {
    @Parameters(paramLabel = "STREAM", converter = Converters.OfStream.class, description = "Path or bare name.")
    private Path stream;

    @Option(names = "--json", description = "One line of JSON.")
    private boolean json;

    @Mixin
    private HelpOption help;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        StreamInfo info = StreamInfo.of(stream);
        if (json) {
            Json.print(out, StreamReport.json(info));
        } else {
            StreamReport.text(info).forEach(out::println);
        }
        out.flush();
        return ExitStatus.DONE;
    }
}
