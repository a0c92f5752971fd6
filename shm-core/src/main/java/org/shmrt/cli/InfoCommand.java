package org.shmrt.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import org.shmrt.stream.StreamInfo;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code shm info}. */
@Command(name = "info", description = "Everything the header says, the semaphores, and what is odd. Changes nothing.")
final class InfoCommand extends Verb {
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
