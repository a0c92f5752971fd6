package org.shmrt.fits.tile;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Floating-point pixels that were rounded to integers before they were compressed: {@code ZZERO + ZSCALE * integer},
 * with a random offset that was added before rounding and is taken off again.
 *
 * @see <a href="https://fits.gsfc.nasa.gov/fits_standard.html">FITS standard 4.0, section 10.2 and appendix I</a>
 */
final class Quantization {
    static final int SEQUENCE_LENGTH = 10_000;

    private static final int OFFSETS_A_SEED = 500;
    /** Stands for exactly 0 in the second kind of dithering. */
    private static final int ZERO = Integer.MIN_VALUE + 2;

    private static final double[] SEQUENCE = sequence();

    private final TileParameters parameters;
    private final boolean single;

    /**
     * Of one image.
     *
     * @param single whether the pixels are float32, else float64
     */
    Quantization(TileParameters parameters, boolean single) {
        this.parameters = parameters;
        this.single = single;
    }

    /**
     * The standard's random numbers in 0 to 1: a multiplicative generator (16807, 2^31 - 1) from 1 on, in single
     * precision as the programs keep them that round.
     */
    private static double[] sequence() {
        double[] sequence = new double[SEQUENCE_LENGTH];
        long seed = 1;
        for (int i = 0; i < SEQUENCE_LENGTH; i++) {
            seed = seed * 16_807 % Integer.MAX_VALUE;
            sequence[i] = (float) ((double) seed / Integer.MAX_VALUE);
        }
        return sequence;
    }

    /** What makes one tile's integers pixels. {@code blank} stands for NaN where {@code hasBlank} says so. */
    record Scaling(double scale, double zero, boolean hasBlank, int blank) {}

    /**
     * Computes the pixels of a tile.
     *
     * @param tile number of the tile, from 0
     * @param pixels room for as many pixels as there are integers
     */
    void restore(long tile, int[] integers, int count, Scaling scaling, MemorySegment pixels) {
        int start = (int) ((tile + parameters.seed() - 1) % SEQUENCE_LENGTH);
        int next = (int) (SEQUENCE[start] * OFFSETS_A_SEED);
        for (int i = 0; i < count; i++) {
            double offset = parameters.dither() == 0 ? 0 : SEQUENCE[next] - 0.5;
            int integer = integers[i];
            double pixel = scaling.hasBlank() && integer == scaling.blank()
                    ? Double.NaN
                    : parameters.dither() == 2 && integer == ZERO
                            ? 0
                            : (integer - offset) * scaling.scale() + scaling.zero();
            if (single) {
                pixels.set(ValueLayout.JAVA_FLOAT_UNALIGNED, i * 4L, (float) pixel);
            } else {
                pixels.set(ValueLayout.JAVA_DOUBLE_UNALIGNED, i * 8L, pixel);
            }
            if (++next == SEQUENCE_LENGTH) {
                start = (start + 1) % SEQUENCE_LENGTH;
                next = (int) (SEQUENCE[start] * OFFSETS_A_SEED);
            }
        }
    }
}
