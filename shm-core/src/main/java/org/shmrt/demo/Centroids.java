package org.shmrt.demo;

/**
 * Finds the spots of a frame: the centre of gravity of each lenslet's light above a threshold, as its distance
 * from the lenslet's middle. Allocates nothing; for any thread, it has no state.
 */
final class Centroids {
    /** Length of a vector of slopes: x and y for each spot. */
    static final int SLOPES = 2 * LensletGrid.spots();

    /** Above nearly all of the dark pixels' noise, which would pull each centroid to the middle. */
    private static final int THRESHOLD = SpotField.BIAS + (int) (5 * SpotField.READ_NOISE);

    private static final int BOX = LensletGrid.LENSLET_PIXELS;
    private static final float MIDDLE = (BOX - 1) / 2f;

    private Centroids() {}

    /** Fills in the slopes of a frame: x and y of the first spot in pixels, of the second, and so on. */
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
            // a lenslet without light says nothing, and its spot is best taken to be where it belongs
            slopesPixels[2 * spot] = sum == 0 ? 0 : (float) sumX / sum - MIDDLE;
            slopesPixels[2 * spot + 1] = sum == 0 ? 0 : (float) sumY / sum - MIDDLE;
        }
    }
}
