package org.shmrt.demo;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.shmrt.camera.sim.LensletGrid;
import org.shmrt.camera.sim.SpotField;

class CentroidsTest {
    private final short[] pixels = new short[LensletGrid.SIDE_PIXELS * LensletGrid.SIDE_PIXELS];
    private final float[] found = new float[Centroids.SLOPES];

    @Test
    void shouldFindTheSpotsOfTheSimulatedCamera() {
        SpotField field = new SpotField(97);
        float[] truth = new float[Centroids.SLOPES];
        for (long frame = 0; frame < 1000; frame += 37) {
            field.render(frame, pixels);
            field.shifts(frame, truth);
            Centroids.compute(pixels, found);
            assertArrayEquals(truth, found, 0.1f, "frame " + frame);
        }
    }

    @Test
    void shouldFindASinglePixelExactly() {
        int column = 9;
        int row = 2;
        pixels[LensletGrid.firstPixel(10) + row * LensletGrid.SIDE_PIXELS + column] = (short) 60_000;
        Centroids.compute(pixels, found);
        assertEquals(column - 5.5, found[20], 1e-6);
        assertEquals(row - 5.5, found[21], 1e-6);
    }

    @Test
    void shouldAssumeThatADarkLensletIsCentred() {
        Centroids.compute(pixels, found);
        assertArrayEquals(new float[Centroids.SLOPES], found);
    }
}
