package org.shmrt.posix;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.api.Test;

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

    private static MemorySegment counting() {
        byte[] bytes = new byte[BYTES];
        for (int i = 0; i < BYTES; i++) {
            bytes[i] = (byte) (i + 1);
        }
        return MemorySegment.ofArray(bytes);
    }
}
