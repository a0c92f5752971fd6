package org.shmrt.cli.frame;

import java.lang.foreign.MemorySegment;
import java.util.Optional;
import java.util.function.Consumer;
import org.shmrt.cli.verb.Converters;
import org.shmrt.memory.MemoryImage;
import org.shmrt.memory.Shape;
import org.shmrt.stream.ImageStream;
import org.shmrt.stream.Region;
import picocli.CommandLine.Option;

/** {@code --region}: a part of each frame. */
public final class RegionOption {
    @Option(
            names = "--region",
            paramLabel = "Y0:Y1,X0:X1",
            converter = ToRegion.class,
            description = "Only rows Y0 to Y1 - 1 and columns X0 to X1 - 1 of each frame, as numpy's [Y0:Y1, X0:X1]. "
                    + "The ranges are those of the last axes; : is a whole axis.")
    private Region region;

    private Optional<MemorySegment> wholeFrame = Optional.empty();

    static final class ToRegion extends Converters.Parser<Region> {
        ToRegion() {
            super(Region::parse);
        }
    }

    public boolean isGiven() {
        return region != null;
    }

    /** The shape of the part of a frame; that of the frame if the option is not given. */
    public Shape shape(Shape frame) {
        return Optional.ofNullable(region).map(part -> part.shape(frame)).orElse(frame);
    }

    /** The shape of what is read of each frame of a stream. */
    public Shape shape(ImageStream stream) {
        return shape(stream.shape());
    }

    /** The size of what is read of each frame of a stream. */
    public long byteSize(ImageStream stream) {
        return shape(stream).byteSize(stream.type());
    }

    /** Reads a whole frame by {@code reading}, and copies the part of it; without the option, the part is the frame. */
    public void read(ImageStream stream, MemorySegment part, Consumer<MemorySegment> reading) {
        if (region == null) {
            reading.accept(part);
            return;
        }
        if (wholeFrame.isEmpty()) {
            wholeFrame = Optional.of(FrameMemory.allocate(stream.layout().frameBytes(), 1));
        }
        reading.accept(wholeFrame.get());
        part.copyFrom(of(new MemoryImage(stream.type(), stream.shape(), wholeFrame.get()))
                .data());
    }

    /** The part of an image; the image if the option is not given. */
    public MemoryImage of(MemoryImage image) {
        return Optional.ofNullable(region).map(part -> part.of(image)).orElse(image);
    }
}
