package org.shmrt.math.kernel;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/** Column sums with the Vector API. */
final class VectorSlopes implements SlopeKernel {
    private static final VectorSpecies<Integer> INTS = IntVector.SPECIES_PREFERRED;
    private static final int LANES = INTS.length();
    /** As many pixels as a register has ints. */
    private static final VectorSpecies<Short> SHORTS =
            VectorSpecies.of(short.class, VectorShape.forBitSize(INTS.vectorBitSize() / 2));

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
        if (columns < LANES) {
            narrow(frame, firstPixel, stride, columns, lines, threshold, sums, weighted);
            return;
        }
        int x = 0;
        for (; x <= columns - LANES; x += LANES) {
            block(frame, firstPixel + x, stride, lines, threshold, sums, weighted, x);
        }
        if (x < columns) {
            // The last block overlaps the one before it: computing some columns twice is faster than a mask.
            block(frame, firstPixel + columns - LANES, stride, lines, threshold, sums, weighted, columns - LANES);
        }
    }

    private static void block(
            MemorySegment frame,
            int pixel,
            int stride,
            int lines,
            int threshold,
            int[] sums,
            int[] weighted,
            int column) {
        IntVector limit = IntVector.broadcast(INTS, threshold);
        IntVector zero = IntVector.zero(INTS);
        IntVector sum = zero;
        IntVector moment = zero;
        int at = pixel + (lines - 1) * stride;
        for (int y = lines - 1; y > 0; y--, at -= stride) {
            sum = sum.add(load(frame, at).sub(limit).max(zero));
            moment = moment.add(sum);
        }
        sum.add(load(frame, pixel).sub(limit).max(zero)).intoArray(sums, column);
        moment.intoArray(weighted, column);
    }

    private static IntVector load(MemorySegment frame, int pixel) {
        return (IntVector) ShortVector.fromMemorySegment(SHORTS, frame, 2L * pixel, ByteOrder.nativeOrder())
                .convertShape(VectorOperators.ZERO_EXTEND_S2I, INTS, 0);
    }

    private static void narrow(
            MemorySegment frame,
            int firstPixel,
            int stride,
            int columns,
            int lines,
            int threshold,
            int[] sums,
            int[] weighted) {
        for (int x = 0; x < columns; x++) {
            int sum = 0;
            int moment = 0;
            for (int y = lines - 1; y >= 0; y--) {
                int pixel = frame.get(ValueLayout.JAVA_SHORT_UNALIGNED, 2L * (firstPixel + y * stride + x)) & 0xffff;
                sum += Math.max(0, pixel - threshold);
                moment += y > 0 ? sum : 0;
            }
            sums[x] = sum;
            weighted[x] = moment;
        }
    }
}
