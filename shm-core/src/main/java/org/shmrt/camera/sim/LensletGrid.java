package org.shmrt.camera.sim;

import java.util.Arrays;

/**
 * Geometry of the simulated Shack-Hartmann sensor and its mirror: 10 x 10 lenslets of 12 x 12 pixels behind a round
 * pupil, and the 97 actuators at the corners of the lenslets (Fried geometry). Lengths in the pupil are in
 * lenslet pitches from its centre.
 */
public final class LensletGrid {
    /** Rows and columns of a camera frame. */
    public static final int SIDE_PIXELS = 120;
    /** Rows and columns of lenslets. */
    public static final int LENSLETS = 10;
    /** Rows and columns of the pixels behind one lenslet. */
    public static final int LENSLET_PIXELS = SIDE_PIXELS / LENSLETS;
    /** Actuators, and elements of a command. */
    public static final int ACTUATORS = 97;

    /** Squared radii that select 88 lit lenslets and 97 actuators. */
    private static final double LIT_RADIUS_2 = 26.5;

    private static final double ACTUATOR_RADIUS_2 = 29;

    private static final int[] LIT = lit();
    private static final int[] ACTUATOR_AT = actuators();

    private LensletGrid() {}

    private static int[] lit() {
        int[] found = new int[LENSLETS * LENSLETS];
        int count = 0;
        for (int lenslet = 0; lenslet < found.length; lenslet++) {
            double x = lenslet % LENSLETS - (LENSLETS - 1) / 2.0;
            int row = lenslet / LENSLETS;
            double y = row - (LENSLETS - 1) / 2.0;
            if (x * x + y * y <= LIT_RADIUS_2) {
                found[count++] = lenslet;
            }
        }
        return Arrays.copyOf(found, count);
    }

    private static int[] actuators() {
        int side = LENSLETS + 1;
        int[] at = new int[side * side];
        int count = 0;
        for (int corner = 0; corner < at.length; corner++) {
            double x = corner % side - LENSLETS / 2.0;
            int row = corner / side;
            double y = row - LENSLETS / 2.0;
            at[corner] = x * x + y * y <= ACTUATOR_RADIUS_2 ? count++ : -1;
        }
        if (count != ACTUATORS) {
            throw new AssertionError(count + " actuators");
        }
        return at;
    }

    /** Number of lenslets that receive light. */
    public static int spots() {
        return LIT.length;
    }

    /** Index of a spot's first pixel in a frame. */
    public static int firstPixel(int spot) {
        return LIT[spot] / LENSLETS * LENSLET_PIXELS * SIDE_PIXELS + LIT[spot] % LENSLETS * LENSLET_PIXELS;
    }

    /** Column of a spot's lenslet. */
    public static int column(int spot) {
        return LIT[spot] % LENSLETS;
    }

    /** Row of a spot's lenslet. */
    public static int row(int spot) {
        return LIT[spot] / LENSLETS;
    }

    /** The actuator at a corner of the grid, or -1 if there is none. */
    public static int actuatorAt(int row, int column) {
        return ACTUATOR_AT[row * (LENSLETS + 1) + column];
    }
}
