package org.shmrt.image.pixel;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.stream.LongStream;
import org.shmrt.memory.Shape;

/** Converts byte order and axis order to little-endian and C order. Stateless; safe for any thread. */
public final class Reorder {
    private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED;
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;
    /** Tiles of 32 x 32 elements keep both sides in the first-level cache. */
    private static final long TILE = 32;

    private Reorder() {}

    /** Reverses the bytes of every component in place. A component has 1, 2, 4 or 8 bytes. */
    public static void swapBytes(MemorySegment data, int componentBytes) {
        long end = data.byteSize();
        switch (componentBytes) {
            case 1 -> {}
            case 2 -> {
                for (long at = 0; at < end; at += 2) {
                    data.set(SHORT, at, Short.reverseBytes(data.get(SHORT, at)));
                }
            }
            case 4 -> {
                for (long at = 0; at < end; at += 4) {
                    data.set(INT, at, Integer.reverseBytes(data.get(INT, at)));
                }
            }
            case 8 -> {
                for (long at = 0; at < end; at += 8) {
                    data.set(LONG, at, Long.reverseBytes(data.get(LONG, at)));
                }
            }
            default ->
                throw new IllegalArgumentException("a component of " + componentBytes + " bytes is not supported");
        }
    }

    /** Whether C and Fortran order are the same: at most one axis is longer than 1, or there are no elements. */
    public static boolean sameInBothOrders(Shape shape) {
        return shape.elementCount() == 0
                || LongStream.of(shape.lengths()).filter(length -> length > 1).count() < 2;
    }

    /**
     * Copies elements from Fortran order, with the first axis fastest, to C order, with the last axis fastest.
     *
     * @param from elements in Fortran order
     * @param to memory of the same size that does not overlap
     * @param shape shape with at least two axes longer than 1
     * @param itemBytes size of an element: 1, 2, 4, 8 or 16 bytes
     */
    public static void fortranToC(MemorySegment from, MemorySegment to, Shape shape, int itemBytes) {
        // axes of length 1 have no effect
        long[] lengths =
                LongStream.of(shape.lengths()).filter(length -> length > 1).toArray();
        int last = lengths.length - 1;
        long[] fromStrides = new long[lengths.length];
        long[] toStrides = new long[lengths.length];
        long stride = 1;
        for (int axis = 0; axis <= last; axis++) {
            fromStrides[axis] = stride;
            stride *= lengths[axis];
        }
        stride = 1;
        for (int axis = last; axis >= 0; axis--) {
            toStrides[axis] = stride;
            stride *= lengths[axis];
        }
        // The first and the last axis form planes to transpose; the loop counts through the axes between them.
        Transposition planes = new Transposition(from, fromStrides[last], to, toStrides[0], itemBytes);
        long[] index = new long[lengths.length];
        long fromBase = 0;
        long toBase = 0;
        while (true) {
            planes.plane(fromBase, toBase, lengths[0], lengths[last]);
            int axis = 1;
            while (axis < last) {
                fromBase += fromStrides[axis];
                toBase += toStrides[axis];
                if (++index[axis] < lengths[axis]) {
                    break;
                }
                fromBase -= fromStrides[axis] * lengths[axis];
                toBase -= toStrides[axis] * lengths[axis];
                index[axis++] = 0;
            }
            if (axis >= last) {
                return;
            }
        }
    }

    /** A shape with its last two axes swapped; a vector remains as it is. */
    public static Shape lastAxesSwapped(Shape shape) {
        int last = shape.rank() - 1;
        if (last < 1) {
            return shape;
        }
        long[] lengths = shape.lengths();
        lengths[last] = shape.length(last - 1);
        lengths[last - 1] = shape.length(last);
        return Shape.of(lengths);
    }

    /**
     * Copies elements in C order to the same order with the last two axes swapped, so that each plane is transposed.
     *
     * @param from elements in C order
     * @param to memory of the same size that does not overlap
     * @param shape shape of the elements to copy
     * @param itemBytes size of an element: 1, 2, 4, 8 or 16 bytes
     */
    public static void swapLastAxes(MemorySegment from, MemorySegment to, Shape shape, int itemBytes) {
        int last = shape.rank() - 1;
        Shape plane = last < 1 ? Shape.of() : Shape.of(shape.length(last), shape.length(last - 1));
        if (sameInBothOrders(plane)) {
            MemorySegment.copy(from, 0, to, 0, from.byteSize());
            return;
        }
        long planeBytes = plane.elementCount() * itemBytes;
        for (long at = 0; at < from.byteSize(); at += planeBytes) {
            // a plane in C order is the transposed plane in Fortran order
            fortranToC(from.asSlice(at, planeBytes), to.asSlice(at, planeBytes), plane, itemBytes);
        }
    }

    /** Strides of a transposition, in elements. */
    private record Transposition(MemorySegment from, long fromStride, MemorySegment to, long toStride, int itemBytes) {
        void plane(long fromBase, long toBase, long rows, long columns) {
            for (long row = 0; row < rows; row += TILE) {
                for (long column = 0; column < columns; column += TILE) {
                    tile(
                            fromBase + row + column * fromStride,
                            toBase + row * toStride + column,
                            Math.min(TILE, rows - row),
                            Math.min(TILE, columns - column));
                }
            }
        }

        private void tile(long fromBase, long toBase, long rows, long columns) {
            long step = fromStride * itemBytes;
            for (long row = 0; row < rows; row++) {
                long source = (fromBase + row) * itemBytes;
                long target = (toBase + row * toStride) * itemBytes;
                for (long column = 0; column < columns; column++, source += step, target += itemBytes) {
                    switch (itemBytes) {
                        case 1 -> to.set(ValueLayout.JAVA_BYTE, target, from.get(ValueLayout.JAVA_BYTE, source));
                        case 2 -> to.set(SHORT, target, from.get(SHORT, source));
                        case 4 -> to.set(INT, target, from.get(INT, source));
                        default -> {
                            to.set(LONG, target, from.get(LONG, source));
                            if (itemBytes == 16) {
                                to.set(LONG, target + 8, from.get(LONG, source + 8));
                            }
                        }
                    }
                }
            }
        }
    }
}
