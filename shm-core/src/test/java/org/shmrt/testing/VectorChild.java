package org.shmrt.testing;

import org.shmrt.math.FloatMatrix;
import org.shmrt.math.KernelKind;

/** A user's program on the class path that multiplies with the Vector API, with ShmRT as a module. */
public final class VectorChild {
    private VectorChild() {}

    public static void main(String[] words) {
        FloatMatrix matrix = FloatMatrix.of(1, 2, new float[] {3, 4}).use(KernelKind.VECTOR);
        float[] y = new float[1];
        matrix.multiply(new float[] {1, 2}, y);
        System.out.println(FloatMatrix.class.getModule().getName() + " " + y[0]);
    }
}
