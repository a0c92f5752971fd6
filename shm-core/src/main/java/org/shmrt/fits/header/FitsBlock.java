package org.shmrt.fits.header;

import java.io.IOException;
import java.io.OutputStream;

/** The block of a FITS file: headers and data units are padded to a multiple of 2880 bytes. */
public final class FitsBlock {
    /** Size of a block, in bytes. */
    public static final int BYTES = 2880;

    /** Size of a header card, in bytes; a block holds 36. */
    public static final int CARD_BYTES = 80;

    private FitsBlock() {}

    /** Rounds a size up to whole blocks. The caller guarantees that the result fits 63 bits. */
    public static long roundUp(long bytes) {
        return (bytes + BYTES - 1) / BYTES * BYTES;
    }

    /** Fills the last block of a data unit with zeros after {@code written} bytes of data. */
    public static void pad(OutputStream out, long written) throws IOException {
        out.write(new byte[(int) (roundUp(written) - written)]);
    }
}
