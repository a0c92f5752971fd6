package org.shmrt.fits.tile;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import org.shmrt.error.IncompatibleException;
import org.shmrt.files.Bytes;
import org.shmrt.fits.header.ByteSource;
import org.shmrt.fits.header.Hdu;
import org.shmrt.fits.header.Header;
import org.shmrt.fits.pixel.ByteSwap;
import org.shmrt.fits.pixel.PixelFormat;
import org.shmrt.fits.pixel.PixelReader;
import org.shmrt.memory.Shape;

/** Reads a compressed image tile by tile: no more of it than a tile is in memory beside the image itself. */
public final class TileReader {
    /** No algorithm makes so many bytes of one, not even of an image of one value; a header that claims more lies. */
    private static final long MOST_EXPANSION = 10_000;

    private static final long FRAMING_BYTES = 4096;
    private static final long MOST_BYTES_A_PIXEL = 16;
    private static final long LARGEST_ARRAY = Integer.MAX_VALUE - 64;
    private static final int ROWS_AT_ONCE_BYTES = 1 << 16;
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

    private final ByteSource source;
    private final Hdu hdu;
    private final Header header;
    private final TileTable table;
    private final TileParameters parameters;
    private final PixelFormat format;
    private final TileTable.Column compressed;
    private final TileTable.Column gzipped;
    private final TileTable.Column plain;
    private MemorySegment inMemory;

    public TileReader(ByteSource source, Hdu hdu) {
        this.source = source;
        this.hdu = hdu;
        this.header = hdu.header();
        this.table = new TileTable(hdu);
        this.parameters = TileParameters.of(header);
        long bitpix = header.integer("ZBITPIX", -64, 64);
        if (bitpix != 8 && bitpix != 16 && Math.abs(bitpix) != 32 && Math.abs(bitpix) != 64) {
            throw header.damaged("ZBITPIX is " + bitpix + ", possible are 8, 16, 32, 64, -32 and -64");
        }
        this.format = PixelFormat.of(header, (int) bitpix, header.has("ZBLANK") ? "ZBLANK" : "BLANK");
        this.compressed = table.column("COMPRESSED_DATA", true);
        this.gzipped = table.column("GZIP_COMPRESSED_DATA", true);
        this.plain = table.column("UNCOMPRESSED_DATA", true);
        if (compressed == null && gzipped == null && plain == null) {
            throw header.damaged("its table has no column COMPRESSED_DATA");
        }
        long claimed = shape().elementCount() * format.storedBytes();
        if (claimed / MOST_EXPANSION > hdu.dataBytes()) {
            throw header.damaged("its image would have " + claimed + " bytes, which " + hdu.dataBytes()
                    + " compressed bytes cannot hold");
        }
    }

    public PixelFormat format() {
        return format;
    }

    /** The shape of the image, slowest axis first. */
    public Shape shape() {
        return Shape.of(table.axes()).reversed();
    }

    /**
     * Reads the whole image.
     *
     * @param target native memory of exactly its bytes
     */
    public void read(MemorySegment target) {
        if (!source.isRandomAccess()) {
            inMemory = Bytes.allocate(hdu.dataBytes(), header.where());
            long found = source.read(hdu.dataOffset(), inMemory);
            if (found < hdu.dataBytes()) {
                throw PixelReader.cutOff(hdu, found);
            }
        }
        TileDecoder decoder = new TileDecoder(header, parameters, format, table.tilePixels());
        long rowsAtOnce = Math.max(1, ROWS_AT_ONCE_BYTES / table.rowBytes());
        long[] corner = new long[table.axes().length];
        for (long first = 0; first < table.rows(); first += rowsAtOnce) {
            long count = Math.min(rowsAtOnce, table.rows() - first);
            MemorySegment rows =
                    MemorySegment.ofArray(bytes(first * table.rowBytes(), (int) (count * table.rowBytes())));
            for (long row = 0; row < count; row++) {
                place(
                        decode(decoder, first + row, rows.asSlice(row * table.rowBytes(), table.rowBytes()), corner),
                        corner,
                        target);
                advance(corner);
            }
        }
    }

    private void advance(long[] corner) {
        for (int axis = 0; axis < corner.length; axis++) {
            corner[axis] += table.tileAxes()[axis];
            if (corner[axis] < table.axes()[axis]) {
                return;
            }
            corner[axis] = 0;
        }
    }

    private long length(long[] corner, int axis) {
        return Math.min(table.tileAxes()[axis], table.axes()[axis] - corner[axis]);
    }

    private MemorySegment decode(TileDecoder decoder, long tile, MemorySegment row, long[] corner) {
        int pixels = 1;
        for (int axis = 0; axis < corner.length; axis++) {
            pixels *= (int) length(corner, axis);
        }
        byte[] bytes = heapBytes(row, compressed, tile, pixels);
        if (bytes != null) {
            return decoder.compressed(bytes, tile, (int) length(corner, 0), pixels, scaling(row));
        }
        bytes = heapBytes(row, gzipped, tile, pixels);
        if (bytes != null) {
            return decoder.plain(bytes, tile, pixels, true);
        }
        bytes = heapBytes(row, plain, tile, pixels);
        if (bytes == null) {
            throw header.damaged("tile " + tile + " is empty");
        }
        return decoder.plain(bytes, tile, pixels, false);
    }

