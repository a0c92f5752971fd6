package org.shmrt.cli.stream;

import java.nio.file.Path;
import java.util.List;
import org.shmrt.cli.frame.FrameMemory;
import org.shmrt.cli.verb.Converters;
import org.shmrt.cli.verb.Verb;
import org.shmrt.stream.FrameWriter;
import org.shmrt.stream.ImageStream;
import org.shmrt.text.FileNames;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code shm zero}. */
@Command(
        name = "zero",
        description =
                "Writes a frame of zeros into each stream, and wakes its readers: flattens a mirror, for example.")
public final class ZeroCommand extends Verb {
    @Parameters(
            paramLabel = "STREAM",
            arity = "1..*",
            converter = Converters.ToStreamPath.class,
            description = "Paths or bare names.")
    private List<Path> streams;

    @Mixin
    private WriterOptions writing;

    @Override
    public Integer call() {
        return forEach(streams, this::zero);
    }

    private void zero(Path stream) {
        try (ImageStream opened = ImageStream.open(stream);
                FrameWriter writer = writing.writer(opened)) {
            // New memory contains zeros.
            long count = writer.write(FrameMemory.allocate(opened.layout().frameBytes(), 1));
            print(FileNames.text(stream) + ": frame " + Long.toUnsignedString(count) + " of zeros written");
        }
    }
}
