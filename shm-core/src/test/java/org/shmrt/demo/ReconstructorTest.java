package org.shmrt.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.shmrt.camera.sim.LensletGrid;

class ReconstructorTest {
    private final Reconstructor reconstructor = new Reconstructor();
    private final float[] slopes = new float[Centroids.SLOPES];
    private final float[] commands = new float[LensletGrid.ACTUATORS];

    @Test
    void shouldMultiplyAsAPlainDoubleLoopDoes() {
        Random random = new Random(3);
        for (int i = 0; i < slopes.length; i++) {
            slopes[i] = (float) random.nextGaussian();
        }
        reconstructor.apply(slopes, commands);
        for (int command = 0; command < commands.length; command++) {
            double sum = 0;
            for (int slope = 0; slope < slopes.length; slope++) {
                sum -= (double) reconstructor.element(command, slope) * slopes[slope];
            }
            assertEquals(sum, commands[command], 1e-4, "command " + command);
        }
    }

    @Test
    void shouldForgetTheCommandsOfTheFrameBefore() {
        slopes[0] = 1;
        reconstructor.apply(slopes, commands);
        float[] once = commands.clone();
        reconstructor.apply(slopes, commands);
        assertEquals(once[0], commands[0]);
    }

    @Test
    void shouldCorrectATiltWithTheOppositeTilt() {
        for (int spot = 0; spot < LensletGrid.spots(); spot++) {
            slopes[2 * spot] = 1;
        }
        reconstructor.apply(slopes, commands);
        int middle = LensletGrid.LENSLETS / 2;
        for (int column = 1; column < LensletGrid.LENSLETS; column++) {
            float left = commands[LensletGrid.actuatorAt(middle, column - 1)];
            float right = commands[LensletGrid.actuatorAt(middle, column)];
            assertEquals(-1, right - left, 0.1, "step to column " + column);
        }
        assertTrue(Math.abs(commands[LensletGrid.actuatorAt(middle, middle)]) < 0.1, "piston");
    }
}
