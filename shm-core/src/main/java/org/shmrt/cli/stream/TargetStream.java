package org.shmrt.cli.stream;

import java.nio.file.Path;
import org.shmrt.memory.DataType;
import org.shmrt.memory.Shape;
import org.shmrt.stream.ImageStream;

/**
 * The stream that {@code shm write} writes, as far as its input needs to know it. Immutable.
 *
 * @param path its file, for messages
 * @param type type of the elements
 * @param shape shape of a frame
 */
record TargetStream(Path path, DataType type, Shape shape) {
    static TargetStream of(ImageStream stream) {
        return new TargetStream(stream.path(), stream.type(), stream.shape());
    }

    long frameBytes() {
        return shape.byteSize(type);
    }
}
