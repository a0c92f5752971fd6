package org.shmrt.posix;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The copy by single loads and stores, which is used on aarch64: there the routines of a bulk copy are not guarded against
 * the truncation of a file. What a truncation does is tested by StreamFaultTest on the processor at hand.
 */
class GuardedCopyTest {
    private static final int BYTES = 64;

    @Test
    void shouldCopyExactlyTheGivenBytesByWords() {
        for (int length = 0; length <= 40; length++) {
            for (int from = 0; from < 9; from++) {
                for (int to = 0; to < 9; to++) {
                    MemorySegment source = counting();
                    MemorySegment target = MemorySegment.ofArray(new byte[BYTES]);

                    GuardedCopy.copyByWords(source, from, target, to, length);

                    assertEquals(-1, source.mismatch(counting()));
                    for (int i = 0; i < BYTES; i++) {
                        int expected = i >= to && i < to + length ? from + i - to + 1 : 0;
                        assertEquals(expected, target.get(ValueLayout.JAVA_BYTE, i), "at " + i);
                    }
                }
            }
        }
    }

    @Test
    void shouldCopyOnThisProcessorAsByWords() {
        MemorySegment target = MemorySegment.ofArray(new byte[BYTES]);

        GuardedCopy.copy(counting(), 0, target, 0, BYTES);

        assertEquals(-1, counting().mismatch(target));
    }

    @Test
    void shouldCopyNothingByWordsIfARangeIsTooLong() {
        MemorySegment target = MemorySegment.ofArray(new byte[BYTES]);

        assertThrows(IndexOutOfBoundsException.class, () -> GuardedCopy.copyByWords(counting(), 0, target, 1, BYTES));
        assertThrows(IndexOutOfBoundsException.class, () -> GuardedCopy.copyByWords(counting(), 1, target, 0, BYTES));

        assertEquals(-1, target.mismatch(MemorySegment.ofArray(new byte[BYTES])));
    }

    @Test
    void shouldFindAnyDifferenceInTheGivenBytesAndNoOther() {
        for (int length = 0; length <= 20; length++) {
            for (int at = 0; at < BYTES; at++) {
                MemorySegment other = counting();
                other.set(ValueLayout.JAVA_BYTE, at, (byte) -1);
                boolean inside = at >= 3 && at < 3 + length;

                assertEquals(!inside, GuardedCopy.isEqual(counting(), 3, other, 3, length), length + " at " + at);
            }
        }
        assertThrows(IndexOutOfBoundsException.class, () -> GuardedCopy.isEqual(counting(), 1, counting(), 0, BYTES));
        assertThrows(IndexOutOfBoundsException.class, () -> GuardedCopy.isEqual(counting(), 0, counting(), 1, BYTES));
    }

    static List<Arguments> arrays() {
        return List.of(
                Arguments.of(ValueLayout.JAVA_BYTE, new byte[BYTES], new byte[BYTES]),
                Arguments.of(ValueLayout.JAVA_SHORT, new short[BYTES / 2], new short[BYTES / 2]),
                Arguments.of(ValueLayout.JAVA_INT, new int[BYTES / 4], new int[BYTES / 4]),
                Arguments.of(ValueLayout.JAVA_LONG, new long[BYTES / 8], new long[BYTES / 8]),
                Arguments.of(ValueLayout.JAVA_FLOAT, new float[BYTES / 4], new float[BYTES / 4]),
                Arguments.of(ValueLayout.JAVA_DOUBLE, new double[BYTES / 8], new double[BYTES / 8]));
    }

    @ParameterizedTest
    @MethodSource("arrays")
    void shouldCopyArraysOnThisProcessorAsByWords(ValueLayout component, Object array, Object byWords) {
        int count = (int) (BYTES / component.byteSize());
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment source = arena.allocate(BYTES, 8).copyFrom(counting());
            MemorySegment target = arena.allocate(BYTES, 8);

            GuardedCopy.toArray(source, component, array, count);
            GuardedCopy.copyByWords(source, 0, GuardedCopy.memoryOf(byWords), 0, BYTES);
            GuardedCopy.fromArray(array, target, component, count);

            assertEquals(-1, source.mismatch(GuardedCopy.memoryOf(array)));
            assertEquals(-1, source.mismatch(GuardedCopy.memoryOf(byWords)));
            assertEquals(-1, source.mismatch(target));
        }
    }

    private static MemorySegment counting() {
        byte[] bytes = new byte[BYTES];
        for (int i = 0; i < BYTES; i++) {
            bytes[i] = (byte) (i + 1);
        }
        return MemorySegment.ofArray(bytes);
    }
}
