package org.shmrt.math.kernel;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/**
 * Column sums in plain Java. A line is copied to an array first, because the JIT compiler vectorises loops over arrays
 * better than loops over segments.
 */
public final class ScalarSlopes implements SlopeKernel {
    private final short[] line;

    /** @param columns the most columns that a call will have */
    public ScalarSlopes(int columns) {
        this.line = new short[columns];
    }

    @Override
    public void columnSums(
            MemorySegment frame,
            int firstPixel,
            int stride,
            int columns,
            int lines,
            int threshold,
            int[] sums,
            int[] weighted) {
        Arrays.fill(sums, 0, columns, 0);
        Arrays.fill(weighted, 0, columns, 0);
        // From the last line to the second: each partial sum is added once per line number, without a multiplication.
        for (int y = lines - 1; y > 0; y--) {
            copy(frame, firstPixel + y * stride, columns);
            add(line, columns, threshold, sums);
            accumulate(sums, columns, weighted);
        }
        copy(frame, firstPixel, columns);
        add(line, columns, threshold, sums);
    }

    private void copy(MemorySegment frame, int from, int columns) {
        MemorySegment.copy(frame, ValueLayout.JAVA_SHORT_UNALIGNED, 2L * from, line, 0, columns);
    }

    private static void add(short[] line, int columns, int threshold, int[] sums) {
        for (int x = 0; x < columns; x++) {
            sums[x] += Math.max(0, (line[x] & 0xffff) - threshold);
        }
    }

    private static void accumulate(int[] sums, int columns, int[] weighted) {
        for (int x = 0; x < columns; x++) {
            weighted[x] += sums[x];
        }
    }
}
