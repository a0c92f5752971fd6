package org.shmrt.bench.rig.loop;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * The content of a message: its number in the first word of each 4 KiB and in the last word, and a fixed pattern in all
 * other words. The C programs write the same.
 */
final class Payload {
    static final int STAMP_STEP_BYTES = 4096;

    private static final ValueLayout.OfLong WORD = ValueLayout.JAVA_LONG;
    private static final long PATTERN = 0x9e3779b97f4a7c15L;

    private Payload() {}

    static MemorySegment create(Arena arena, long bytes) {
        MemorySegment message = arena.allocate(bytes, 64);
        write(message, 0);
        return message;
    }

    /** Writes all words of a message. */
    static void write(MemorySegment message, long number) {
        for (long i = 0; i < message.byteSize() / 8; i++) {
            message.setAtIndex(WORD, i, i * PATTERN);
        }
        stamp(message, number);
    }

    /** Writes the number of a message; the pattern is already there. */
    static void stamp(MemorySegment message, long number) {
        long bytes = message.byteSize();
        for (long at = 0; at < bytes; at += STAMP_STEP_BYTES) {
            message.set(WORD, at, number);
        }
        message.set(WORD, bytes - 8, number);
    }

    static boolean isStamped(MemorySegment message, long number) {
        long bytes = message.byteSize();
        boolean same = message.get(WORD, bytes - 8) == number;
        for (long at = 0; at < bytes; at += STAMP_STEP_BYTES) {
            same &= message.get(WORD, at) == number;
        }
        return same;
    }

    /** Compares all words of a message. */
    static boolean isIntact(MemorySegment message, long number) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment expected = create(arena, message.byteSize());
            stamp(expected, number);
            return expected.mismatch(message) == -1;
        }
    }
}
