package org.shmrt.fits.tile;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.IntBuffer;
import java.util.zip.GZIPInputStream;
import org.shmrt.error.IncompatibleException;
import org.shmrt.files.Bytes;
import org.shmrt.fits.header.Header;
import org.shmrt.fits.pixel.ByteSwap;
import org.shmrt.fits.pixel.PixelFormat;
import org.shmrt.fits.tile.TileParameters.Algorithm;

/**
 * Decompresses tiles to elements in their stored type and native byte order. Returned memory is native and valid until
 * the next tile is decoded.
 */
final class TileDecoder {
    private static final byte[] HCOMPRESS_MAGIC = {(byte) 0xdd, (byte) 0x99};
    /** Stored elements of 8 bits are unsigned. */
    private static final int MAX_BYTE = 0xff;
    /** BZERO of the convention for uint16. */
    private static final int UINT16_OFFSET = 1 << 15;

    private final Header header;
    private final TileParameters parameters;
    private final PixelFormat format;
    private final Quantization quantization;
    private final int[] integers;
    private final MemorySegment elements;

    TileDecoder(Header header, TileParameters parameters, PixelFormat format, int maxPixels) {
        this.header = header;
        this.parameters = parameters;
        this.format = format;
        this.quantization = new Quantization(parameters, format);
        this.integers = new int[maxPixels];
        this.elements = Bytes.allocate((long) maxPixels * format.storedBytes(), header.location());
    }

    /** Decodes a tile of an integer image from the column COMPRESSED_DATA. */
    MemorySegment integers(byte[] bytes, Tile tile) {
        if (parameters.algorithm().storesElements()) {
            byte[] plain = storedElements(bytes, tile);
            int itemBytes = itemBytes(plain, tile);
            if (itemBytes == format.storedBytes()) {
                return inNativeOrder(unshuffled(plain, itemBytes));
            }
            checkItem(itemBytes < Long.BYTES, plain, tile);
            widen(unshuffled(plain, itemBytes), itemBytes, tile.pixels());
        } else {
            decodeIntegers(bytes, tile);
        }
        MemorySegment decoded = elements(tile);
        narrow(tile.pixels(), decoded);
        return decoded;
    }

    /** Decodes a tile of floating-point pixels that were rounded to integers, from the column COMPRESSED_DATA. */
    MemorySegment quantized(byte[] bytes, Tile tile, Quantization.Scaling scaling) {
        if (parameters.algorithm().storesElements()) {
            byte[] plain = storedElements(bytes, tile);
            int itemBytes = itemBytes(plain, tile);
            checkItem(itemBytes < Long.BYTES, plain, tile);
            widen(unshuffled(plain, itemBytes), itemBytes, tile.pixels());
        } else {
            decodeIntegers(bytes, tile);
        }
        MemorySegment decoded = elements(tile);
        quantization.restore(tile, integers, scaling, decoded);
        return decoded;
    }

    /** Decodes a tile of floating-point pixels that were not rounded, from the column COMPRESSED_DATA. */
    MemorySegment floats(byte[] bytes, Tile tile) {
        if (!parameters.algorithm().storesElements()) {
            throw header.damaged("its floating-point pixels are compressed as integers, but it has no column ZSCALE");
        }
        byte[] plain = storedElements(bytes, tile);
        int itemBytes = itemBytes(plain, tile);
        checkItem(itemBytes == format.storedBytes(), plain, tile);
        return inNativeOrder(unshuffled(plain, itemBytes));
    }

    /** Decodes a tile from the column GZIP_COMPRESSED_DATA. */
    MemorySegment gzipped(byte[] bytes, Tile tile) {
        return plain(gunzip(bytes, tile), tile);
    }

    /** Decodes a tile from the column UNCOMPRESSED_DATA. */
    MemorySegment plain(byte[] bytes, Tile tile) {
        checkItem(bytes.length == tile.pixels() * format.storedBytes(), bytes, tile);
        return inNativeOrder(bytes);
    }

    private MemorySegment elements(Tile tile) {
        return elements.asSlice(0, (long) tile.pixels() * format.storedBytes());
    }

    private MemorySegment inNativeOrder(byte[] plain) {
        MemorySegment all = elements.asSlice(0, plain.length);
        MemorySegment.copy(plain, 0, all, ValueLayout.JAVA_BYTE, 0, plain.length);
        ByteSwap.toNative(all, format.storedBytes(), 0);
        return all;
    }

    private byte[] storedElements(byte[] bytes, Tile tile) {
        return parameters.algorithm() == Algorithm.NOCOMPRESS ? bytes : gunzip(bytes, tile);
    }

    private int itemBytes(byte[] plain, Tile tile) {
        int itemBytes = plain.length / tile.pixels();
        boolean known = itemBytes == 1 || itemBytes == 2 || itemBytes == 4 || itemBytes == 8;
        checkItem(known && plain.length % tile.pixels() == 0, plain, tile);
        return itemBytes;
    }

    private void checkItem(boolean valid, byte[] plain, Tile tile) {
        if (!valid) {
            throw damaged(tile, "it has " + plain.length + " bytes for " + tile.pixels() + " pixels");
        }
    }