    /** The bytes a descriptor leads to, or null if there are none. */
    private byte[] heapBytes(MemorySegment row, TileTable.Column column, long tile, int pixels) {
        if (column == null) {
            return null;
        }
        boolean wide = column.letter() == 'Q';
        long count = wide ? row.get(LONG, column.offset()) : Integer.toUnsignedLong(row.get(INT, column.offset()));
        long offset =
                wide ? row.get(LONG, column.offset() + 8L) : Integer.toUnsignedLong(row.get(INT, column.offset() + 4L));
        if (count == 0) {
            return null;
        }
        long heapBytes = table.dataBytes() - table.heapOffset();
        int itemBytes = TileTable.itemBytes(column.described());
        if (count < 0 || offset < 0 || count > heapBytes / itemBytes || offset > heapBytes - count * itemBytes) {
            throw header.damaged("tile " + tile + " has " + count + " elements at " + offset + " of a heap of "
                    + heapBytes + " bytes");
        }
        // A tile's bytes may be more than its pixels': by its own framing, and where every pixel is a surprise.
        if (count * itemBytes > Math.min(LARGEST_ARRAY, FRAMING_BYTES + MOST_BYTES_A_PIXEL * pixels)) {
            throw header.damaged("tile " + tile + " has " + count * itemBytes + " bytes for " + pixels + " pixels");
        }
        return bytes(table.heapOffset() + offset, (int) (count * itemBytes));
    }

    private byte[] bytes(long offset, int count) {
        byte[] bytes = new byte[count];
        if (inMemory != null) {
            MemorySegment.copy(inMemory, ValueLayout.JAVA_BYTE, offset, bytes, 0, count);
            return bytes;
        }
        long found = source.read(hdu.dataOffset() + offset, MemorySegment.ofArray(bytes));
        if (found < count) {
            throw PixelReader.cutOff(hdu, offset + found);
        }
        return bytes;
    }

    /** How the integers of a tile become floating-point pixels; null for images of integers and unrounded ones. */
    private Quantization.Scaling scaling(MemorySegment row) {
        boolean scaled = table.column("ZSCALE", false) != null || header.has("ZSCALE");
        if (format.bitpix() > 0 || !scaled) {
            return null;
        }
        boolean inColumn = table.column("ZBLANK", false) != null;
        boolean hasBlank = inColumn || header.has("ZBLANK");
        int blank = hasBlank && !inColumn ? (int) header.integer("ZBLANK", Integer.MIN_VALUE, Integer.MAX_VALUE) : 0;
        return new Quantization.Scaling(
                value(row, "ZSCALE", 1),
                value(row, "ZZERO", 0),
                hasBlank,
                inColumn ? (int) value(row, "ZBLANK", 0) : blank);
    }

    /** A number of this tile: from its row, or the same for all in the header. */
    private double value(MemorySegment row, String name, double otherwise) {
        TileTable.Column column = table.column(name, false);
        if (column == null) {
            return header.realOr(name, otherwise);
        }
        return switch (column.letter()) {
            case 'D' -> Double.longBitsToDouble(row.get(LONG, column.offset()));
            case 'E' -> Float.intBitsToFloat(row.get(INT, column.offset()));
            case 'J' -> row.get(INT, column.offset());
            case 'K' -> row.get(LONG, column.offset());
            default ->
                throw new IncompatibleException(
                        "cannot read " + header.where() + ": its column " + name + " holds no numbers");
        };
    }

    /** Puts a tile where it belongs, a row of it at a time. */
    private void place(MemorySegment tile, long[] corner, MemorySegment target) {
        long width = length(corner, 0);
        long stored = format.storedBytes();
        long item = format.type().itemBytes();
        long lines = tile.byteSize() / stored / width;
        long[] at = corner.clone();
        for (long line = 0; line < lines; line++) {
            long element = 0;
            for (int axis = corner.length - 1; axis >= 0; axis--) {
                element = element * table.axes()[axis] + at[axis];
            }
            MemorySegment from = tile.asSlice(line * width * stored, width * stored);
            MemorySegment to = target.asSlice(element * item, width * item);
            if (format.scaled()) {
                format.scale(from, to);
            } else {
                ByteSwap.flip(from, (int) stored, format.flip());
                MemorySegment.copy(from, 0, to, 0, from.byteSize());
            }
            for (int axis = 1; axis < corner.length; axis++) {
                if (++at[axis] < corner[axis] + length(corner, axis)) {
                    break;
                }
                at[axis] = corner[axis];
            }
        }
    }
}
