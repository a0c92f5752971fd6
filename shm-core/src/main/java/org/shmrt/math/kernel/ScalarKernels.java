package org.shmrt.math.kernel;

/** Kernels in plain Java, which every JVM can run. */
public final class ScalarKernels implements KernelFactory {
    @Override
    public String description() {
        return "plain Java";
    }

    @Override
    public MatrixKernel matrix(int rows, int columns, float[] values) {
        return new ScalarMatrix(rows, columns, values);
    }

    @Override
    public SlopeKernel slopes(int columns) {
        return new ScalarSlopes(columns);
    }
}
