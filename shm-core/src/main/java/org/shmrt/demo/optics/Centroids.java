package org.shmrt.demo.optics;

import org.shmrt.math.SlopeComputer;
import org.shmrt.math.SubapertureGrid;

/** How the control loop measures the spots of the simulated camera. */
public final class Centroids {
    /** Length of a slope vector: x and y for each spot. */
    public static final int SLOPES = 2 * LensletGrid.spots();

    /** Excludes nearly all noise of dark pixels, which would shift each centroid to the centre. */
    private static final int THRESHOLD = SpotField.BIAS + (int) (5 * SpotField.READ_NOISE);

    private Centroids() {}

    /** {@return an object that computes the slopes of a frame in pixels: x and y of the first spot, and so on} */
    public static SlopeComputer computer() {
        boolean[] valid = new boolean[LensletGrid.LENSLETS * LensletGrid.LENSLETS];
        for (int spot = 0; spot < LensletGrid.spots(); spot++) {
            valid[LensletGrid.row(spot) * LensletGrid.LENSLETS + LensletGrid.column(spot)] = true;
        }
        int side = LensletGrid.SIDE_PIXELS;
        SlopeComputer computer = new SlopeComputer(SubapertureGrid.builder(side, side, LensletGrid.LENSLET_PIXELS)
                .valid(valid)
                .build());
        computer.setThreshold(THRESHOLD);
        return computer;
    }
}
