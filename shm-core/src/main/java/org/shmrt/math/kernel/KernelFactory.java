package org.shmrt.math.kernel;

/** Creates kernels of one kind. */
public interface KernelFactory {
    /** Where the kernels come from, for reports: for example a library with its version. */
    String description();

    /**
     * A kernel for a matrix.
     *
     * @param values row by row
     */
    MatrixKernel matrix(int rows, int columns, float[] values);

    /** A kernel for column sums of at most that many columns. */
    SlopeKernel slopes(int columns);
}
