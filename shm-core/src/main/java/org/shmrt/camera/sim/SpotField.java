package org.shmrt.camera.sim;

import java.util.Random;

/**
 * Renders the frames of a simulated Shack-Hartmann camera: Gaussian spots that a {@link Wavefront} moves by fractions
 * of a pixel, on a bias, with photon noise and read noise. A frame takes some tens of microseconds, because
 * exponentials and random numbers come from tables. It depends only on the seed and its number, so that every run
 * produces the same frames. For one thread at a time.
 */
public final class SpotField {
    /** Mean value of a pixel without light. */
    public static final int BIAS = 400;
    /** Standard deviation of a pixel without light. */
    public static final float READ_NOISE = 6;

    private static final float PEAK = 9000;
    private static final double SPOT_SIGMA_PIXELS = 1.1;
    private static final int STEPS_PER_PIXEL = 256;
    private static final int NOISE_VALUES = 1 << 17;

    private static final int SIDE = LensletGrid.SIDE_PIXELS;
    private static final int BOX = LensletGrid.LENSLET_PIXELS;

    private final long seed;
    private final Wavefront wavefront;
    private final float[] shifts = new float[2 * LensletGrid.spots()];
    private final float[] peaks = new float[LensletGrid.spots()];
    private final float[] profiles;
    private final float[] noise = new float[NOISE_VALUES];
    private final float[] light = new float[SIDE * SIDE];

    public SpotField(long seed) {
        this.seed = seed;
        this.wavefront = new Wavefront(seed);
        this.profiles = profiles();
        Random random = new Random(seed ^ 0x5eed);
        for (int i = 0; i < noise.length; i++) {
            noise[i] = (float) random.nextGaussian();
        }
        for (int spot = 0; spot < peaks.length; spot++) {
            peaks[spot] = PEAK * (0.85f + 0.15f * random.nextFloat());
        }
    }

    /** Gaussian profiles across a lenslet's pixels, one for each step of a shift. */
    private static float[] profiles() {
        int steps = (int) (2 * Wavefront.MAX_SHIFT_PIXELS * STEPS_PER_PIXEL) + 1;
        float[] profiles = new float[steps * BOX];
        for (int step = 0; step < steps; step++) {
            double centre = (BOX - 1) / 2.0 - Wavefront.MAX_SHIFT_PIXELS + (double) step / STEPS_PER_PIXEL;
            for (int pixel = 0; pixel < BOX; pixel++) {
                double distance = (pixel - centre) / SPOT_SIGMA_PIXELS;
                profiles[step * BOX + pixel] = (float) Math.exp(-distance * distance / 2);
            }
        }
        return profiles;
    }

    /** Computes the true positions of the spots of a frame: shifts along x and y in pixels, spot by spot. */
    public void shifts(long frame, float[] shiftsPixels) {
        wavefront.shifts(frame, shiftsPixels);
    }

    /** Renders a frame: unsigned 16-bit pixels, row by row. */
    public void render(long frame, short[] pixels) {
        wavefront.shifts(frame, shifts);
        for (int spot = 0; spot < peaks.length; spot++) {
            light(
                    LensletGrid.firstPixel(spot),
                    peaks[spot],
                    profileOf(shifts[2 * spot]),
                    profileOf(shifts[2 * spot + 1]));
        }
        // Each frame uses another section of the table, so that the noise changes from frame to frame.
        int at = (int) Math.floorMod(mix(seed + frame), (long) (noise.length - pixels.length));
        for (int i = 0; i < pixels.length; i++) {
            float photons = light[i];
            float value = BIAS + photons + noise[at + i] * (float) Math.sqrt(photons + READ_NOISE * READ_NOISE);
            pixels[i] = (short) (int) value;
        }
    }

    private static int profileOf(float shiftPixels) {
        return Math.round((float) (shiftPixels + Wavefront.MAX_SHIFT_PIXELS) * STEPS_PER_PIXEL) * BOX;
    }

    private void light(int firstPixel, float peak, int profileX, int profileY) {
        for (int row = 0; row < BOX; row++) {
            float rowPeak = peak * profiles[profileY + row];
            int first = firstPixel + row * SIDE;
            for (int column = 0; column < BOX; column++) {
                light[first + column] = rowPeak * profiles[profileX + column];
            }
        }
    }

    /** Spreads consecutive numbers over all 64 bits (the finaliser of SplitMix64). */
    private static long mix(long value) {
        long z = (value + 0x9e3779b97f4a7c15L) * 0xbf58476d1ce4e5b9L;
        z = (z ^ z >>> 27) * 0x94d049bb133111ebL;
        return z ^ z >>> 31;
    }
}
