package org.shmrt.camera.sim;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class SpotFieldTest {
    private static short[] frame(long seed, long number) {
        short[] pixels = new short[LensletGrid.SIDE_PIXELS * LensletGrid.SIDE_PIXELS];
        new SpotField(seed).render(number, pixels);
        return pixels;
    }

    @Test
    void shouldRenderTheSameFrameFromTheSameSeed() {
        assertArrayEquals(frame(5, 1234), frame(5, 1234));
        assertFalse(Arrays.equals(frame(5, 1234), frame(6, 1234)));
    }

    @Test
    void shouldRenderFramesThatDiffer() {
        SpotField field = new SpotField(1);
        short[] before = new short[LensletGrid.SIDE_PIXELS * LensletGrid.SIDE_PIXELS];
        short[] pixels = before.clone();
        for (long number = 0; number < 200; number++) {
            field.render(number, pixels);
            int changed = 0;
            for (int i = 0; i < pixels.length; i++) {
                changed += pixels[i] == before[i] ? 0 : 1;
            }
            assertTrue(changed > pixels.length / 2, "frame " + number + ": only " + changed + " pixels changed");
            System.arraycopy(pixels, 0, before, 0, pixels.length);
        }
    }

    @Test
    void shouldHaveABiasAndSpotsThatDoNotSaturate() {
        short[] pixels = frame(1, 77);
        double corner = 0;
        for (int i = 0; i < LensletGrid.LENSLET_PIXELS; i++) {
            corner += pixels[i];
        }
        assertEquals(SpotField.BIAS, corner / LensletGrid.LENSLET_PIXELS, 10);
        int brightest = 0;
        for (short pixel : pixels) {
            brightest = Math.max(brightest, pixel & 0xffff);
        }
        assertTrue(brightest > 5000 && brightest < 15000, "brightest " + brightest);
    }

    @Test
    void shouldMoveSpotsSmoothlyAndWithinTheirLenslets() {
        SpotField field = new SpotField(1);
        float[] before = new float[2 * LensletGrid.spots()];
        float[] now = new float[2 * LensletGrid.spots()];
        field.shifts(0, before);
        double farthest = 0;
        for (long number = 1; number < 2000; number++) {
            field.shifts(number, now);
            for (int i = 0; i < now.length; i++) {
                assertEquals(before[i], now[i], 0.5, "frame " + number + " spot " + i / 2);
                farthest = Math.max(farthest, Math.abs(now[i]));
            }
            System.arraycopy(now, 0, before, 0, now.length);
        }
        assertTrue(farthest > 1 && farthest <= Wavefront.MAX_SHIFT_PIXELS, "farthest " + farthest);
    }
}
