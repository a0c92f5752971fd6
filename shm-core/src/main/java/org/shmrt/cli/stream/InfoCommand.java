package org.shmrt.cli.stream;

import java.io.PrintWriter;
import java.nio.file.Path;
import org.shmrt.cli.verb.Converters;
import org.shmrt.cli.verb.ExitStatus;
import org.shmrt.cli.verb.Json;
import org.shmrt.cli.verb.Verb;
import org.shmrt.stream.inspect.StreamInfo;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code shm info}. */
@Command(name = "info", description = "Everything the header says, the semaphores, and what is odd. Changes nothing.")
public final class InfoCommand extends Verb {
    @Parameters(paramLabel = "STREAM", converter = Converters.OfStream.class, description = "Path or bare name.")
    private Path stream;

    @Option(names = "--json", description = "One line of JSON.")
    private boolean json;

    @Override
    public Integer call() {
        PrintWriter out = out();
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
