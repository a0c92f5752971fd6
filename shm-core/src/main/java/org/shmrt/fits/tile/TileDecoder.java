package org.shmrt.fits.tile;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.IntBuffer;
import java.util.zip.GZIPInputStream;
import org.shmrt.error.ShmException;
import org.shmrt.files.Bytes;
import org.shmrt.fits.header.Header;
import org.shmrt.fits.pixel.ByteSwap;
import org.shmrt.fits.pixel.PixelFormat;

/**
 * From a tile's bytes to its elements as the uncompressed image would store them, in our byte order. What it returns
 * is native memory, and good until the next tile.
 */
final class TileDecoder {
    private static final byte[] HCOMPRESS_MAGIC = {(byte) 0xdd, (byte) 0x99};

    private final Header header;
    private final TileParameters parameters;
    private final PixelFormat format;
    private final Quantization quantization;
    private final int[] integers;
    private final MemorySegment elements;

    TileDecoder(Header header, TileParameters parameters, PixelFormat format, int mostPixels) {
        this.header = header;
        this.parameters = parameters;
        this.format = format;
        this.quantization = new Quantization(parameters, format.bitpix() == -32);
        this.integers = new int[mostPixels];
        this.elements = Bytes.allocate((long) mostPixels * format.storedBytes(), header.where());
    }

    /**
     * Decodes what stands in the column COMPRESSED_DATA.
     *
     * @param tile its number
     * @param width length of its fastest axis
     * @param pixels how many it has
     * @param scaling how its integers become floating-point pixels, or null if they do not
     */
    MemorySegment compressed(byte[] bytes, long tile, int width, int pixels, Quantization.Scaling scaling) {
        MemorySegment decoded = elements.asSlice(0, (long) pixels * format.storedBytes());
        boolean integral = format.bitpix() > 0 || scaling != null;
        if (parameters.algorithm().startsWith("GZIP") || parameters.algorithm().equals("NOCOMPRESS")) {
            byte[] plain = parameters.algorithm().equals("NOCOMPRESS") ? bytes : gunzip(bytes, tile, pixels);
            int itemBytes = itemBytes(plain.length, pixels, tile, integral);
            if (parameters.algorithm().equals("GZIP_2")) {
                plain = unshuffled(plain, itemBytes);
            }
            if (scaling == null && itemBytes == format.storedBytes()) {
                return inOurOrder(plain);
            }
            widen(plain, itemBytes, pixels);
        } else {
            if (!integral) {
                throw header.damaged(
                        "its floating-point pixels are compressed as integers, and it says not of which scale");
            }
            library(bytes, tile, width, pixels);
        }
        if (scaling != null) {
            quantization.restore(tile, integers, pixels, scaling, decoded);
        } else {
            narrow(pixels, decoded);
        }
        return decoded;
    }

    /** Decodes what stands in GZIP_COMPRESSED_DATA or UNCOMPRESSED_DATA: the elements themselves. */
    MemorySegment plain(byte[] bytes, long tile, int pixels, boolean zipped) {
        byte[] plain = zipped ? gunzip(bytes, tile, pixels) : bytes;
        if (plain.length != pixels * format.storedBytes()) {
            throw damaged(tile, "it has " + plain.length + " bytes for " + pixels + " pixels", null);
        }
        return inOurOrder(plain);
    }

    private MemorySegment inOurOrder(byte[] plain) {
        MemorySegment all = elements.asSlice(0, plain.length);
        MemorySegment.copy(plain, 0, all, ValueLayout.JAVA_BYTE, 0, plain.length);
        ByteSwap.toNative(all, format.storedBytes(), 0);
        return all;
    }

    private int itemBytes(int bytes, int pixels, long tile, boolean integral) {
        int itemBytes = bytes / pixels;
        boolean known = itemBytes == 1 || itemBytes == 2 || itemBytes == 4 || itemBytes == 8;
        if (bytes % pixels != 0
                || !known
                || (!integral && itemBytes != format.storedBytes())
                || (itemBytes == 8 && format.bitpix() != 64 && integral)) {
            throw damaged(tile, "it has " + bytes + " bytes for " + pixels + " pixels", null);
        }
        return itemBytes;
    }

    private byte[] gunzip(byte[] bytes, long tile, int pixels) {
        long most = (long) pixels * Long.BYTES;
        try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(bytes))) {
            byte[] plain = in.readNBytes((int) most);
            if (in.read() >= 0) {
                throw damaged(tile, "it has more than " + most + " bytes for " + pixels + " pixels", null);
            }
            return plain;
        } catch (IOException e) {
            throw damaged(tile, "its gzip data is damaged", e);
        }
    }

    /** GZIP_2 stores all first bytes, then all second bytes, and so on. */
    private static byte[] unshuffled(byte[] plain, int itemBytes) {
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

    private void library(byte[] bytes, long tile, int width, int pixels) {
        checkHcompress(bytes, tile, pixels);
        try {
            IntBuffer room = IntBuffer.wrap(integers, 0, pixels).slice();
            LibraryCodec.decode(parameters, bytes, room, width);
        } catch (NoClassDefFoundError e) {
            throw LibraryCodec.missing("read " + header.where(), e);
        } catch (RuntimeException e) {
            throw damaged(tile, "its " + parameters.algorithm() + " data is damaged", e);
        }
        if (parameters.algorithm().equals("RICE_1") && parameters.riceBytes() < Integer.BYTES) {
            // sums of differences, of which only the low bytes count
            boolean bytewise = parameters.riceBytes() == 1;
            for (int i = 0; i < pixels; i++) {
                integers[i] = bytewise ? integers[i] & 0xff : (short) integers[i];
            }
        }
    }

    /** Its bytes say how large the tile is, and the library believes them. */
    private void checkHcompress(byte[] bytes, long tile, int pixels) {
        if (!parameters.algorithm().equals("HCOMPRESS_1")) {
            return;
        }
        ByteBuffer start = ByteBuffer.wrap(bytes);
        if (bytes.length < 10 || start.get() != HCOMPRESS_MAGIC[0] || start.get() != HCOMPRESS_MAGIC[1]) {
            throw damaged(tile, "it does not start as HCOMPRESS data does", null);
        }
        int rows = start.getInt();
        int columns = start.getInt();
        if (rows < 1 || columns < 1 || (long) rows * columns != pixels) {
            throw damaged(tile, "it says it has " + rows + " x " + columns + " pixels, not " + pixels, null);
        }
    }

    private void narrow(int pixels, MemorySegment decoded) {
        for (int i = 0; i < pixels; i++) {
            switch (format.bitpix()) {
                case 8 -> decoded.set(ValueLayout.JAVA_BYTE, i, (byte) integers[i]);
                case 16 -> decoded.set(ValueLayout.JAVA_SHORT_UNALIGNED, i * 2L, (short) integers[i]);
                case 32 -> decoded.set(ValueLayout.JAVA_INT_UNALIGNED, i * 4L, integers[i]);
                default -> decoded.set(ValueLayout.JAVA_LONG_UNALIGNED, i * 8L, integers[i]);
            }
        }
    }

    private ShmException damaged(long tile, String reason, Exception cause) {
        ShmException failure = header.damaged("tile " + tile + " cannot be decompressed, " + reason);
        if (cause != null) {
            failure.initCause(cause);
        }
        return failure;
    }
}
