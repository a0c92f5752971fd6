package org.shmrt.math;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Random;

/** Checks of one implementation against sums in double. They run in the JVM of the tests and in JVMs with other flags. */
public final class KernelChecks {
    private static final int SEED = 20260128;

    /** Rows and columns around the widths of registers, odd ones, and those of real loops. */
    private static final int[][] SHAPES = {
        {1, 1},
        {1, 7},
        {7, 1},
        {3, 2},
        {8, 8},
        {15, 17},
        {16, 16},
        {17, 33},
        {31, 64},
        {33, 1},
        {47, 3},
        {48, 5},
        {49, 10},
        {63, 65},
        {64, 64},
        {65, 63},
        {97, 288},
        {112, 97},
        {129, 31},
        {400, 257}
    };

    private KernelChecks() {}

    /** All checks, for a child JVM: the name of an implementation. */
    public static void main(String[] words) {
        KernelKind kind = KernelKind.valueOf(words[0]);
        products(kind);
        specialValues(kind);
        slopes(kind);
        System.out.println("checked " + kind.description());
    }

    static void products(KernelKind kind) {
        Random random = new Random(SEED);
        for (int[] shape : SHAPES) {
            int rows = shape[0];
            int columns = shape[1];
            float[] a = values(random, rows * columns);
            float[] x = values(random, columns);
            FloatMatrix matrix = FloatMatrix.of(rows, columns, a).use(kind);
            assertEquals(kind, matrix.kernel());
            for (int i = 0; i < a.length; i++) {
                assertEquals(a[i], matrix.get(i / columns, i % columns));
            }
            float[] y = new float[rows];

            matrix.multiply(x, y);

            requireProduct(a, x, y, kind);
            try (Arena arena = Arena.ofConfined()) {
                // Neither vector is aligned to a float.
                MemorySegment from = arena.allocate(4L * columns + 1).asSlice(1);
                MemorySegment to = arena.allocate(4L * rows + 3).asSlice(3);
                MemorySegment.copy(x, 0, from, ValueLayout.JAVA_FLOAT_UNALIGNED, 0, columns);
                matrix.multiply(from, to);
                requireProduct(a, x, floats(to, rows), kind);
                to.fill((byte) 0);
                matrix.multiply(x, to);
                requireProduct(a, x, floats(to, rows), kind);
            }
        }
    }

    private static float[] floats(MemorySegment from, int count) {
        float[] copy = new float[count];
        MemorySegment.copy(from, ValueLayout.JAVA_FLOAT_UNALIGNED, 0, copy, 0, count);
        return copy;
    }

