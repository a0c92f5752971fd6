package org.shmrt.math.kernel;

/**
 * One implementation of the product of a matrix and a vector. It keeps a copy of the matrix in the order that suits it.
 * An object may be used by one thread at a time.
 */
public interface MatrixKernel {
    /** The number of rows to which a vector {@code y} is padded, so that kernels can store whole registers. */
    int ROW_PADDING = 64;

    /**
     * Computes {@code y = A x}.
     *
     * @param x at least as many elements as the matrix has columns
     * @param y at least as many elements as {@link #padded} returns for the rows; the padding is undefined afterwards
     */
    void multiply(float[] x, float[] y);

    /** One element of the matrix. */
    float get(int row, int column);

    /** The length of a vector {@code y}. */
    static int padded(int rows) {
        return Math.ceilDiv(rows, ROW_PADDING) * ROW_PADDING;
    }
}
