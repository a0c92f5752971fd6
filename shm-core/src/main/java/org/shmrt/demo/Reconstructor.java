package org.shmrt.demo;

import java.util.Arrays;
import org.shmrt.camera.sim.LensletGrid;

/**
 * Computes the 97 commands of the mirror from slopes, with the regularised least-squares inverse of the response of the
 * slopes to the actuators. Applying it is one matrix-vector product, allocates nothing, and is safe for any thread.
 */
final class Reconstructor {
    private static final int COMMANDS = LensletGrid.ACTUATORS;
    /** Keeps modes that the sensor cannot measure (piston, waffle) at zero. */
    private static final double DAMPING = 0.001;

    /** One column of 97 for each slope, so that the inner loop is contiguous and the compiler vectorises it. */
    private final float[] columns;

    Reconstructor() {
        double[][] slopesOfActuators = slopesOfActuators();
        columns = inverse(slopesOfActuators);
    }

    /** For each slope, the effect of one unit of each actuator: the mean step along the two edges of the lenslet. */
    private static double[][] slopesOfActuators() {
        double[][] response = new double[Centroids.SLOPES][COMMANDS];
        for (int spot = 0; spot < LensletGrid.spots(); spot++) {
            int row = LensletGrid.row(spot);
            int column = LensletGrid.column(spot);
            int topLeft = LensletGrid.actuatorAt(row, column);
            int topRight = LensletGrid.actuatorAt(row, column + 1);
            int bottomLeft = LensletGrid.actuatorAt(row + 1, column);
            int bottomRight = LensletGrid.actuatorAt(row + 1, column + 1);
            addSteps(response[2 * spot], topLeft, topRight, bottomLeft, bottomRight);
            addSteps(response[2 * spot + 1], topLeft, bottomLeft, topRight, bottomRight);
        }
        return response;
    }

    /** At the edge of the pupil a corner has no actuator: the other edge of the lenslet then counts for both. */
    private static void addSteps(double[] slope, int from1, int to1, int from2, int to2) {
        boolean first = from1 >= 0 && to1 >= 0;
        boolean second = from2 >= 0 && to2 >= 0;
        double share = first && second ? 0.5 : 1;
        if (first) {
            slope[from1] -= share;
            slope[to1] += share;
        }
        if (second) {
            slope[from2] -= share;
            slope[to2] += share;
        }
    }

    /** Solves (D'D + damping) R = D' for R by Cholesky decomposition; returns R column by column. */
    private static float[] inverse(double[][] response) {
        double[][] factor = new double[COMMANDS][COMMANDS];
        for (int row = 0; row < COMMANDS; row++) {
            for (int column = 0; column <= row; column++) {
                double sum = row == column ? DAMPING : 0;
                for (double[] slope : response) {
                    sum += slope[row] * slope[column];
                }
                for (int k = 0; k < column; k++) {
                    sum -= factor[row][k] * factor[column][k];
                }
                factor[row][column] = row == column ? Math.sqrt(sum) : sum / factor[column][column];
            }
        }
        float[] columns = new float[response.length * COMMANDS];
        for (int slope = 0; slope < response.length; slope++) {
            double[] solved = solve(factor, response[slope]);
            for (int command = 0; command < COMMANDS; command++) {
                columns[slope * COMMANDS + command] = (float) solved[command];
            }
        }
        return columns;
    }

    private static double[] solve(double[][] factor, double[] right) {
        double[] x = right.clone();
        for (int row = 0; row < COMMANDS; row++) {
            for (int k = 0; k < row; k++) {
                x[row] -= factor[row][k] * x[k];
            }
            x[row] /= factor[row][row];
        }
        for (int row = COMMANDS - 1; row >= 0; row--) {
            for (int k = row + 1; k < COMMANDS; k++) {
                x[row] -= factor[k][row] * x[k];
            }
            x[row] /= factor[row][row];
        }
        return x;
    }

    /** The matrix element for a command and a slope. */
    float element(int command, int slope) {
        return columns[slope * COMMANDS + command];
    }

    /** Computes the commands that flatten the wavefront of these slopes. */
    void apply(float[] slopesPixels, float[] commands) {
        Arrays.fill(commands, 0);
        for (int slope = 0; slope < Centroids.SLOPES; slope++) {
            float value = -slopesPixels[slope];
            int first = slope * COMMANDS;
            for (int command = 0; command < COMMANDS; command++) {
                commands[command] += columns[first + command] * value;
            }
        }
    }
}