    static float[] values(Random random, int count) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (random.nextFloat() - 0.5f) * (float) Math.pow(10, random.nextInt(5) - 2);
        }
        return values;
    }

    static void requireProduct(float[] a, float[] x, float[] y, KernelKind kind) {
        int columns = x.length;
        for (int row = 0; row < y.length; row++) {
            double sum = 0;
            double magnitude = 0;
            for (int column = 0; column < columns; column++) {
                double term = (double) a[row * columns + column] * x[column];
                sum += term;
                magnitude += Math.abs(term);
            }
            double bound = columns * 0x1p-23 * magnitude;
            assertTrue(
                    Math.abs(y[row] - sum) <= bound,
                    kind + ", " + y.length + " x " + columns + ", row " + row + ": " + y[row] + " instead of " + sum);
        }
    }

    static void specialValues(KernelKind kind) {
        float[] a = new float[20 * 5];
        java.util.Arrays.fill(a, 1);
        a[3 * 5 + 2] = Float.NaN;
        a[4 * 5 + 4] = Float.POSITIVE_INFINITY;
        FloatMatrix matrix = FloatMatrix.of(20, 5, a).use(kind);
        float[] y = new float[20];

        matrix.multiply(new float[] {1, 1, 1, 1, 1}, y);
        for (int row = 0; row < 20; row++) {
            float expected = row == 3 ? Float.NaN : row == 4 ? Float.POSITIVE_INFINITY : 5;
            assertEquals(expected, y[row], kind + ", row " + row);
        }

        matrix.multiply(new float[] {1, 1, 1, 1, 0}, y);
        assertEquals(Float.NaN, y[4], "infinity times zero");

        matrix.multiply(new float[] {Float.NaN, 0, 0, 0, 0}, y);
        for (int row = 0; row < 20; row++) {
            assertEquals(Float.NaN, y[row], kind + ", row " + row);
        }
    }

    static void slopes(KernelKind kind) {
        Random random = new Random(SEED);
        boolean[] mask = new boolean[7 * 5];
        for (int i = 0; i < mask.length; i++) {
            mask[i] = i % 3 != 1;
        }
        SubapertureGrid[] grids = {
            SubapertureGrid.of(120, 120, 10),
            SubapertureGrid.of(5, 4, 2),
            SubapertureGrid.of(256, 256, 256),
            SubapertureGrid.builder(91, 67, 8)
                    .origin(3, 5)
                    .pitch(12)
                    .count(7, 5)
                    .valid(mask)
                    .build(),
            SubapertureGrid.builder(17, 300, 3).origin(1, 0).build()
        };
        for (SubapertureGrid grid : grids) {
            for (int threshold : new int[] {0, 500, 65_000}) {
                for (SlopeOrder order : SlopeOrder.values()) {
                    slopes(kind, grid, order, threshold, random);
                }
            }
        }
    }

    private static void slopes(KernelKind kind, SubapertureGrid grid, SlopeOrder order, int threshold, Random random) {
        SlopeComputer computer = new SlopeComputer(grid, order).use(kind);
        computer.setThreshold(threshold);
        float[] reference = values(random, grid.slopeCount());
        computer.setReference(reference);
        int pixels = grid.width() * grid.height();
        try (Arena arena = Arena.ofConfined()) {
            for (long misaligned = 0; misaligned < 2; misaligned++) {
                MemorySegment frame = arena.allocate(2L * pixels + misaligned).asSlice(misaligned);
                for (int i = 0; i < pixels; i++) {
                    int pixel = i % 5 == 0 ? 65_535 - random.nextInt(9) : random.nextInt(2000);
                    frame.set(ValueLayout.JAVA_SHORT_UNALIGNED, 2L * i, (short) pixel);
                }
                float[] slopes = new float[grid.slopeCount()];
                computer.compute(frame, slopes);
                requireSlopes(grid, order, threshold, reference, frame, slopes, kind);

                MemorySegment copy = arena.allocate(4L * slopes.length + 1).asSlice(1);
                computer.compute(frame, copy);
                assertTrue(java.util.Arrays.equals(slopes, floats(copy, slopes.length)));
            }
        }
    }

    private static void requireSlopes(
            SubapertureGrid grid,
            SlopeOrder order,
            int threshold,
            float[] reference,
            MemorySegment frame,
            float[] slopes,
            KernelKind kind) {
        int number = 0;
        for (int row = 0; row < grid.rows(); row++) {
            for (int column = 0; column < grid.columns(); column++) {
                if (!grid.isValid(column, row)) {
                    continue;
                }
                long total = 0;
                long momentX = 0;
                long momentY = 0;
                for (int y = 0; y < grid.size(); y++) {
                    for (int x = 0; x < grid.size(); x++) {
                        long index = (grid.top() + (long) row * grid.pitch() + y) * grid.width()
                                + grid.left()
                                + (long) column * grid.pitch()
                                + x;
                        int pixel = Math.max(
                                0, (frame.get(ValueLayout.JAVA_SHORT_UNALIGNED, 2 * index) & 0xffff) - threshold);
                        total += pixel;
                        momentX += (long) pixel * x;
                        momentY += (long) pixel * y;
                    }
                }
                int atX = order == SlopeOrder.INTERLEAVED ? 2 * number : number;
                int atY = order == SlopeOrder.INTERLEAVED ? 2 * number + 1 : number + grid.validCount();
                String where = kind + ", subaperture " + column + ", " + row + " of " + grid.size() + " pixels";
                requireSlope(momentX, total, grid.size(), reference[atX], slopes[atX], where);
                requireSlope(momentY, total, grid.size(), reference[atY], slopes[atY], where);
                number++;
            }
        }
        assertEquals(grid.validCount(), number);
    }

    private static void requireSlope(long moment, long total, int size, float reference, float actual, String where) {
        if (total == 0) {
            assertEquals(0f, actual, where);
            return;
        }
        double centroid = (double) moment / total - (size - 1) / 2.0;
        double expected = centroid - reference;
        double bound = 4 * Math.abs(centroid) * 0x1p-23 + Math.abs(expected) * 0x1p-23;
        assertEquals(expected, actual, bound, where);
    }
}
