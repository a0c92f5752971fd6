package org.shmrt.math;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class SlopeComputerTest {
    private final MemorySegment frame = Arena.ofAuto().allocate(2 * 8 * 4);

    private void light(int x, int y, int value) {
        frame.setAtIndex(ValueLayout.JAVA_SHORT, y * 8 + x, (short) value);
    }

    @Test
    void shouldMeasureFromTheCentreOfASubapertureInPixels() {
        light(3, 0, 60_000);
        light(4, 1, 1000);
        light(4, 2, 1000);
        float[] slopes = new float[4];

        new SlopeComputer(SubapertureGrid.of(8, 4, 4)).compute(frame, slopes);

        assertArrayEquals(new float[] {1.5f, -1.5f, -1.5f, 0}, slopes, 1e-6f);
    }

    @Test
    void shouldPutAllXBeforeAllYIfAsked() {
        light(3, 0, 60_000);
        light(4, 1, 1000);
        light(4, 2, 1000);
        float[] slopes = new float[4];

        new SlopeComputer(SubapertureGrid.of(8, 4, 4), SlopeOrder.X_THEN_Y).compute(frame, slopes);

        assertArrayEquals(
                new float[] {1.5f, -1.5f, -1.5f, 0}, new float[] {slopes[0], slopes[2], slopes[1], slopes[3]}, 1e-6f);
    }

    @Test
    void shouldSubtractThresholdAndReference() {
        light(0, 0, 100);
        light(3, 3, 110);
        SlopeComputer computer = new SlopeComputer(SubapertureGrid.of(8, 4, 4));
        computer.setThreshold(100);
        computer.setReference(new float[] {0.5f, 0.25f, 9, 9});
        float[] slopes = new float[4];

        computer.compute(frame, slopes);

        assertArrayEquals(new float[] {1, 1.25f, 0, 0}, slopes, 1e-6f);
        assertEquals(1, computer.darkCount());
    }

    @Test
    void shouldSkipSubaperturesThatAreNotValid() {
        light(7, 3, 1);
        SubapertureGrid grid = SubapertureGrid.builder(8, 4, 4)
                .valid(new boolean[] {false, true})
                .build();
        float[] slopes = new float[2];

        new SlopeComputer(grid).compute(frame, slopes);

        assertEquals(2, grid.slopeCount());
        assertFalse(grid.isValid(0, 0));
        assertArrayEquals(new float[] {1.5f, 1.5f}, slopes, 1e-6f);
    }

    @Test
    void shouldRefuseFramesAndVectorsThatDoNotFit() {
        SlopeComputer computer = new SlopeComputer(SubapertureGrid.of(8, 4, 4));

        refused(
                "the frame has 63 bytes, but must have 64 (8 x 4 unsigned 16-bit pixels)",
                () -> computer.compute(frame.asSlice(1), new float[4]));
        refused(
                "the frame is in an array: copy it to native memory, for example of an arena",
                () -> computer.compute(MemorySegment.ofArray(new short[32]), new float[4]));
        refused("the vector of slopes has 3 elements, but must have 4", () -> computer.compute(frame, new float[3]));
        refused("the reference has 2 elements, but must have 4", () -> computer.setReference(new float[2]));
        refused("a threshold of 65536 is not possible: use 0 to 65535", () -> computer.setThreshold(65_536));
        refused("OpenBLAS computes no slopes: use VECTOR or SCALAR", () -> computer.use(KernelKind.OPENBLAS));
    }

    @Test
    void shouldRefuseGridsThatDoNotFitIntoTheFrame() {
        refused(
                "3 x 1 subapertures of 4 pixels from pixel 0, 0 do not fit into frames of 8 x 4 pixels",
                () -> SubapertureGrid.builder(8, 4, 4).count(3, 1).build());
        refused(
                "0 x 0 subapertures of 4 pixels from pixel 5, 1 do not fit into frames of 8 x 4 pixels",
                () -> SubapertureGrid.builder(8, 4, 4).origin(5, 1).build());
        refused(
                "a pitch of 3 pixels is below the size of 4: subapertures must not overlap",
                () -> SubapertureGrid.builder(8, 4, 4).pitch(3).build());
        refused(
                "the mask of valid subapertures has 3 elements, but must have 2",
                () -> SubapertureGrid.builder(8, 4, 4).valid(new boolean[3]).build());
        refused(
                "no subaperture is valid: the mask must have at least one true element",
                () -> SubapertureGrid.builder(8, 4, 4).valid(new boolean[2]).build());
        refused("subapertures of 257 pixels are not possible: use 2 to 256", () -> SubapertureGrid.of(999, 999, 257));
        refused(
                "the origin -1, 0 is outside the frame: use 0 or more",
                () -> SubapertureGrid.builder(8, 4, 4).origin(-1, 0).build());
    }

    private static void refused(String message, Executable call) {
        assertEquals(message, assertThrows(IllegalArgumentException.class, call).getMessage());
    }
}
