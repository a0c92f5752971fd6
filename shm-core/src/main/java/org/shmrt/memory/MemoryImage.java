package org.shmrt.memory;

import java.lang.foreign.MemorySegment;

/**
 * An image with its type and shape, in C order (the last index varies fastest) and little-endian. Image files are read
 * into and written from such images. Images in shared memory are copied first, so that their pixels do not change.
 *
 * @param type type of the elements
 * @param shape lengths of the axes, slowest axis first
 * @param data exactly the bytes of the elements
 */
public record MemoryImage(DataType type, Shape shape, MemorySegment data) {
    /**
     * Checks the size of the data.
     *
     * @throws IllegalArgumentException if the data has another size than the shape needs
     */
    public MemoryImage {
        if (data.byteSize() != shape.byteSize(type)) {
            throw new IllegalArgumentException("an image of " + shape + " " + type + " has " + shape.byteSize(type)
                    + " bytes, not " + data.byteSize());
        }
    }
}
