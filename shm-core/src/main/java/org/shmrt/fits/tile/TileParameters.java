package org.shmrt.fits.tile;

import java.util.Locale;
import java.util.Set;
import org.shmrt.error.IncompatibleException;
import org.shmrt.fits.header.Header;

/**
 * How the tiles of an image were compressed.
 *
 * @param algorithm RICE_1, GZIP_1, GZIP_2, PLIO_1, HCOMPRESS_1 or NOCOMPRESS
 * @param riceBlock pixels a block of Rice's algorithm
 * @param riceBytes bytes an integer of Rice's algorithm
 * @param smooth whether HCOMPRESS smooths
 * @param dither how floating-point pixels were rounded to integers: 0 plainly, 1 or 2 with random offsets
 * @param seed where the random offsets begin, 1 to 10000
 * @see <a href="https://fits.gsfc.nasa.gov/fits_standard.html">FITS standard 4.0, section 10</a>
 */
record TileParameters(String algorithm, int riceBlock, int riceBytes, boolean smooth, int dither, int seed) {
    private static final Set<String> KNOWN =
            Set.of("RICE_1", "GZIP_1", "GZIP_2", "PLIO_1", "HCOMPRESS_1", "NOCOMPRESS");
    private static final int MOST_PARAMETERS = 999;

    static TileParameters of(Header header) {
        String name = header.text("ZCMPTYPE");
        String algorithm = name == null ? "" : name.strip().toUpperCase(Locale.ROOT);
        algorithm = algorithm.equals("RICE_ONE") ? "RICE_1" : algorithm;
        if (!KNOWN.contains(algorithm)) {
            throw new IncompatibleException("cannot read " + header.where() + ": its tiles are compressed by "
                    + (name == null ? "an algorithm it does not name" : "'" + name + "'")
                    + ", known are RICE_1, GZIP_1, GZIP_2, PLIO_1, HCOMPRESS_1 and NOCOMPRESS");
        }
        if (header.has("ZMASKCMP")) {
            throw new IncompatibleException("cannot read " + header.where()
                    + ": a mask of its empty pixels is stored beside them, which ShmRT does not know; "
                    + "uncompress the file with funpack");
        }
        int block = 32;
        int bytes = Integer.BYTES;
        boolean smooth = false;
        for (int i = 1; i <= MOST_PARAMETERS && header.has("ZNAME" + i); i++) {
            String parameter = header.text("ZNAME" + i);
            String value = "ZVAL" + i;
            if ("BLOCKSIZE".equals(parameter)) {
                block = (int) header.integer(value, 1, Short.MAX_VALUE);
            } else if ("BYTEPIX".equals(parameter)) {
                bytes = (int) header.integer(value, 1, Long.BYTES);
            } else if ("SMOOTH".equals(parameter)) {
                smooth = header.integer(value, Integer.MIN_VALUE, Integer.MAX_VALUE) != 0;
            }
        }
        if (algorithm.equals("RICE_1") && ((block != 16 && block != 32) || (bytes != 1 && bytes != 2 && bytes != 4))) {
            throw new IncompatibleException("cannot read " + header.where() + ": its Rice blocks have " + block
                    + " pixels of " + bytes + " bytes, known are 16 or 32 pixels of 1, 2 or 4 bytes");
        }
        String quantized = header.text("ZQUANTIZ");
        int dither = "SUBTRACTIVE_DITHER_1".equals(quantized) ? 1 : "SUBTRACTIVE_DITHER_2".equals(quantized) ? 2 : 0;
        int seed = (int) header.integerOr("ZDITHER0", 1, 1, Quantization.SEQUENCE_LENGTH);
        return new TileParameters(algorithm, block, bytes, smooth, dither, seed);
    }
}
