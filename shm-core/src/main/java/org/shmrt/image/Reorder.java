package org.shmrt.image;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.stream.LongStream;
import org.shmrt.memory.Shape;

/** Byte order and axis order: brings what other machines and Fortran programs wrote into ours. */
final class Reorder {
    private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED;
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;
    /** Tiles of 32 x 32 elements keep both sides in the first-level cache. */
    private static final long TILE = 32;

    private Reorder() {}

    /** Reverses the bytes of every component in place. */
    static void swapBytes(MemorySegment data, int componentBytes) {
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
            default -> throw new IllegalArgumentException(componentBytes + " bytes a component");
        }
    }

    /** Whether C and Fortran order are the same bytes: at most one axis is longer than 1, or there is no element. */
    static boolean sameInBothOrders(Shape shape) {
        return shape.elementCount() == 0
                || LongStream.of(shape.lengths()).filter(length -> length > 1).count() < 2;
    }

    /**
     * Copies from Fortran order, the first axis fastest, into C order, the last axis fastest.
     *
     * @param from bytes in Fortran order
     * @param to as many bytes, not overlapping
     * @param shape with at least two axes longer than 1
     * @param itemBytes 1, 2, 4, 8 or 16
     */
    static void fortranToC(MemorySegment from, MemorySegment to, Shape shape, int itemBytes) {
        // axes of length 1 do not move anything
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
        // The first and the last axis make planes to transpose; an odometer runs over the axes between.
        long[] index = new long[lengths.length];
        long fromBase = 0;
        long toBase = 0;
        while (true) {
            plane(from, fromBase, fromStrides[last], to, toBase, toStrides[0], lengths[0], lengths[last], itemBytes);
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

    private static void plane(
            MemorySegment from,
            long fromBase,
            long fromStride,
            MemorySegment to,
            long toBase,
            long toStride,
            long rows,
            long columns,
            int itemBytes) {
        for (long row = 0; row < rows; row += TILE) {
            for (long column = 0; column < columns; column += TILE) {
                tile(
                        from,
                        fromBase + row + column * fromStride,
                        fromStride,
                        to,
                        toBase + row * toStride + column,
                        toStride,
                        Math.min(TILE, rows - row),
                        Math.min(TILE, columns - column),
                        itemBytes);
            }
        }
    }

    private static void tile(
            MemorySegment from,
            long fromBase,
            long fromStride,
            MemorySegment to,
            long toBase,
            long toStride,
            long rows,
            long columns,
            int itemBytes) {
        for (long row = 0; row < rows; row++) {
            long source = (fromBase + row) * itemBytes;
            long target = (toBase + row * toStride) * itemBytes;
            long step = fromStride * itemBytes;
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
