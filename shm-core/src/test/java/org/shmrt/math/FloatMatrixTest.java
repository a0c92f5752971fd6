package org.shmrt.math;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class FloatMatrixTest {
    private static final float[] VALUES = {1, 2, 3, 4, 5, 6};

    @Test
    void shouldTakeValuesRowByRow() {
        FloatMatrix matrix = FloatMatrix.of(2, 3, VALUES);
        float[] y = new float[2];

        matrix.multiply(new float[] {1, 10, 100}, y);

        assertArrayEquals(new float[] {321, 654}, y);
        assertEquals(6, matrix.get(1, 2));
        assertEquals("2 x 3 floats, SCALAR", matrix.toString());
    }

    @Test
    void shouldCopyValuesFromMemoryAtAnyAlignment() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment values = arena.allocate(25).asSlice(1);
            MemorySegment.copy(VALUES, 0, values, ValueLayout.JAVA_FLOAT_UNALIGNED, 0, 6);
            FloatMatrix matrix = FloatMatrix.of(2, 3, values);
            values.fill((byte) 0);

            assertEquals(4, matrix.get(1, 0));
        }
    }

    @Test
    void shouldGiveAnotherMatrixOtherValuesOnly() {
        FloatMatrix matrix = FloatMatrix.of(2, 3, VALUES);

        FloatMatrix other = matrix.withValues(new float[6]);

        assertEquals(0, other.get(1, 2));
        assertEquals(6, matrix.get(1, 2));
        assertEquals(matrix.kernel(), other.kernel());
    }

    @Test
    void shouldWriteTheProductOverItsVector() {
        FloatMatrix matrix = FloatMatrix.of(2, 2, new float[] {0, 1, 1, 0});
        float[] x = {3, 4};

        matrix.multiply(x, x);

        assertArrayEquals(new float[] {4, 3}, x);
        MemorySegment memory = Arena.ofAuto().allocate(12);
        memory.setAtIndex(ValueLayout.JAVA_FLOAT, 0, 5);
        memory.setAtIndex(ValueLayout.JAVA_FLOAT, 1, 6);
        matrix.multiply(memory.asSlice(0, 8), memory.asSlice(4, 8));
        assertEquals(6, memory.getAtIndex(ValueLayout.JAVA_FLOAT, 1));
        assertEquals(5, memory.getAtIndex(ValueLayout.JAVA_FLOAT, 2));
    }

    @Test
    void shouldMeasureItsKernelAgain() {
        assertTrue(FloatMatrix.of(2, 3, VALUES).measureNs() > 0);
    }

    @Test
    void shouldRefuseSizesThatDoNotFit() {
        FloatMatrix matrix = FloatMatrix.of(2, 3, VALUES);
        float[] three = new float[3];

        refused("the vector x has 2 elements, but must have 3", () -> matrix.multiply(new float[2], new float[2]));
        refused("the result y has 3 elements, but must have 2", () -> matrix.multiply(three, three));
        refused(
                "the result y has 12 bytes, but must have 8 (2 floats): pass a slice of that size",
                () -> matrix.multiply(three, MemorySegment.ofArray(three)));
        refused(
                "the vector x has 8 bytes, but must have 12 (3 floats): pass a slice of that size",
                () -> matrix.multiply(MemorySegment.ofArray(new float[2]), MemorySegment.ofArray(new float[2])));
        refused("the array of values has 5 elements, but must have 6", () -> FloatMatrix.of(2, 3, new float[5]));
        refused("the array of values has 7 elements, but must have 6", () -> matrix.withValues(new float[7]));
        refused(
                "a matrix of 0 x 3 elements is not possible: both must be at least 1, and their product at most 2^30",
                () -> FloatMatrix.of(0, 3, new float[0]));
        refused(
                "a matrix of 65536 x 65536 elements is not possible: both must be at least 1, and their product at most"
                        + " 2^30",
                () -> FloatMatrix.of(65_536, 65_536, new float[0]));
        assertThrows(IndexOutOfBoundsException.class, () -> matrix.get(2, 0));
        assertThrows(IndexOutOfBoundsException.class, () -> matrix.get(0, 3));
    }

    private static void refused(String message, Executable call) {
        assertEquals(message, assertThrows(IllegalArgumentException.class, call).getMessage());
    }
}
