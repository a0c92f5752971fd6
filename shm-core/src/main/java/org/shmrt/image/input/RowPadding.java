package org.shmrt.image.input;

import java.lang.foreign.MemorySegment;
import java.util.OptionalLong;
import org.shmrt.memory.DataType;
import org.shmrt.memory.Shape;

/**
 * Rows of a raw frame with unused bytes after each, as many cameras and video programs write them. Immutable.
 *
 * @param rows number of rows of a frame
 * @param rowBytes bytes of the elements of a row
 * @param strideBytes bytes from one row to the next
 */
public record RowPadding(long rows, long rowBytes, long strideBytes) {
    /**
     * The padding of an input.
     *
     * @param frame shape of a frame in the input
     * @param target what the frames are for, as a noun, for the message
     * @throws IllegalArgumentException if the stride is less than a row
     */
    public static RowPadding of(Shape frame, DataType type, OptionalLong strideBytes, String target) {
        long rowBytes = frame.length(frame.rank() - 1) * type.itemBytes();
        long rows = frame.byteSize(type) / rowBytes;
        long stride = strideBytes.orElse(rowBytes);
        if (stride < rowBytes || stride > Long.MAX_VALUE / rows) {
            throw new IllegalArgumentException("--stride " + stride + ": a row of " + target + ", which is " + frame
                    + " " + type + " in the input, has " + rowBytes + " bytes");
        }
        return new RowPadding(rows, rowBytes, stride);
    }

    /** Size of a frame in the input, in bytes. */
    public long frameBytes() {
        return rows * strideBytes;
    }

    public boolean isNone() {
        return strideBytes == rowBytes;
    }

    /** Copies the elements of a frame, without the padding. */
    public void remove(MemorySegment padded, MemorySegment frame) {
        for (long row = 0; row < rows; row++) {
            MemorySegment.copy(padded, row * strideBytes, frame, row * rowBytes, rowBytes);
        }
    }
}
