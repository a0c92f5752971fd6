package org.shmrt.cli.stream;

import java.util.Arrays;
import java.util.OptionalLong;
import org.shmrt.image.pixel.Reorder;
import org.shmrt.memory.Shape;

/**
 * The form of the frames that {@code shm write} reads.
 *
 * @param atEnd what follows the last frame of a file
 * @param axes order of the last two axes of a frame
 * @param maxExpandedBytes largest image that a compressed file may expand to, bytes
 * @param strideBytes bytes from one row of a raw frame to the next; empty for rows without padding
 */
record InputForm(AtEnd atEnd, Axes axes, long maxExpandedBytes, OptionalLong strideBytes) {
    /** What follows the last frame of a file. */
    enum AtEnd {
        STOP,
        REPEAT
    }

    /** Order of the last two axes of a frame in a file. */
    enum Axes {
        AS_IN_STREAM,
        TRANSPOSED
    }

    /** The shape of a frame in the input. */
    Shape frameShape(TargetStream stream) {
        return axes == Axes.TRANSPOSED ? Reorder.lastAxesSwapped(stream.shape()) : stream.shape();
    }

    /** Whether the elements of an array are one frame, or several along a first axis. */
    static boolean isFrames(Shape found, Shape frame) {
        // a vector of n can be stored as n x 1
        long[] lengths = found.lengths();
        return found.squeezed().equals(frame.squeezed())
                || (lengths.length > 1
                        && Shape.of(Arrays.copyOfRange(lengths, 1, lengths.length))
                                .squeezed()
                                .equals(frame.squeezed()));
    }
}
