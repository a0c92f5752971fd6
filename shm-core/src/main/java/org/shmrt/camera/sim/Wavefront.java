package org.shmrt.camera.sim;

import java.util.Random;

/**
 * A smooth wavefront that changes from frame to frame: tilts, focus, astigmatisms and comas, each of which oscillates at
 * two frequencies of its own. The result is spot shifts in pixels. It depends only on the seed and the frame number.
 */
final class Wavefront {
    /** Limit of the shifts, so that no spot leaves the pixels of its lenslet. */
    static final double MAX_SHIFT_PIXELS = 2.5;

    /** Maximum shifts at the edge of the pupil, in the order of {@link #gradientX}. */
    private static final double[] AMPLITUDES_PIXELS = {0.6, 0.6, 1.4, 1.0, 1.0, 0.5, 0.5};
    /** The slowest oscillation takes some hundreds of frames. */
    private static final double SLOWEST_CYCLES_PER_FRAME = 0.002;

    private static final double FASTEST_CYCLES_PER_FRAME = 0.02;

    private final int modes = AMPLITUDES_PIXELS.length;
    private final double[] gradients = new double[2 * LensletGrid.spots() * modes];
    private final double[] radiansPerFrame = new double[2 * modes];
    private final double[] phases = new double[2 * modes];
    private final double[] amplitudes = new double[modes];

    Wavefront(long seed) {
        Random random = new Random(seed);
        for (int i = 0; i < 2 * modes; i++) {
            radiansPerFrame[i] = 2
                    * Math.PI
                    * (SLOWEST_CYCLES_PER_FRAME
                            + random.nextDouble() * (FASTEST_CYCLES_PER_FRAME - SLOWEST_CYCLES_PER_FRAME));
            phases[i] = 2 * Math.PI * random.nextDouble();
        }
        double centre = (LensletGrid.LENSLETS - 1) / 2.0;
        double radius = LensletGrid.LENSLETS / 2.0;
        for (int spot = 0; spot < LensletGrid.spots(); spot++) {
            double x = (LensletGrid.column(spot) - centre) / radius;
            double y = (LensletGrid.row(spot) - centre) / radius;
            for (int mode = 0; mode < modes; mode++) {
                gradients[2 * spot * modes + mode] = gradientX(mode, x, y);
                gradients[(2 * spot + 1) * modes + mode] = gradientY(mode, x, y);
            }
        }
    }

    /** Slope of a mode along x at a position in the pupil, whose radius is 1 here; scaled to at most 1. */
    private static double gradientX(int mode, double x, double y) {
        return switch (mode) {
            case 0 -> 1;
            case 2, 3 -> x;
            case 4 -> y;
            case 5 -> (9 * x * x + 3 * y * y - 2) / 7;
            case 6 -> 6 * x * y / 7;
            default -> 0;
        };
    }

    private static double gradientY(int mode, double x, double y) {
        return switch (mode) {
            case 1 -> 1;
            case 2 -> y;
            case 3 -> -y;
            case 4 -> x;
            case 5 -> 6 * x * y / 7;
            case 6 -> (9 * y * y + 3 * x * x - 2) / 7;
            default -> 0;
        };
    }

    /** Computes the shifts of a frame: x and y of the first spot, then of the second, and so on. */
    void shifts(long frame, float[] shiftsPixels) {
        for (int mode = 0; mode < modes; mode++) {
            amplitudes[mode] = AMPLITUDES_PIXELS[mode]
                    * (0.6 * Math.sin(radiansPerFrame[mode] * frame + phases[mode])
                            + 0.4 * Math.sin(radiansPerFrame[modes + mode] * frame + phases[modes + mode]));
        }
        for (int i = 0; i < shiftsPixels.length; i++) {
            double shift = 0;
            for (int mode = 0; mode < modes; mode++) {
                shift += gradients[i * modes + mode] * amplitudes[mode];
            }
            shiftsPixels[i] = (float) Math.clamp(shift, -MAX_SHIFT_PIXELS, MAX_SHIFT_PIXELS);
        }
    }
}
