package org.shmrt.cli.stream;

import org.shmrt.error.IncompatibleException;
import org.shmrt.image.input.RowPadding;
import org.shmrt.text.FileNames;

/** The rows of raw frames that {@code shm write} reads. */
final class InputRows {
    private InputRows() {}

    /**
     * The padding of the rows of an input.
     *
     * @throws IllegalArgumentException if the stride is less than a row
     */
    static RowPadding padding(InputForm form, TargetStream stream) {
        return RowPadding.of(form.frameShape(stream), stream.type(), form.strideBytes(), FileNames.text(stream.path()));
    }

    /** The exception for an input whose size is not that of whole frames. */
    static IncompatibleException indivisible(RowPadding padding, String input, long bytes, TargetStream stream) {
        return new IncompatibleException(input + " has " + bytes
                + " bytes, which is not a multiple of the frame size of " + FileNames.text(stream.path()) + ", "
                + padding.frameBytes()
                + " bytes (" + stream.shape() + " " + stream.type()
                + (padding.isNone() ? "" : ", rows of " + padding.strideBytes() + " bytes")
                + "): check shape and type, or give the bytes of a padded row with --stride; nothing was written");
    }
}
