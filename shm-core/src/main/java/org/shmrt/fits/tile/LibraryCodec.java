package org.shmrt.fits.tile;

import java.nio.ByteBuffer;
import java.nio.IntBuffer;
import java.util.logging.Level;
import java.util.logging.Logger;
import nom.tam.fits.compression.algorithm.hcompress.HDecompress;
import nom.tam.fits.compression.algorithm.rice.RiceCompressOption;
import nom.tam.fits.compression.algorithm.rice.RiceCompressor.IntRiceCompressor;
import org.shmrt.error.ShmException;

/**
 * Adapter for the integer codecs of nom-tam-fits. The library is an optional dependency; this is the only class that
 * uses it, and it is loaded for compressed images only.
 */
final class LibraryCodec {
    /** Held here because the JDK drops the level of a logger that is not referenced. */
    private static final Logger LIBRARY = Logger.getLogger("nom.tam");

    static {
        // Its warnings about a damaged tile repeat our exception. A level set by the program is respected.
        if (LIBRARY.getLevel() == null) {
            LIBRARY.setLevel(Level.SEVERE);
        }
    }

    private LibraryCodec() {}

    /**
     * Decompresses a tile. For damaged bytes the library throws any kind of RuntimeException, which the caller handles.
     *
     * @param parameters how the tile is compressed
     * @param compressed the compressed bytes
     * @param pixels receives the pixels; its length is that of the tile
     */
    static void decode(TileParameters parameters, byte[] compressed, IntBuffer pixels) {
        ByteBuffer bytes = ByteBuffer.wrap(compressed);
        if (parameters.algorithm() == TileParameters.Algorithm.RICE_1) {
            rice(parameters.riceBlock(), parameters.riceBytes()).decompress(bytes, pixels);
        } else {
            hcompress(bytes, parameters.smooth(), pixels);
        }
    }

    /**
     * Decompresses 64-bit integers, because lossy compression takes pixels near the end of the range of 32 bits beyond
     * it. These get the value at the end.
     */
    private static void hcompress(ByteBuffer bytes, boolean smooth, IntBuffer pixels) {
        long[] values = new long[pixels.remaining()];
        new HDecompress().decompress(bytes, smooth, values);
        for (long value : values) {
            pixels.put(Math.clamp(value, Integer.MIN_VALUE, Integer.MAX_VALUE));
        }
    }

    /** Compresses a tile by Rice's algorithm into the bytes up to the new position of the buffer. */
    static void riceEncode(IntBuffer pixels, ByteBuffer compressed, int block) {
        rice(block, Integer.BYTES).compress(pixels, compressed);
    }

    private static IntRiceCompressor rice(int block, int bytes) {
        return new IntRiceCompressor(
                new RiceCompressOption().setBlockSize(block).setBytePix(bytes));
    }

    /** The exception for a missing library. */
    static ShmException missing(String doing, NoClassDefFoundError e) {
        return new ShmException(
                "cannot " + doing + ": compressed tiles need the library nom-tam-fits; add it to the "
                        + "class path (Maven: gov.nasa.gsfc.heasarc:nom-tam-fits)",
                e);
    }
}
