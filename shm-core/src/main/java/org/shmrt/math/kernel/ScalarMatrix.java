package org.shmrt.math.kernel;

/**
 * The product in plain Java, without the Vector API. The matrix is stored in panels of eight rows, column by column:
 * eight independent sums fill the pipelines of the processor, and memory is read in order. (A loop over one row has to
 * wait for each addition, and the JIT compiler does not vectorise it, because that changes the order of the sum.)
 */
public final class ScalarMatrix implements MatrixKernel {
    private static final int HEIGHT = 8;

    private final int rows;
    private final int columns;
    private final float[] panels;

    /** @param values row by row */
    public ScalarMatrix(int rows, int columns, float[] values) {
        this.rows = rows;
        this.columns = columns;
        this.panels = new float[Math.multiplyExact(Math.ceilDiv(rows, HEIGHT) * HEIGHT, columns)];
        for (int row = 0; row < rows; row++) {
            for (int column = 0; column < columns; column++) {
                panels[index(row, column)] = values[row * columns + column];
            }
        }
    }

    private int index(int row, int column) {
        return row / HEIGHT * HEIGHT * columns + column * HEIGHT + row % HEIGHT;
    }

    @Override
    public void multiply(float[] x, float[] y) {
        for (int row = 0; row < rows; row += HEIGHT) {
            panel(panels, row * columns, x, columns, y, row);
        }
    }

    private static void panel(float[] a, int base, float[] x, int columns, float[] y, int row) {
        float s0 = 0;
        float s1 = 0;
        float s2 = 0;
        float s3 = 0;
        float s4 = 0;
        float s5 = 0;
        float s6 = 0;
        float s7 = 0;
        for (int j = 0; j < columns; j++) {
            float v = x[j];
            int at = base + j * HEIGHT;
            s0 += a[at] * v;
            s1 += a[at + 1] * v;
            s2 += a[at + 2] * v;
            s3 += a[at + 3] * v;
            s4 += a[at + 4] * v;
            s5 += a[at + 5] * v;
            s6 += a[at + 6] * v;
            s7 += a[at + 7] * v;
        }
        y[row] = s0;
        y[row + 1] = s1;
        y[row + 2] = s2;
        y[row + 3] = s3;
        y[row + 4] = s4;
        y[row + 5] = s5;
        y[row + 6] = s6;
        y[row + 7] = s7;
    }

    @Override
    public float get(int row, int column) {
        return panels[index(row, column)];
    }
}
