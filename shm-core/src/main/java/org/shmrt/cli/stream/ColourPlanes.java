package org.shmrt.cli.stream;

import java.lang.foreign.MemorySegment;
import java.util.Optional;
import org.shmrt.camera.FrameFormat;
import org.shmrt.camera.Grabber;
import org.shmrt.cli.frame.FrameMemory;
import org.shmrt.memory.MemoryImage;
import org.shmrt.memory.Shape;
import org.shmrt.stream.ImageStream;
import org.shmrt.stream.keyword.Keyword;

/** Frames with a plane for each colour. A keyword of the stream tells them from three frames in a cube. */
final class ColourPlanes {
    private ColourPlanes() {}

    /** The image with the colours of a pixel next to each other, if its stream says that it has planes. */
    static MemoryImage forPicture(MemoryImage image, ImageStream stream) {
        Shape shape = image.shape();
        Optional<Keyword> pixels = stream.keywords().stream()
                .filter(keyword -> keyword.name().equals(Grabber.PIXELS_KEYWORD))
                .findFirst();
        if (shape.rank() != 3
                || shape.length(0) != 3
                || pixels.isEmpty()
                || !FrameFormat.Pixels.RGB_PLANAR.keyword().equals(pixels.get().value())) {
            return image;
        }
        long itemBytes = image.type().itemBytes();
        long elements = shape.length(1) * shape.length(2);
        MemorySegment packed = FrameMemory.allocate(image.data().byteSize(), 1);
        for (int colour = 0; colour < 3; colour++) {
            for (long i = 0; i < elements; i++) {
                MemorySegment.copy(
                        image.data(),
                        (colour * elements + i) * itemBytes,
                        packed,
                        (3 * i + colour) * itemBytes,
                        itemBytes);
            }
        }
        return new MemoryImage(image.type(), Shape.of(shape.length(1), shape.length(2), 3), packed);
    }
}
