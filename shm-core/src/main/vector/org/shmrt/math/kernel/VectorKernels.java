package org.shmrt.math.kernel;

import jdk.incubator.vector.FloatVector;

/** Kernels that use the Vector API. {@link VectorModule} loads this class by name. */
public final class VectorKernels implements KernelFactory {
    @Override
    public String description() {
        return "Vector API, " + FloatVector.SPECIES_PREFERRED.vectorBitSize() + " bits";
    }

    @Override
    public MatrixKernel matrix(int rows, int columns, float[] values) {
        return new VectorMatrix(rows, columns, values);
    }

    @Override
    public SlopeKernel slopes(int columns) {
        return new VectorSlopes();
    }
}
