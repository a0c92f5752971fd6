package org.shmrt.cli.stream;

import java.io.PrintWriter;
import java.nio.file.Path;
import org.shmrt.cli.verb.Converters;
import org.shmrt.cli.verb.ExitStatus;
import org.shmrt.cli.verb.Json;
import org.shmrt.cli.verb.Verb;
import org.shmrt.image.ImageFiles;
import org.shmrt.memory.DataType;
import org.shmrt.memory.MemoryImage;
import org.shmrt.memory.Shape;
import org.shmrt.stream.ImageStream;
import org.shmrt.stream.format.StreamSpec;
import org.shmrt.stream.inspect.StreamInfo;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code shm create}. */
@Command(name = "create", description = "Makes a stream: complete, its memory reserved, visible only when it is ready.")
public final class CreateCommand extends Verb {
    @Parameters(paramLabel = "STREAM", converter = Converters.OfStream.class, description = "Path or bare name.")
    private Path stream;

    @Option(
            names = "--shape",
            paramLabel = "ROWSxCOLS",
            converter = Converters.OfShape.class,
            description = "Axis lengths, slowest first, for example 480x640.")
    private Shape shape;

    @Option(
            names = "--dtype",
            paramLabel = "TYPE",
            converter = Converters.OfDataType.class,
            description = "u8 i8 u16 i16 u32 i32 u64 i64 f32 f64 c64 c128 (milk: also f16), or numpy's name.")
    private DataType dtype;

    @Option(
            names = "--in",
            paramLabel = "FILE",
            description = "First frame (.npy, .fits, or .raw with --shape and --dtype); it counts as written.")
    private Path in;

    @Option(names = "--format", paramLabel = "FORMAT", defaultValue = "dao", description = "dao (the default) or milk.")
    private String format;

    @Option(
            names = "--layout",
            paramLabel = "NAME",
            description = "The format's layout: dao has fifo (the usual), "
                    + "pre-fifo (before 2026-02-17) and wide; milk has 2.00 (the usual), 2.00-dao-compat and "
                    + "2.00-writehistory.")
    private String layout;

    @Option(
            names = "--depth",
            paramLabel = "N",
            defaultValue = "1",
            description = "Frames the stream keeps; 1 by default.")
    private int depth;

    @Option(
            names = "--circular",
            paramLabel = "N",
            defaultValue = "0",
            description = "Frames that milk's fast circular buffer keeps beside the newest; 0 by default.")
    private int circular;

    @Option(
            names = "--rolling",
            description = "A rolling cube (milk): of three axes, the slices along the first are "
                    + "written one after another.")
    private boolean rolling;

    @Option(
            names = "--keywords",
            paramLabel = "N",
            defaultValue = "0",
            description = "Room for keywords; 0 by default.")
    private int keywords;

    @Option(
            names = "--mode",
            paramLabel = "MODE",
            converter = Converters.OfPermissions.class,
            description = "Permissions in octal, whatever the umask; the format's own by default "
                    + "(dao: 0600, milk: 0666).")
    private Integer mode;

    @Option(names = "--force", description = "Replace a stream of that name; who has it open keeps the old one.")
    private boolean force;

    @Option(names = "--json", description = "Report the new stream as shm info --json does.")
    private boolean json;

    @Override
    public Integer call() {
        StreamSpec wanted = wanted().withVariant(layout)
                .withDepth(depth)
                .withCircularBuffer(circular)
                .withKeywords(keywords);
        if (rolling) {
            wanted = wanted.asRollingCube();
        }
        if (mode != null) {
            wanted = wanted.withPermissions(mode);
        }
        if (force) {
            wanted = wanted.replacingExisting();
        }
        try (ImageStream created = ImageStream.create(stream, wanted)) {
            if (created.creationWarning() != null) {
                note("warning: " + created.creationWarning());
            }
            report(created);
        }
        return ExitStatus.DONE;
    }

    private StreamSpec wanted() {
        if (in != null) {
            MemoryImage first = ImageFiles.read(in, dtype, shape);
            if ((dtype != null && dtype != first.type()) || (shape != null && !shape.equals(first.shape()))) {
                throw new IllegalArgumentException(
                        in + " holds " + first.shape() + " " + first.type() + ", not what --shape and --dtype say");
            }
            return StreamSpec.of(format, first.type(), first.shape()).withFirstFrame(first.data());
        }
        if (shape == null || dtype == null) {
            throw wrongUsage("give --shape and --dtype, or a first frame with --in");
        }
        return StreamSpec.of(format, dtype, shape);
    }

    private void report(ImageStream created) {
        PrintWriter out = out();
        if (json) {
            Json.print(out, StreamReport.json(StreamInfo.of(stream)));
        } else {
            out.println(stream + ": " + created.layout().format() + " stream of " + created.shape() + " "
                    + created.type() + ", depth " + created.layout().depth() + ", "
                    + created.layout().fileBytes() + " bytes");
            out.flush();
        }
    }
}
