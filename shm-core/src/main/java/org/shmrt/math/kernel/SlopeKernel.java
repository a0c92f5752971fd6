package org.shmrt.math.kernel;

import java.lang.foreign.MemorySegment;

/** One implementation of the sums over the columns of subapertures. An object may be used by one thread at a time. */
public interface SlopeKernel {
    /**
     * Adds up the pixels of one row of subapertures, column by column. A pixel {@code p} counts as
     * {@code max(0, p - threshold)}.
     *
     * @param frame unsigned 16-bit pixels in the byte order of the machine, row by row, in native memory
     * @param firstPixel index of the first pixel of the first line
     * @param stride pixels from a line to the next
     * @param columns number of columns
     * @param lines number of lines, at most 256
     * @param threshold 0 to 65535
     * @param sums sum of each column
     * @param weighted for each column, the sum of pixel times line number (0 for the first line)
     */
    void columnSums(
            MemorySegment frame,
            int firstPixel,
            int stride,
            int columns,
            int lines,
            int threshold,
            int[] sums,
            int[] weighted);
}
