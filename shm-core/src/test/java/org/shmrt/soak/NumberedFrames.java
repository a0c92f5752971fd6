package org.shmrt.soak;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.shmrt.memory.DataType;
import org.shmrt.memory.Shape;

/**
 * Frames whose every word follows from their count, with a checksum of the words as the last one: a mixture of any two
 * frames shows, and so does a frame under another one's count.
 */
final class NumberedFrames {
    static final DataType TYPE = DataType.UINT64;
    /** 4 KiB. */
    static final Shape SHAPE = Shape.of(16, 32);

    private static final int WORDS = (int) SHAPE.elementCount();
    private static final long CHECKSUM_AT = (WORDS - 1L) * Long.BYTES;
    private static final long BY_COUNT = 0x9E3779B97F4A7C15L;
    private static final long BY_WORD = 0xC2B2AE3D27D4EB4FL;

    private NumberedFrames() {}

    static MemorySegment empty() {
        return MemorySegment.ofArray(new long[WORDS]);
    }

    /** Writes the frame of a count. */
    static void fill(MemorySegment frame, long count) {
        long word = count * BY_COUNT;
        long checksum = 0;
        for (long at = 0; at < CHECKSUM_AT; at += Long.BYTES) {
            frame.set(ValueLayout.JAVA_LONG, at, word);
            checksum = 31 * checksum + word;
            word += BY_WORD;
        }
        frame.set(ValueLayout.JAVA_LONG, CHECKSUM_AT, checksum);
    }

    /** Whether a frame is that of a count, in every word and in its checksum. */
    static boolean isWhole(MemorySegment frame, long count) {
        long expected = count * BY_COUNT;
        long checksum = 0;
        boolean whole = true;
        for (long at = 0; at < CHECKSUM_AT; at += Long.BYTES) {
            long word = frame.get(ValueLayout.JAVA_LONG, at);
            whole &= word == expected;
            checksum = 31 * checksum + word;
            expected += BY_WORD;
        }
        return whole && frame.get(ValueLayout.JAVA_LONG, CHECKSUM_AT) == checksum;
    }
}