    private byte[] gunzip(byte[] bytes, Tile tile) {
        long maxBytes = (long) tile.pixels() * Long.BYTES;
        try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(bytes))) {
            byte[] plain = in.readNBytes((int) maxBytes);
            if (in.read() >= 0) {
                throw damaged(tile, "it has more than " + maxBytes + " bytes for " + tile.pixels() + " pixels");
            }
            return plain;
        } catch (IOException e) {
            throw damaged(tile, "its gzip data is damaged", e);
        }
    }

    /** Restores the order of elements for GZIP_2, which stores all first bytes, then all second bytes, and so on. */
    private byte[] unshuffled(byte[] plain, int itemBytes) {
        if (parameters.algorithm() != Algorithm.GZIP_2) {
            return plain;
        }
        byte[] ordered = new byte[plain.length];
        int count = plain.length / itemBytes;
        int from = 0;
        for (int place = 0; place < itemBytes; place++) {
            for (int i = 0; i < count; i++) {
                ordered[i * itemBytes + place] = plain[from++];
            }
        }
        return ordered;
    }

    private void widen(byte[] plain, int itemBytes, int pixels) {
        ByteBuffer in = ByteBuffer.wrap(plain);
        for (int i = 0; i < pixels; i++) {
            integers[i] = switch (itemBytes) {
                case 1 -> Byte.toUnsignedInt(in.get());
                case 2 -> in.getShort();
                default -> in.getInt();
            };
        }
    }

    private void decodeIntegers(byte[] bytes, Tile tile) {
        if (parameters.algorithm() == Algorithm.HCOMPRESS_1) {
            checkHcompress(bytes, tile);
        }
        int pixels = tile.pixels();
        try {
            IntBuffer room = IntBuffer.wrap(integers, 0, pixels).slice();
            if (parameters.algorithm() == Algorithm.PLIO_1) {
                decodePlio(bytes, room);
            } else {
                LibraryCodec.decode(parameters, bytes, room);
            }
        } catch (NoClassDefFoundError e) {
            throw LibraryCodec.missing("read " + header.location(), e);
        } catch (RuntimeException e) {
            throw damaged(tile, "its " + parameters.algorithm() + " data is damaged", e);
        }
        if (parameters.algorithm() == Algorithm.RICE_1 && parameters.riceBytes() < Integer.BYTES) {
            // the codec adds up differences, of which only the low bytes are significant
            boolean bytewise = parameters.riceBytes() == 1;
            for (int i = 0; i < pixels; i++) {
                integers[i] = bytewise ? integers[i] & 0xff : (short) integers[i];
            }
        }
    }

    private void decodePlio(byte[] bytes, IntBuffer pixels) {
        PlioDecoder.decode(ByteBuffer.wrap(bytes).asShortBuffer(), pixels);
        if (format.bitpix() == 16 && (format.flip() != 0 || format.zero() == UINT16_OFFSET)) {
            // PLIO has no negative integers: cfitsio compresses uint16 before it subtracts the offset
            for (int i = 0; i < pixels.position(); i++) {
                integers[i] -= UINT16_OFFSET;
            }
        }
    }

    /** Checks the size of a tile in its HCOMPRESS data, which the library trusts. */
    private void checkHcompress(byte[] bytes, Tile tile) {
        ByteBuffer start = ByteBuffer.wrap(bytes);
        if (bytes.length < 10 || start.get() != HCOMPRESS_MAGIC[0] || start.get() != HCOMPRESS_MAGIC[1]) {
            throw damaged(tile, "it does not start as HCOMPRESS data does");
        }
        int rows = start.getInt();
        int columns = start.getInt();
        if (rows < 1 || columns < 1 || (long) rows * columns != tile.pixels()) {
            throw damaged(tile, "its data is for " + rows + " x " + columns + " pixels, not " + tile.pixels());
        }
    }

    /**
     * Converts integers to the stored type. Lossy compression can take a pixel near the end of the range of its type
     * beyond it: such a pixel gets the value at the end, as in cfitsio, because a wrapped value would be far off.
     */
    private void narrow(int pixels, MemorySegment decoded) {
        for (int i = 0; i < pixels; i++) {
            int value = integers[i];
            switch (format.bitpix()) {
                case 8 -> decoded.set(ValueLayout.JAVA_BYTE, i, (byte) Math.clamp(value, 0, MAX_BYTE));
                case 16 ->
                    decoded.set(ValueLayout.JAVA_SHORT_UNALIGNED, i * 2L, (short)
                            Math.clamp(value, Short.MIN_VALUE, Short.MAX_VALUE));
                case 32 -> decoded.set(ValueLayout.JAVA_INT_UNALIGNED, i * 4L, value);
                default -> decoded.set(ValueLayout.JAVA_LONG_UNALIGNED, i * 8L, value);
            }
        }
    }

    private IncompatibleException damaged(Tile tile, String reason) {
        return header.damaged("tile " + tile.number() + " cannot be decompressed, " + reason);
    }

    private IncompatibleException damaged(Tile tile, String reason, Exception cause) {
        IncompatibleException failure = damaged(tile, reason);
        failure.initCause(cause);
        return failure;
    }
}
