package org.shmrt.block;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Bytes from which a list is parsed: a mapped block, or a file. */
interface ListSource {
    /** Copies bytes, as many as the target has. */
    void read(long offset, MemorySegment target);

    /** Number of bytes. */
    long size();

    /** Reads consecutive values through a private buffer, so that each is read only once and cannot change afterwards. */
    final class Cursor {
        private static final int BUFFER_BYTES = 1 << 13;

        private final ListSource source;
        private final int valueBytes;
        private final MemorySegment buffer;
        private long nextOffset;
        private long remainingBytes;
        private int position;
        private int filled;

        /** Starts at an offset; the caller has checked that the source has all values. */
        Cursor(ListSource source, long offset, long valueCount, int valueBytes) {
            this.source = source;
            this.valueBytes = valueBytes;
            this.nextOffset = offset;
            this.remainingBytes = valueCount * valueBytes;
            this.buffer = MemorySegment.ofArray(new byte[(int) Math.min(BUFFER_BYTES, remainingBytes)]);
        }

        long nextLong() {
            return buffer.get(ItemFormat.LONG_UNALIGNED, advance());
        }

        byte nextByte() {
            return buffer.get(ValueLayout.JAVA_BYTE, advance());
        }

        private int advance() {
            if (position == filled) {
                filled = (int) Math.min(buffer.byteSize(), remainingBytes);
                source.read(nextOffset, buffer.asSlice(0, filled));
                nextOffset += filled;
                remainingBytes -= filled;
                position = 0;
            }
            int offset = position;
            position += valueBytes;
            return offset;
        }
    }
}
