package org.shmrt.fits.tile;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import org.shmrt.error.IncompatibleException;
import org.shmrt.fits.header.Header;

/**
 * How the tiles of an image are compressed.
 *
 * @param algorithm compression algorithm
 * @param riceBlock number of pixels per block of Rice's algorithm
 * @param riceBytes size of an integer in Rice's algorithm, in bytes
 * @param smooth whether HCOMPRESS smooths
 * @param dithering how floating-point pixels were rounded to integers
 * @param seed start of the random offsets, 1 to 10000
 * @see <a href="https://fits.gsfc.nasa.gov/fits_standard.html">FITS standard 4.0, section 10</a>
 */
record TileParameters(
        Algorithm algorithm, int riceBlock, int riceBytes, boolean smooth, Dithering dithering, int seed) {
    private static final int MAX_PARAMETERS = 999;

    /** Compression algorithms, by their names in ZCMPTYPE. */
    enum Algorithm {
        RICE_1,
        GZIP_1,
        GZIP_2,
        PLIO_1,
        HCOMPRESS_1,
        NOCOMPRESS;

        /** Whether the decompressed bytes are elements in file order, and not integers of a codec. */
        boolean storesElements() {
            return this == GZIP_1 || this == GZIP_2 || this == NOCOMPRESS;
        }
    }

    /** Methods of rounding floating-point pixels to integers. */
    enum Dithering {
        /** Rounding to the nearest integer. */
        NONE,
        /** A random offset is added before rounding. */
        SUBTRACTIVE_1,
        /** The same, but exact zeros are preserved. */
        SUBTRACTIVE_2
    }

    /**
     * Reads the parameters of an image.
     *
     * @throws IncompatibleException if the algorithm or a parameter is not supported
     */
    static TileParameters of(Header header) {
        Algorithm algorithm = algorithm(header);
        if (header.has("ZMASKCMP")) {
            throw new IncompatibleException("cannot read " + header.location()
                    + ": ShmRT does not support a separate mask of undefined pixels (ZMASKCMP); "
                    + "uncompress the file with funpack");
        }
        int block = 32;
        int bytes = Integer.BYTES;
        boolean smooth = false;
        for (int i = 1; i <= MAX_PARAMETERS && header.has("ZNAME" + i); i++) {
            String value = "ZVAL" + i;
            switch (header.text("ZNAME" + i).orElse("")) {
                case "BLOCKSIZE" -> block = (int) header.integer(value, 1, Short.MAX_VALUE);
                case "BYTEPIX" -> bytes = (int) header.integer(value, 1, Long.BYTES);
                case "SMOOTH" -> smooth = header.integer(value, Integer.MIN_VALUE, Integer.MAX_VALUE) != 0;
                default -> {
                    // parameters of other algorithms, such as the scale of HCOMPRESS, are in the data too
                }
            }
        }
        if (algorithm == Algorithm.RICE_1
                && ((block != 16 && block != 32) || (bytes != 1 && bytes != 2 && bytes != 4))) {
            throw new IncompatibleException("cannot read " + header.location() + ": its Rice blocks have " + block
                    + " pixels of " + bytes + " bytes, supported are 16 or 32 pixels of 1, 2 or 4 bytes");
        }
        int seed = (int) header.integerOr("ZDITHER0", 1, 1, Quantization.SEQUENCE_LENGTH);
        return new TileParameters(algorithm, block, bytes, smooth, dithering(header), seed);
    }

    private static Algorithm algorithm(Header header) {
        Optional<String> text = header.text("ZCMPTYPE");
        String upper = text.orElse("").strip().toUpperCase(Locale.ROOT);
        String name = upper.equals("RICE_ONE") ? "RICE_1" : upper;
        return Arrays.stream(Algorithm.values())
                .filter(algorithm -> algorithm.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IncompatibleException("cannot read " + header.location()
                        + ": its tiles are compressed by "
                        + text.map(found -> "'" + found + "'").orElse("an algorithm that it does not name")
                        + ", supported are RICE_1, GZIP_1, GZIP_2, PLIO_1, HCOMPRESS_1 and NOCOMPRESS"));
    }

    private static Dithering dithering(Header header) {
        return switch (header.text("ZQUANTIZ").orElse("")) {
            case "SUBTRACTIVE_DITHER_1" -> Dithering.SUBTRACTIVE_1;
            case "SUBTRACTIVE_DITHER_2" -> Dithering.SUBTRACTIVE_2;
            default -> Dithering.NONE;
        };
    }
}
