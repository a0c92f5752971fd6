package org.shmrt.fits.tile;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.shmrt.error.IncompatibleException;
import org.shmrt.files.Bytes;
import org.shmrt.fits.header.ByteSource;
import org.shmrt.fits.header.Hdu;
import org.shmrt.fits.header.Header;
import org.shmrt.fits.pixel.ByteSwap;
import org.shmrt.fits.pixel.ImageSection;
import org.shmrt.fits.pixel.PixelFormat;
import org.shmrt.fits.pixel.PixelReader;
import org.shmrt.memory.Shape;

/** Reads a compressed image tile by tile: only one tile is in memory in addition to the image. */
public final class TileReader implements PixelReader {
    /** No algorithm expands one byte to more than this, not even for an image of one value. */
    private static final long MAX_EXPANSION = 10_000;

    private static final long FRAMING_BYTES = 4096;
    private static final long MAX_BYTES_PER_PIXEL = 16;
    private static final long MAX_ARRAY_BYTES = Integer.MAX_VALUE - 64;
    private static final int ROW_CHUNK_BYTES = 1 << 16;
    private static final byte[] NO_BYTES = {};
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

    /** Columns that may hold the data of a tile, in the order in which readers look for it. */
    private enum DataColumn {
        COMPRESSED_DATA,
        GZIP_COMPRESSED_DATA,
        UNCOMPRESSED_DATA
    }

    /** A column with data that is present in the table. */
    private record TileData(DataColumn kind, TileTable.Column column) {}

    /** Reads bytes of the table, counted from its first row. */
    @FunctionalInterface
    private interface TableBytes {
        byte[] get(long offset, int count);
    }

    private final ByteSource source;
    private final Hdu hdu;
    private final Header header;
    private final TileTable table;
    private final TileParameters parameters;
    private final PixelFormat format;
    private final OptionalLong blank;
    private final List<TileData> dataColumns;

    /**
     * Validates the table of a compressed image.
     *
     * @throws IncompatibleException if it is damaged or its compression is not supported
     */
    public TileReader(ByteSource source, Hdu hdu) {
        this.source = source;
        this.hdu = hdu;
        this.header = hdu.header();
        this.table = new TileTable(hdu);
        this.parameters = TileParameters.of(header);
        this.format = PixelFormat.of(header, header.bitpix("ZBITPIX"), header.has("ZBLANK") ? "ZBLANK" : "BLANK");
        this.blank = header.blank("ZBLANK");
        if (blank.isPresent() && blank.getAsLong() != (int) blank.getAsLong()) {
            throw header.damaged("ZBLANK is " + blank.getAsLong() + ", which is not an integer of 32 bits");
        }
        this.dataColumns = Stream.of(DataColumn.values())
                .flatMap(kind -> table.heapColumn(kind.name()).map(column -> new TileData(kind, column)).stream())
                .toList();
        if (dataColumns.isEmpty()) {
            throw header.damaged("its table has no column COMPRESSED_DATA");
        }
        long claimed = shape().elementCount() * format.storedBytes();
        if (claimed / MAX_EXPANSION > hdu.dataBytes()) {
            throw header.damaged("its image would have " + claimed + " bytes, which " + hdu.dataBytes()
                    + " compressed bytes cannot hold");
        }
    }

    @Override
    public PixelFormat format() {
        return format;
    }

    @Override
    public Shape shape() {
        return Shape.of(table.axes()).reversed();
    }

    @Override
    public void read(ImageSection section, MemorySegment target) {
        if (section.isAll()) {
            readAll(target);
            return;
        }
        MemorySegment all = Bytes.allocate(section.whole().byteSize(format.type()), header.location());
        readAll(all);
        long itemBytes = format.type().itemBytes();
        section.forEachRun((element, count, done) ->
                MemorySegment.copy(all, element * itemBytes, target, done * itemBytes, count * itemBytes));
    }

    private void readAll(MemorySegment target) {
        TableBytes bytes = source.isRandomAccess() ? this::bytesOfFile : bytesInMemory();
        TileDecoder decoder = new TileDecoder(header, parameters, format, table.tilePixels());
        long rowsPerChunk = Math.max(1, ROW_CHUNK_BYTES / table.rowBytes());
        long[] corner = new long[table.axes().length];
        for (long first = 0; first < table.rows(); first += rowsPerChunk) {
            long count = Math.min(rowsPerChunk, table.rows() - first);
            MemorySegment rows =
                    MemorySegment.ofArray(bytes.get(first * table.rowBytes(), (int) (count * table.rowBytes())));
            for (long i = 0; i < count; i++) {
                MemorySegment row = rows.asSlice(i * table.rowBytes(), table.rowBytes());
                place(decode(decoder, bytes, row, tile(first + i, corner)), corner, target);
                advance(corner);
            }
        }
    }

