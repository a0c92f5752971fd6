package org.shmrt.demo.optics;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;
import org.shmrt.camera.sim.LensletGrid;
import org.shmrt.camera.sim.SpotField;
import org.shmrt.math.SlopeComputer;

class CentroidsTest {
    private final short[] pixels = new short[LensletGrid.SIDE_PIXELS * LensletGrid.SIDE_PIXELS];
    private final MemorySegment frame = Arena.ofAuto().allocate(2L * pixels.length, 8);
    private final SlopeComputer computer = Centroids.computer();
    private final float[] found = new float[Centroids.SLOPES];

    private void compute() {
        frame.copyFrom(MemorySegment.ofArray(pixels));
        computer.compute(frame, found);
    }

    @Test
    void shouldFindTheSpotsOfTheSimulatedCamera() {
        SpotField field = new SpotField(97);
        float[] truth = new float[Centroids.SLOPES];
        for (long number = 0; number < 1000; number += 37) {
            field.render(number, pixels);
            field.shifts(number, truth);
            compute();
            assertArrayEquals(truth, found, 0.1f, "frame " + number);
        }
    }

    @Test
    void shouldFindASinglePixelExactly() {
        int column = 9;
        int row = 2;
        pixels[LensletGrid.firstPixel(10) + row * LensletGrid.SIDE_PIXELS + column] = (short) 60_000;
        compute();
        assertEquals(column - 5.5, found[20], 1e-6);
        assertEquals(row - 5.5, found[21], 1e-6);
    }

    @Test
    void shouldAssumeThatADarkLensletIsCentred() {
        compute();
        assertArrayEquals(new float[Centroids.SLOPES], found);
    }
}
