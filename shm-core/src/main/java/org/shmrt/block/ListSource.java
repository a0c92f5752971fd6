package org.shmrt.block;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Where the bytes of a list are read from: a block, or a file that is only looked at. */
interface ListSource {
    /** Copies bytes out, all that the target has room for. */
    void read(long offset, MemorySegment target);

    /** How many bytes there are. */
    long size();

    /** Reads bytes at increasing places through a private buffer, so that what was judged does not change. */
    final class Cursor {
        private static final int BUFFER_BYTES = 1 << 13;

        private final ListSource source;
        private final int wordBytes;
        private final MemorySegment buffer;
        private long nextAt;
        private long left;
        private int position;
        private int filled;

        /** Over words of that size; the caller has checked that the source has them. */
        Cursor(ListSource source, long offset, long words, int wordBytes) {
            this.source = source;
            this.wordBytes = wordBytes;
            this.nextAt = offset;
            this.left = words * wordBytes;
            this.buffer = MemorySegment.ofArray(new byte[(int) Math.min(BUFFER_BYTES, left)]);
        }

        long nextLong() {
            return buffer.get(ItemFormat.LONG_ANYWHERE, advance());
        }

        byte nextByte() {
            return buffer.get(ValueLayout.JAVA_BYTE, advance());
        }

        private int advance() {
            if (position == filled) {
                filled = (int) Math.min(buffer.byteSize(), left);
                source.read(nextAt, buffer.asSlice(0, filled));
                nextAt += filled;
                left -= filled;
                position = 0;
            }
            int at = position;
            position += wordBytes;
            return at;
        }
    }
}
