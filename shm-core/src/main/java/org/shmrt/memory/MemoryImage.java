package org.shmrt.memory;

import java.lang.foreign.MemorySegment;

/**
 * A typed image in memory, in C order (the last axis fastest) and little-endian: what files are read into and
 * written from. Shared memory is copied out first, so the pixels hold still.
 *
 * @param type type of the elements
 * @param shape slowest axis first
 * @param data exactly the elements' bytes
 */
public record MemoryImage(DataType type, Shape shape, MemorySegment data) {
    /**
     * Checks that the bytes are as many as the shape needs.
     */
    public MemoryImage {
        if (data.byteSize() != shape.byteSize(type)) {
            throw new IllegalArgumentException("an image of " + shape + " " + type + " has " + shape.byteSize(type)
                    + " bytes, not " + data.byteSize());
        }
    }
}
