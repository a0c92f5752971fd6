package org.shmrt.soak;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.shmrt.memory.DataType;
import org.shmrt.memory.Shape;

/**
 * Frames whose words are computed from their count, followed by a checksum: a mixture of two frames and a frame with
 * the wrong count are both detected.
 */
final class NumberedFrames {
    static final DataType TYPE = DataType.UINT64;
    /** 4 KiB. */
    static final Shape SHAPE = Shape.of(16, 32);

    private static final int WORDS = (int) SHAPE.elementCount();
    private static final long CHECKSUM_OFFSET = (WORDS - 1L) * Long.BYTES;
    private static final long COUNT_FACTOR = 0x9E3779B97F4A7C15L;
    private static final long WORD_INCREMENT = 0xC2B2AE3D27D4EB4FL;

    private NumberedFrames() {}

    static MemorySegment empty() {
        return MemorySegment.ofArray(new long[WORDS]);
    }

    /** Writes the frame of a count. */
    static void fill(MemorySegment frame, long count) {
        long word = count * COUNT_FACTOR;
        long checksum = 0;
        for (long at = 0; at < CHECKSUM_OFFSET; at += Long.BYTES) {
            frame.set(ValueLayout.JAVA_LONG, at, word);
            checksum = 31 * checksum + word;
            word += WORD_INCREMENT;
        }
        frame.set(ValueLayout.JAVA_LONG, CHECKSUM_OFFSET, checksum);
    }

    /** Whether every word and the checksum of a frame belong to a count. */
    static boolean isWhole(MemorySegment frame, long count) {
        long expected = count * COUNT_FACTOR;
        long checksum = 0;
        boolean whole = true;
        for (long at = 0; at < CHECKSUM_OFFSET; at += Long.BYTES) {
            long word = frame.get(ValueLayout.JAVA_LONG, at);
            whole &= word == expected;
            checksum = 31 * checksum + word;
            expected += WORD_INCREMENT;
        }
        return whole && frame.get(ValueLayout.JAVA_LONG, CHECKSUM_OFFSET) == checksum;
    }
}
