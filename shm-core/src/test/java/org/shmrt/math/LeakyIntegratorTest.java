package org.shmrt.math;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.api.Test;

class LeakyIntegratorTest {
    private final LeakyIntegrator integrator = new LeakyIntegrator(3, 0.5f, 0.75f);
    private final float[] command = new float[3];

    @Test
    void shouldAddTheErrorToWhatTheLeakLeaves() {
        integrator.update(new float[] {2, -4, 0}, command);
        assertArrayEquals(new float[] {1, -2, 0}, command);

        integrator.update(new float[] {2, 0, 1}, command);
        assertArrayEquals(new float[] {1.75f, -1.5f, 0.5f}, command);
        assertEquals(0, integrator.clampedCount());
    }

    @Test
    void shouldStopAtItsLimitsAndLeaveThemWithoutDelay() {
        integrator.setLimits(-1, 1);
        integrator.update(new float[] {100, -100, 1}, command);
        assertArrayEquals(new float[] {1, -1, 0.5f}, command);
        assertEquals(2, integrator.clampedCount());

        integrator.update(new float[] {-1, 1, 0}, command);
        assertArrayEquals(new float[] {0.25f, -0.25f, 0.375f}, command);
        assertEquals(0, integrator.clampedCount());
    }

    @Test
    void shouldHoldElementsWhoseErrorIsNotFinite() {
        integrator.update(new float[] {2, 2, 2}, command);
        integrator.update(new float[] {Float.NaN, Float.POSITIVE_INFINITY, 2}, command);

        assertArrayEquals(new float[] {1, 1, 1.75f}, command);
        assertEquals(2, integrator.heldCount());
    }

    @Test
    void shouldStayFiniteWithoutLimits() {
        LeakyIntegrator one = new LeakyIntegrator(1, 3, 1);
        float[] error = {Float.MAX_VALUE};
        for (int i = 0; i < 3; i++) {
            one.update(error, error.clone());
        }
        assertEquals(Float.MAX_VALUE, one.get(0));
        assertEquals(1, one.clampedCount());
    }

    @Test
    void shouldWriteTheCommandIntoMemory() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment memory = arena.allocate(13).asSlice(1);
            integrator.update(new float[] {2, 4, 6}, memory);
            assertEquals(3, memory.get(ValueLayout.JAVA_FLOAT_UNALIGNED, 8));
        }
    }

    @Test
    void shouldStartAgainFromZeroOrFromACommand() {
        integrator.setLimits(-5, 5);
        integrator.reset(new float[] {4, -9, 0});
        assertEquals(-5, integrator.get(1));
        integrator.update(new float[3], command);
        assertArrayEquals(new float[] {3, -3.75f, 0}, command);

        integrator.reset();
        assertEquals(0, integrator.get(0));
    }

    @Test
    void shouldRefuseValuesThatAreNotPossible() {
        assertThrows(IllegalArgumentException.class, () -> new LeakyIntegrator(0, 1, 1));
        assertThrows(IllegalArgumentException.class, () -> integrator.setGain(Float.NaN));
        assertThrows(IllegalArgumentException.class, () -> integrator.setLeak(1.01f));
        assertThrows(IllegalArgumentException.class, () -> integrator.setLimits(1, -1));
        assertThrows(IllegalArgumentException.class, () -> integrator.setLimits(Float.NaN, 1));
        assertThrows(IllegalArgumentException.class, () -> integrator.reset(new float[] {0, Float.NaN, 0}));
        IllegalArgumentException refused =
                assertThrows(IllegalArgumentException.class, () -> integrator.update(new float[2], command));
        assertEquals("the error has 2 elements, but must have 3", refused.getMessage());
    }
}
