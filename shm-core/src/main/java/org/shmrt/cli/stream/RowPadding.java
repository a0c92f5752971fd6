package org.shmrt.cli.stream;

import java.lang.foreign.MemorySegment;
import org.shmrt.error.IncompatibleException;
import org.shmrt.memory.Shape;

/**
 * Rows of a raw frame with unused bytes after each, as many cameras and video programs write them. Immutable.
 *
 * @param rows number of rows of a frame
 * @param rowBytes bytes of the elements of a row
 * @param strideBytes bytes from one row to the next
 */
record RowPadding(long rows, long rowBytes, long strideBytes) {
    /**
     * The padding of an input.
     *
     * @throws IllegalArgumentException if the stride is less than a row
     */
    static RowPadding of(InputForm form, TargetStream stream) {
        Shape frame = form.frameShape(stream);
        long rowBytes = frame.length(frame.rank() - 1) * stream.type().itemBytes();
        long rows = stream.frameBytes() / rowBytes;
        long stride = form.strideBytes().orElse(rowBytes);
        if (stride < rowBytes || stride > Long.MAX_VALUE / rows) {
            throw new IllegalArgumentException("--stride " + stride + ": a row of " + stream.path() + ", which is "
                    + frame + " " + stream.type() + " in the input, has " + rowBytes + " bytes");
        }
        return new RowPadding(rows, rowBytes, stride);
    }

    /** Size of a frame in the input, in bytes. */
    long frameBytes() {
        return rows * strideBytes;
    }

    boolean isNone() {
        return strideBytes == rowBytes;
    }

    /** Copies the elements of a frame, without the padding. */
    void remove(MemorySegment padded, MemorySegment frame) {
        for (long row = 0; row < rows; row++) {
            MemorySegment.copy(padded, row * strideBytes, frame, row * rowBytes, rowBytes);
        }
    }

    /** The exception for an input whose size is not that of whole frames. */
    IncompatibleException indivisible(String input, long bytes, TargetStream stream) {
        return new IncompatibleException(input + " has " + bytes
                + " bytes, which is not a multiple of the frame size of " + stream.path() + ", " + frameBytes()
                + " bytes (" + stream.shape() + " " + stream.type()
                + (isNone() ? "" : ", rows of " + strideBytes + " bytes")
                + "): check shape and type, or give the bytes of a padded row with --stride; nothing was written");
    }
}