    private byte[] bytesOfFile(long offset, int count) {
        byte[] bytes = new byte[count];
        long found = source.read(hdu.dataOffset() + offset, MemorySegment.ofArray(bytes));
        if (found < count) {
            throw hdu.truncated(offset + found);
        }
        return bytes;
    }

    private TableBytes bytesInMemory() {
        MemorySegment memory = Bytes.allocate(hdu.dataBytes(), header.location());
        long found = source.read(hdu.dataOffset(), memory);
        if (found < hdu.dataBytes()) {
            throw hdu.truncated(found);
        }
        return (offset, count) -> memory.asSlice(offset, count).toArray(ValueLayout.JAVA_BYTE);
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

    private Tile tile(long number, long[] corner) {
        int pixels = 1;
        for (int axis = 0; axis < corner.length; axis++) {
            pixels *= (int) length(corner, axis);
        }
        return new Tile(number, pixels);
    }

    private MemorySegment decode(TileDecoder decoder, TableBytes bytes, MemorySegment row, Tile tile) {
        for (TileData data : dataColumns) {
            byte[] found = heapBytes(bytes, row, data.column(), tile);
            if (found.length > 0) {
                return switch (data.kind()) {
                    case COMPRESSED_DATA -> decodeCompressed(decoder, found, row, tile);
                    case GZIP_COMPRESSED_DATA -> decoder.gzipped(found, tile);
                    case UNCOMPRESSED_DATA -> decoder.plain(found, tile);
                };
            }
        }
        throw header.damaged("tile " + tile.number() + " is empty");
    }

    private MemorySegment decodeCompressed(TileDecoder decoder, byte[] bytes, MemorySegment row, Tile tile) {
        if (format.bitpix() > 0) {
            return decoder.integers(bytes, tile);
        }
        return table.valueColumn("ZSCALE").isPresent() || header.has("ZSCALE")
                ? decoder.quantized(bytes, tile, scaling(row))
                : decoder.floats(bytes, tile);
    }

    /** The bytes in the heap that a descriptor refers to; empty if the column has none for this tile. */
    private byte[] heapBytes(TableBytes bytes, MemorySegment row, TileTable.Column column, Tile tile) {
        boolean wide = column.letter() == 'Q';
        long count = wide ? row.get(LONG, column.offset()) : Integer.toUnsignedLong(row.get(INT, column.offset()));
        long offset =
                wide ? row.get(LONG, column.offset() + 8L) : Integer.toUnsignedLong(row.get(INT, column.offset() + 4L));
        if (count == 0) {
            return NO_BYTES;
        }
        long heapBytes = table.dataBytes() - table.heapOffset();
        int itemBytes = TileTable.itemBytes(column.described());
        if (count < 0 || offset < 0 || count > heapBytes / itemBytes || offset > heapBytes - count * itemBytes) {
            throw header.damaged("tile " + tile.number() + " has " + count + " elements at " + offset + " of a heap of "
                    + heapBytes + " bytes");
        }
        // A compressed tile may be larger than its pixels: framing adds bytes, and random data does not compress.
        if (count * itemBytes > Math.min(MAX_ARRAY_BYTES, FRAMING_BYTES + MAX_BYTES_PER_PIXEL * tile.pixels())) {
            throw header.damaged(
                    "tile " + tile.number() + " has " + count * itemBytes + " bytes for " + tile.pixels() + " pixels");
        }
        return bytes.get(table.heapOffset() + offset, (int) (count * itemBytes));
    }

    private Quantization.Scaling scaling(MemorySegment row) {
        boolean inColumn = table.valueColumn("ZBLANK").isPresent();
        return new Quantization.Scaling(
                value(row, "ZSCALE", 1),
                value(row, "ZZERO", 0),
                inColumn || blank.isPresent(),
                inColumn ? (int) value(row, "ZBLANK", 0) : (int) blank.orElse(0));
    }

    /** A parameter of this tile: from its row, or from the header if it is the same for all tiles. */
    private double value(MemorySegment row, String name, double defaultValue) {
        Optional<TileTable.Column> found = table.valueColumn(name);
        if (found.isEmpty()) {
            return header.numberOr(name, defaultValue);
        }
        TileTable.Column column = found.get();
        return switch (column.letter()) {
            case 'D' -> Double.longBitsToDouble(row.get(LONG, column.offset()));
            case 'E' -> Float.intBitsToFloat(row.get(INT, column.offset()));
            case 'J' -> row.get(INT, column.offset());
            case 'K' -> row.get(LONG, column.offset());
            default ->
                throw new IncompatibleException(
                        "cannot read " + header.location() + ": its column " + name + " does not hold numbers");
        };
    }

    /** Copies a tile row by row to its position in the image. */
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
