package org.shmrt.math.kernel;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The product with the Vector API. The matrix is stored in panels of up to four registers of rows, column by column, so
 * memory is read in order and no sum has to be reduced across a register. Even and odd columns have sums of their own:
 * eight independent chains hide the latency of the multiply-add.
 *
 * <p>The panels are in an array and not in a segment: with the long offsets of a segment, the same loop was two to
 * three times slower in some JVMs.
 */
final class VectorMatrix implements MatrixKernel {
    private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
    private static final int LANES = SPECIES.length();
    private static final int WIDTH = 4;

    private final int rows;
    private final int columns;
    private final float[] panels;

    VectorMatrix(int rows, int columns, float[] values) {
        this.rows = rows;
        this.columns = columns;
        this.panels = new float[Math.multiplyExact(registers() * LANES, columns)];
        for (int row = 0; row < rows; row++) {
            for (int column = 0; column < columns; column++) {
                panels[index(row, column)] = values[row * columns + column];
            }
        }
    }

    private int registers() {
        return Math.ceilDiv(rows, LANES);
    }

    private int index(int row, int column) {
        int first = row / LANES / WIDTH * WIDTH;
        int width = Math.min(WIDTH, registers() - first);
        return first * LANES * columns + column * width * LANES + row - first * LANES;
    }

    @Override
    public void multiply(float[] x, float[] y) {
        int register = 0;
        for (int registers = registers(); register + WIDTH <= registers; register += WIDTH) {
            panel4(panels, register * LANES * columns, x, columns, y, register * LANES);
        }
        int row = register * LANES;
        switch (registers() - register) {
            case 1 -> panel1(panels, row * columns, x, columns, y, row);
            case 2 -> panel2(panels, row * columns, x, columns, y, row);
            case 3 -> panel3(panels, row * columns, x, columns, y, row);
            default -> {}
        }
    }

    private static FloatVector load(float[] a, int at) {
        return FloatVector.fromArray(SPECIES, a, at);
    }

    private static FloatVector broadcast(float value) {
        return FloatVector.broadcast(SPECIES, value);
    }

    private static void panel4(float[] a, int base, float[] x, int columns, float[] y, int row) {
        FloatVector s0 = FloatVector.zero(SPECIES);
        FloatVector s1 = s0;
        FloatVector s2 = s0;
        FloatVector s3 = s0;
        FloatVector t0 = s0;
        FloatVector t1 = s0;
        FloatVector t2 = s0;
        FloatVector t3 = s0;
        int at = base;
        int j = 0;
        for (; j < columns - 1; j += 2, at += 8 * LANES) {
            FloatVector even = broadcast(x[j]);
            FloatVector odd = broadcast(x[j + 1]);
            s0 = load(a, at).fma(even, s0);
            s1 = load(a, at + LANES).fma(even, s1);
            s2 = load(a, at + 2 * LANES).fma(even, s2);
            s3 = load(a, at + 3 * LANES).fma(even, s3);
            t0 = load(a, at + 4 * LANES).fma(odd, t0);
            t1 = load(a, at + 5 * LANES).fma(odd, t1);
            t2 = load(a, at + 6 * LANES).fma(odd, t2);
            t3 = load(a, at + 7 * LANES).fma(odd, t3);
        }
        if (j < columns) {
            FloatVector last = broadcast(x[j]);
            s0 = load(a, at).fma(last, s0);
            s1 = load(a, at + LANES).fma(last, s1);
            s2 = load(a, at + 2 * LANES).fma(last, s2);
            s3 = load(a, at + 3 * LANES).fma(last, s3);
        }
        s0.add(t0).intoArray(y, row);
        s1.add(t1).intoArray(y, row + LANES);
        s2.add(t2).intoArray(y, row + 2 * LANES);
        s3.add(t3).intoArray(y, row + 3 * LANES);
    }

    private static void panel3(float[] a, int base, float[] x, int columns, float[] y, int row) {
        FloatVector s0 = FloatVector.zero(SPECIES);
        FloatVector s1 = s0;
        FloatVector s2 = s0;
        FloatVector t0 = s0;
        FloatVector t1 = s0;
        FloatVector t2 = s0;
        int at = base;
        int j = 0;
        for (; j < columns - 1; j += 2, at += 6 * LANES) {
            FloatVector even = broadcast(x[j]);
            FloatVector odd = broadcast(x[j + 1]);
            s0 = load(a, at).fma(even, s0);
            s1 = load(a, at + LANES).fma(even, s1);
            s2 = load(a, at + 2 * LANES).fma(even, s2);
            t0 = load(a, at + 3 * LANES).fma(odd, t0);
            t1 = load(a, at + 4 * LANES).fma(odd, t1);
            t2 = load(a, at + 5 * LANES).fma(odd, t2);
        }
        if (j < columns) {
            FloatVector last = broadcast(x[j]);
            s0 = load(a, at).fma(last, s0);
            s1 = load(a, at + LANES).fma(last, s1);
            s2 = load(a, at + 2 * LANES).fma(last, s2);
        }
        s0.add(t0).intoArray(y, row);
        s1.add(t1).intoArray(y, row + LANES);
        s2.add(t2).intoArray(y, row + 2 * LANES);
    }

    private static void panel2(float[] a, int base, float[] x, int columns, float[] y, int row) {
        FloatVector s0 = FloatVector.zero(SPECIES);
        FloatVector s1 = s0;
        FloatVector t0 = s0;
        FloatVector t1 = s0;
        int at = base;
        int j = 0;
        for (; j < columns - 1; j += 2, at += 4 * LANES) {
            FloatVector even = broadcast(x[j]);
            FloatVector odd = broadcast(x[j + 1]);
            s0 = load(a, at).fma(even, s0);
            s1 = load(a, at + LANES).fma(even, s1);
            t0 = load(a, at + 2 * LANES).fma(odd, t0);
            t1 = load(a, at + 3 * LANES).fma(odd, t1);
        }
        if (j < columns) {
            FloatVector last = broadcast(x[j]);
            s0 = load(a, at).fma(last, s0);
            s1 = load(a, at + LANES).fma(last, s1);
        }
        s0.add(t0).intoArray(y, row);
        s1.add(t1).intoArray(y, row + LANES);
    }

    private static void panel1(float[] a, int base, float[] x, int columns, float[] y, int row) {
        FloatVector s0 = FloatVector.zero(SPECIES);
        FloatVector t0 = s0;
        int at = base;
        int j = 0;
        for (; j < columns - 1; j += 2, at += 2 * LANES) {
            s0 = load(a, at).fma(broadcast(x[j]), s0);
            t0 = load(a, at + LANES).fma(broadcast(x[j + 1]), t0);
        }
        if (j < columns) {
            s0 = load(a, at).fma(broadcast(x[j]), s0);
        }
        s0.add(t0).intoArray(y, row);
    }

    @Override
    public float get(int row, int column) {
        return panels[index(row, column)];
    }
}
