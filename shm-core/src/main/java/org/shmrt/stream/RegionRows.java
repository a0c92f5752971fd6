package org.shmrt.stream;

import java.lang.foreign.MemorySegment;
import org.shmrt.memory.Shape;
import org.shmrt.posix.GuardedCopy;

/** Where the bytes of a region are in a frame: runs of consecutive bytes at equal distances along each outer axis. */
final class RegionRows {
    /** Number of steps along each outer axis, the slowest first. */
    private final long[] counts;

    /** Bytes from one step to the next. */
    private final long[] strides;

    private final long first;
    private final long runBytes;
    private final long byteSize;

    RegionRows(Shape frame, Shape part, long[] starts, int itemBytes) {
        long[] axisStrides = new long[frame.rank()];
        long stride = itemBytes;
        long position = 0;
        for (int axis = frame.rank() - 1; axis >= 0; axis--) {
            axisStrides[axis] = stride;
            position += starts[axis] * stride;
            stride *= frame.length(axis);
        }
        // The last axis is consecutive, and so is each axis before it for which all later ones are complete.
        int inner = frame.rank() - 1;
        while (inner > 0 && part.length(inner) == frame.length(inner)) {
            inner--;
        }
        counts = new long[inner];
        strides = new long[inner];
        for (int axis = 0; axis < inner; axis++) {
            counts[axis] = part.length(axis);
            strides[axis] = axisStrides[axis];
        }
        first = position;
        runBytes = part.length(inner) * axisStrides[inner];
        byteSize = part.elementCount() * itemBytes;
    }

    long byteSize() {
        return byteSize;
    }

    /** Copies the region, back to back. */
    void copy(MemorySegment frame, MemorySegment target) {
        copy(0, frame, first, target, 0);
    }

    /** Copies one step along the axis before {@code axis}, and returns the position after it in the target. */
    private long copy(int axis, MemorySegment frame, long from, MemorySegment target, long to) {
        if (axis == counts.length) {
            GuardedCopy.copy(frame, from, target, to, runBytes);
            return to + runBytes;
        }
        long at = to;
        for (long step = 0; step < counts[axis]; step++) {
            at = copy(axis + 1, frame, from + step * strides[axis], target, at);
        }
        return at;
    }
}
