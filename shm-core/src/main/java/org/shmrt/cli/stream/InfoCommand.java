package org.shmrt.cli.stream;

import java.nio.file.Path;
import org.shmrt.cli.report.StreamJson;
import org.shmrt.cli.report.StreamText;
import org.shmrt.cli.verb.Converters;
import org.shmrt.cli.verb.ExitStatus;
import org.shmrt.cli.verb.Ink;
import org.shmrt.cli.verb.Verb;
import org.shmrt.stream.inspect.StreamInfo;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code shm info}. */
@Command(
        name = "info",
        description = "Shows everything in the header and the semaphores, and warnings about anything unusual.")
public final class InfoCommand extends Verb {
    @Parameters(
            paramLabel = "STREAM",
            converter = Converters.ToExistingStream.class,
            description = "Path or bare name.")
    private Path stream;

    @Option(names = "--json", description = "Print one line of JSON.")
    private boolean json;

    @Override
    public Integer call() {
        StreamInfo info = StreamInfo.of(stream);
        if (json) {
            printJson(StreamJson.of(info));
        } else {
            Ink ink = ink();
            printAll(StreamText.of(info).stream()
                    .map(line -> line.startsWith(StreamText.WARNING) ? ink.warning(line) : line)
                    .toList());
        }
        return ExitStatus.DONE;
    }
}
