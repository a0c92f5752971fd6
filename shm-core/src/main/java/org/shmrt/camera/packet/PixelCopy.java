package org.shmrt.camera.packet;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import org.shmrt.posix.GuardedCopy;

/** Copies pixels from a packet, whose byte order may not be that of the memory. Does not allocate. */
final class PixelCopy {
    private static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfShort BIG_SHORT = SHORT.withOrder(ByteOrder.BIG_ENDIAN);
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt BIG_INT = INT.withOrder(ByteOrder.BIG_ENDIAN);
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong BIG_LONG = LONG.withOrder(ByteOrder.BIG_ENDIAN);

    /** Size of the parts that are in big-endian order; 1 if there is nothing to swap. */
    private final int swappedBytes;

    PixelCopy(ByteOrder order, int componentBytes) {
        this.swappedBytes = order == ByteOrder.BIG_ENDIAN ? componentBytes : 1;
    }

    void copy(MemorySegment from, long fromOffset, MemorySegment to, long toOffset, long bytes) {
        switch (swappedBytes) {
            case 2 -> MemorySegment.copy(from, BIG_SHORT, fromOffset, to, SHORT, toOffset, bytes / 2);
            case 4 -> MemorySegment.copy(from, BIG_INT, fromOffset, to, INT, toOffset, bytes / 4);
            case 8 -> MemorySegment.copy(from, BIG_LONG, fromOffset, to, LONG, toOffset, bytes / 8);
            default -> GuardedCopy.copy(from, fromOffset, to, toOffset, bytes);
        }
    }

    boolean isPlain() {
        return swappedBytes == 1;
    }
}
