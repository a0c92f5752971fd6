package org.shmrt.fits.tile;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.shmrt.fits.pixel.PixelFormat;
import org.shmrt.fits.tile.TileParameters.Dithering;

/**
 * Restores floating-point pixels that were rounded to integers before compression: {@code ZZERO + ZSCALE * integer}.
 * With dithering, a random offset was added before rounding and is subtracted here.
 *
 * @see <a href="https://fits.gsfc.nasa.gov/fits_standard.html">FITS standard 4.0, section 10.2 and appendix I</a>
 */
final class Quantization {
    static final int SEQUENCE_LENGTH = 10_000;

    private static final int OFFSETS_PER_SEED = 500;
    /** Represents exactly 0 in {@link Dithering#SUBTRACTIVE_2}. */
    private static final int ZERO = Integer.MIN_VALUE + 2;

    private static final double[] SEQUENCE = sequence();

    private final TileParameters parameters;
    private final boolean single;

    /** The pixels are float32 or float64, as the format says. */
    Quantization(TileParameters parameters, PixelFormat format) {
        this.parameters = parameters;
        this.single = format.bitpix() == -32;
    }

    /**
     * The random numbers of the standard, between 0 and 1: a multiplicative generator (16807, 2^31 - 1) with seed 1,
     * rounded to single precision as in the programs that write such files.
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

    /**
     * The scaling of one tile.
     *
     * @param scale ZSCALE
     * @param zero ZZERO
     * @param hasBlank whether an integer represents NaN
     * @param blank the integer that represents NaN
     */
    record Scaling(double scale, double zero, boolean hasBlank, int blank) {}

    /**
     * Computes the pixels of a tile.
     *
     * @param tile the tile
     * @param integers the decompressed integers
     * @param scaling scaling of the tile
     * @param pixels native memory for the pixels
     */
    void restore(Tile tile, int[] integers, Scaling scaling, MemorySegment pixels) {
        Dithering dithering = parameters.dithering();
        int start = (int) ((tile.number() + parameters.seed() - 1) % SEQUENCE_LENGTH);
        int next = (int) (SEQUENCE[start] * OFFSETS_PER_SEED);
        for (int i = 0; i < tile.pixels(); i++) {
            double offset = dithering == Dithering.NONE ? 0 : SEQUENCE[next] - 0.5;
            int integer = integers[i];
            double pixel = scaling.hasBlank() && integer == scaling.blank()
                    ? Double.NaN
                    : dithering == Dithering.SUBTRACTIVE_2 && integer == ZERO
                            ? 0
                            : (integer - offset) * scaling.scale() + scaling.zero();
            if (single) {
                pixels.set(ValueLayout.JAVA_FLOAT_UNALIGNED, i * 4L, (float) pixel);
            } else {
                pixels.set(ValueLayout.JAVA_DOUBLE_UNALIGNED, i * 8L, pixel);
            }
            if (++next == SEQUENCE_LENGTH) {
                start = (start + 1) % SEQUENCE_LENGTH;
                next = (int) (SEQUENCE[start] * OFFSETS_PER_SEED);
            }
        }
    }
}
