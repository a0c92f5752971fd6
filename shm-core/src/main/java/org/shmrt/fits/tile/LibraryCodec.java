package org.shmrt.fits.tile;

import java.nio.ByteBuffer;
import java.nio.IntBuffer;
import java.util.logging.Level;
import java.util.logging.Logger;
import nom.tam.fits.compression.algorithm.hcompress.HCompressor.IntHCompressor;
import nom.tam.fits.compression.algorithm.hcompress.HCompressorOption;
import nom.tam.fits.compression.algorithm.plio.PLIOCompress.IntPLIOCompressor;
import nom.tam.fits.compression.algorithm.rice.RiceCompressOption;
import nom.tam.fits.compression.algorithm.rice.RiceCompressor.IntRiceCompressor;
import org.shmrt.error.ShmException;

/**
 * The codecs for tiles of integers that nom-tam-fits has. The one class that touches the library: it is an optional
 * dependency, and loaded for compressed images alone.
 */
final class LibraryCodec {
    /** Kept here, because the JDK forgets the level of a logger nobody holds. */
    private static final Logger LIBRARY = Logger.getLogger("nom.tam");

    static {
        // What it has to say about a damaged tile is told by the exception; a level the program has set is left.
        if (LIBRARY.getLevel() == null) {
            LIBRARY.setLevel(Level.SEVERE);
        }
    }

    private LibraryCodec() {}

    /**
     * Decompresses a tile. Damaged bytes make the library throw whatever comes; the caller catches it.
     *
     * @param parameters how it was compressed
     * @param compressed the tile's bytes
     * @param pixels the tile, to its length
     * @param width length of the tile's fastest axis
     */
    static void decode(TileParameters parameters, byte[] compressed, IntBuffer pixels, int width) {
        ByteBuffer bytes = ByteBuffer.wrap(compressed);
        switch (parameters.algorithm()) {
            case "RICE_1" ->
                rice(parameters.riceBlock(), parameters.riceBytes()).decompress(bytes, pixels);
            case "PLIO_1" -> new IntPLIOCompressor().decompress(bytes, pixels);
            default -> {
                HCompressorOption option = new HCompressorOption();
                option.setSmooth(parameters.smooth());
                option.setTileWidth(width);
                option.setTileHeight(pixels.remaining() / width);
                new IntHCompressor(option).decompress(bytes, pixels);
            }
        }
    }

    /** Compresses a tile by Rice's algorithm; the bytes up to the position are written then. */
    static void riceEncode(IntBuffer pixels, ByteBuffer compressed, int block) {
        rice(block, Integer.BYTES).compress(pixels, compressed);
    }

    private static IntRiceCompressor rice(int block, int bytes) {
        return new IntRiceCompressor(
                new RiceCompressOption().setBlockSize(block).setBytePix(bytes));
    }

    /** Where the library is missing. */
    static ShmException missing(String doing, NoClassDefFoundError e) {
        return new ShmException(
                "cannot " + doing + ": compressed tiles need the library nom-tam-fits, put it on the "
                        + "class path (Maven: gov.nasa.gsfc.heasarc:nom-tam-fits)",
                e);
    }
}
