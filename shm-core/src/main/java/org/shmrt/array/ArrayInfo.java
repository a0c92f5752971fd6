package org.shmrt.array;

import java.nio.file.Path;
import org.shmrt.memory.Shape;

/**
 * What is stored about an array. A snapshot; it holds nothing open.
 *
 * @param name by which it is attached: the bare name in shared memory, {@code file://PATH} elsewhere
 * @param path its file
 * @param form where the block stands, and how large it is
 * @param type type of the elements
 * @param shape slowest axis first
 * @param fileBytes size of the file: data, block, and a gap between them where a system rounds sizes up
 */
public record ArrayInfo(String name, Path path, HeaderVersion form, ArrayType type, Shape shape, long fileBytes) {
    /**
     * Size of the data.
     *
     * @return bytes
     */
    public long dataBytes() {
        return shape.elementCount() * type.itemBytes();
    }

    /**
     * Where the data begins in the file.
     *
     * @return 0, or 160 in the oldest form
     */
    public long dataOffset() {
        return form.dataOffset();
    }

    /**
     * Bytes between data and block that belong to neither.
     *
     * @return 0 on Linux, where sizes are exact
     */
    public long gapBytes() {
        return fileBytes - dataBytes() - form.blockBytes();
    }
}
