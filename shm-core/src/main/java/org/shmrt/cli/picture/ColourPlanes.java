package org.shmrt.cli.picture;

import java.lang.foreign.MemorySegment;
import org.shmrt.camera.FrameFormat;
import org.shmrt.camera.Grabber;
import org.shmrt.cli.frame.FrameMemory;
import org.shmrt.image.pixel.Reorder;
import org.shmrt.memory.MemoryImage;
import org.shmrt.memory.Shape;
import org.shmrt.stream.ImageStream;

/** Frames with a plane for each colour. A keyword of the stream distinguishes them from a cube of three frames. */
public final class ColourPlanes {
    private ColourPlanes() {}

    /** The image with the colours of a pixel next to each other, if its stream says that it has planes. */
    public static MemoryImage forPicture(MemoryImage image, ImageStream stream) {
        Shape shape = image.shape();
        if (shape.rank() != 3 || shape.length(0) != 3 || !hasPlanes(stream)) {
            return image;
        }
        MemorySegment packed = FrameMemory.allocate(image.data().byteSize(), 1);
        Shape planes = Shape.of(3, shape.length(1) * shape.length(2));
        Reorder.swapLastAxes(image.data(), packed, planes, image.type().itemBytes());
        return new MemoryImage(image.type(), Shape.of(shape.length(1), shape.length(2), 3), packed);
    }

    private static boolean hasPlanes(ImageStream stream) {
        return stream.keywords().stream()
                .filter(keyword -> keyword.name().equals(Grabber.PIXELS_KEYWORD))
                .anyMatch(keyword -> FrameFormat.Pixels.RGB_PLANAR.keyword().equals(keyword.value()));
    }
}
