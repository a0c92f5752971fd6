package org.shmrt.demo;

import org.shmrt.camera.sim.LensletGrid;
import org.shmrt.camera.sim.SpotField;

/**
 * Measures the spots of a frame: the centre of gravity of the light above a threshold, relative to the centre of the
 * lenslet. Allocates nothing, has no state, and is safe for any thread.
 */
final class Centroids {
    /** Length of a slope vector: x and y for each spot. */
    static final int SLOPES = 2 * LensletGrid.spots();

    /** Excludes nearly all noise of dark pixels, which would shift each centroid to the centre. */
    private static final int THRESHOLD = SpotField.BIAS + (int) (5 * SpotField.READ_NOISE);

    private static final int BOX = LensletGrid.LENSLET_PIXELS;
    private static final float MIDDLE = (BOX - 1) / 2f;

    private Centroids() {}

    /** Computes the slopes of a frame in pixels: x and y of the first spot, then of the second, and so on. */
    static void compute(short[] pixels, float[] slopesPixels) {
        for (int spot = 0; spot < LensletGrid.spots(); spot++) {
            int sum = 0;
            int sumX = 0;
            int sumY = 0;
            int firstPixel = LensletGrid.firstPixel(spot);
            for (int row = 0; row < BOX; row++) {
                int first = firstPixel + row * LensletGrid.SIDE_PIXELS;
                int rowSum = 0;
                for (int column = 0; column < BOX; column++) {
                    int light = Math.max(0, (pixels[first + column] & 0xffff) - THRESHOLD);
                    rowSum += light;
                    sumX += light * column;
                }
                sum += rowSum;
                sumY += rowSum * row;
            }
            // a lenslet without light contains no information: its spot is assumed to be at the centre
            slopesPixels[2 * spot] = sum == 0 ? 0 : (float) sumX / sum - MIDDLE;
            slopesPixels[2 * spot + 1] = sum == 0 ? 0 : (float) sumY / sum - MIDDLE;
        }
    }
}
