package org.shmrt.cli.stream;

import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.function.Supplier;
import org.shmrt.cli.frame.FrameMemory;
import org.shmrt.cli.report.StreamJson;
import org.shmrt.cli.verb.Converters;
import org.shmrt.cli.verb.ExitStatus;
import org.shmrt.cli.verb.ImageOptions;
import org.shmrt.cli.verb.Verb;
import org.shmrt.image.pixel.Reorder;
import org.shmrt.memory.MemoryImage;
import org.shmrt.stream.ImageStream;
import org.shmrt.stream.format.StreamSpec;
import org.shmrt.stream.inspect.StreamInfo;
import org.shmrt.text.FileNames;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code shm create}. */
@Command(
        name = "create",
        description = {
            "Creates a stream.",
            "The stream becomes visible when it is complete and its memory is reserved. It keeps one frame and has no "
                    + "room for keywords by default."
        })
public final class CreateCommand extends Verb {
    @Parameters(paramLabel = "STREAM", converter = Converters.ToStreamPath.class, description = "Path or bare name.")
    private Path stream;

    @Mixin
    private ImageOptions image;

    @Option(
            names = "--in",
            paramLabel = "FILE",
            description = "First frame (.npy, .fits, or .raw with --shape and --dtype); it counts as written.")
    private Path in;

    @Option(
            names = "--transpose",
            description = "Swap the last two axes of the first frame, for files of programs that transpose images.")
    private boolean transpose;

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            defaultValue = "dao",
            description = "Format of the stream: dao or milk. Default: dao.")
    private String format;

    @Mixin
    private LayoutOptions options;

    @Option(
            names = "--rolling",
            description = "Create a rolling cube (milk): the slices along the first of three axes are written in "
                    + "rotation.")
    private boolean rolling;

    @Option(
            names = "--mode",
            paramLabel = "MODE",
            converter = Converters.ToPermissions.class,
            description = "Permissions in octal; the umask does not apply. Default: 0600 (dao), 0666 (milk).")
    private Integer mode;

    @Option(names = "--json", description = "Describe the new stream as shm info --json does.")
    private boolean json;

    @Override
    public Integer call() {
        StreamSpec spec = spec();
        try (ImageStream created = in == null
                ? ImageStream.create(stream, spec)
                : ImageOptions.using(in, () -> ImageStream.create(stream, spec))) {
            created.creationWarning().ifPresent(warning -> note("warning: " + warning));
            report(created);
        }
        return ExitStatus.DONE;
    }

    private StreamSpec spec() {
        StreamSpec spec = imageSpec()
                .withVariant(options.layout().orElse(null))
                .withDepth(options.depth().orElse(1))
                .withCircularBuffer(options.circular().orElse(0))
                .withKeywords(options.keywords().orElse(0));
        if (rolling) {
            spec = spec.asRollingCube();
        }
        if (mode != null) {
            spec = spec.withPermissions(mode);
        }
        return options.replacesExisting() ? spec.replacingExisting() : spec;
    }

    private static Supplier<MemoryImage> transposed(MemoryImage image) {
        return () -> {
            MemorySegment planes = FrameMemory.allocate(image.data().byteSize(), 1);
            Reorder.swapLastAxes(
                    image.data(), planes, image.shape(), image.type().itemBytes());
            return new MemoryImage(image.type(), Reorder.lastAxesSwapped(image.shape()), planes);
        };
    }

    private StreamSpec imageSpec() {
        if (in != null) {
            MemoryImage first = image.read(in, this::note);
            if (transpose) {
                first = ImageOptions.using(in, transposed(first));
            }
            return StreamSpec.of(format, first.type(), first.shape()).withFirstFrame(first.data());
        }
        if (image.shape().isEmpty() || image.type().isEmpty()) {
            throw wrongUsage("give --shape and --dtype, or a first frame with --in");
        }
        return StreamSpec.of(format, image.type().get(), image.shape().get());
    }

    private void report(ImageStream created) {
        if (json) {
            printJson(StreamJson.of(StreamInfo.of(stream)));
        } else {
            print(FileNames.text(stream) + ": " + created.layout().format() + " stream of " + created.shape() + " "
                    + created.type()
                    + ", depth " + created.layout().depth() + ", "
                    + created.layout().fileBytes() + " bytes");
        }
    }
}
