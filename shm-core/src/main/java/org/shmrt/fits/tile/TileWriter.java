package org.shmrt.fits.tile;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.IntBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.zip.GZIPOutputStream;
import org.shmrt.fits.card.FitsCard;
import org.shmrt.fits.header.CardWriter;
import org.shmrt.fits.header.FitsBlock;
import org.shmrt.fits.pixel.ByteSwap;
import org.shmrt.fits.pixel.StoredType;
import org.shmrt.memory.DataType;
import org.shmrt.memory.Shape;

/**
 * Compresses an image tile by tile and writes the table that {@link TileTable} describes. A tile consists of whole
 * rows, or of a part of one long row, so that its elements are contiguous.
 *
 * <p>64-bit integers are not supported: the FITS standard has no such compressed images, and other readers refuse them.
 *
 * <p>Integers of all sizes are passed to Rice's algorithm as 32-bit integers (BYTEPIX 4): nom-tam-fits 1.21.2 loses
 * bits where neighbours of 8 or 16 bits differ by more than half the range.
 */
public final class TileWriter {
    private static final int RICE_BLOCK = 32;
    private static final int MAX_TILE_PIXELS = 1 << 20;
    /** Short rows are combined up to this size, because each tile costs about 20 bytes. */
    private static final int TARGET_TILE_PIXELS = 1 << 12;

    /** Forms of the length and offset of a tile in the heap, by their type letters. */
    private enum Descriptor {
        /** Two 32-bit integers. */
        P(2 * Integer.BYTES),
        /** Two 64-bit integers. */
        Q(2 * Long.BYTES);

        final int bytes;

        Descriptor(int bytes) {
            this.bytes = bytes;
        }

        void put(ByteBuffer row, int length, long offset) {
            if (this == Q) {
                row.putLong(length).putLong(offset);
            } else {
                row.putInt(length).putInt((int) offset);
            }
        }
    }

    private final DataType type;
    private final Shape shape;
    private final StoredType stored;
    private final boolean rice;
    private final long columns;
    private final long planeRows;
    private final long rowsOfTile;
    private final long tileColumns;
    private final List<byte[]> tiles = new ArrayList<>();
    private final MemorySegment raw;
    private final int[] integers;
    private final ByteBuffer bits;

    /**
     * Starts a compressed image.
     *
     * @param type type of the pixels in memory
     * @param shape shape of the whole image, slowest axis first
     * @param part shape of the parts that are added: the image, or a frame of it
     * @param stored stored form of the pixels
     */
    public TileWriter(DataType type, Shape shape, Shape part, StoredType stored) {
        this.type = type;
        this.shape = shape;
        this.stored = stored;
        this.rice = stored.bitpix() > 0;
        this.columns = shape.length(shape.rank() - 1);
        this.planeRows = part.rank() > 1 ? part.length(part.rank() - 2) : 1;
        this.tileColumns = Math.min(columns, MAX_TILE_PIXELS);
        this.rowsOfTile = Math.min(planeRows, Math.max(1, TARGET_TILE_PIXELS / columns));
        int pixels = (int) (tileColumns * rowsOfTile);
        this.raw = Arena.ofAuto().allocate((long) pixels * stored.storedBytes(), Long.BYTES);
        this.integers = new int[rice ? pixels : 0];
        this.bits = ByteBuffer.allocate(rice ? 2 * Integer.BYTES * pixels + 1024 : 0);
    }

    /** Compresses one or more whole planes. */
    public void add(MemorySegment planes) {
        long planePixels = columns * planeRows;
        long pixels = planes.byteSize() / type.itemBytes();
        for (long plane = 0; plane < pixels; plane += planePixels) {
            for (long row = 0; row < planeRows; row += rowsOfTile) {
                long rows = Math.min(rowsOfTile, planeRows - row);
                for (long column = 0; column < columns; column += tileColumns) {
                    int count = (int) (rows * Math.min(tileColumns, columns - column));
                    stored.copy(planes, plane + row * columns + column, count, raw);
                    tiles.add(compressed(raw.asSlice(0, (long) count * stored.storedBytes()), count));
                }
            }
        }
    }

    private byte[] compressed(MemorySegment elements, int count) {
        if (!rice) {
            ByteSwap.toFile(elements, stored.storedBytes(), stored.flip());
            return gzip(shuffled(elements.toArray(ValueLayout.JAVA_BYTE)));
        }
        ByteSwap.flip(elements, stored.storedBytes(), stored.flip());
        for (int i = 0; i < count; i++) {
            integers[i] = switch (stored.bitpix()) {
                case 8 -> Byte.toUnsignedInt(elements.get(ValueLayout.JAVA_BYTE, i));
                case 16 -> elements.get(ValueLayout.JAVA_SHORT_UNALIGNED, i * 2L);
                default -> elements.get(ValueLayout.JAVA_INT_UNALIGNED, i * 4L);
            };
        }
        bits.clear();
        try {
            LibraryCodec.riceEncode(IntBuffer.wrap(integers, 0, count).slice(), bits, RICE_BLOCK);
        } catch (NoClassDefFoundError e) {
            throw LibraryCodec.missing("compress an image of " + type, e);
        }
        return Arrays.copyOf(bits.array(), bits.position());
    }

    /** Orders bytes for GZIP_2: all first bytes, then all second bytes, and so on, which compresses better. */
    private byte[] shuffled(byte[] plain) {
        int itemBytes = stored.storedBytes();
        byte[] shuffled = new byte[plain.length];
        int to = 0;
        for (int place = 0; place < itemBytes; place++) {
            for (int at = place; at < plain.length; at += itemBytes) {
                shuffled[to++] = plain[at];
            }
        }
        return shuffled;
    }

    private static byte[] gzip(byte[] plain) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(plain.length / 2);
        try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
            out.write(plain);
        } catch (IOException e) {
            throw new IllegalStateException("writing to memory failed", e);
        }
        return bytes.toByteArray();
    }

    /** Writes the table after all planes have been added. {@code describe} adds the descriptive cards. */
    public void writeTo(OutputStream out, Consumer<CardWriter> describe) throws IOException {
        long heapBytes = 0;
        int longest = 0;
        for (byte[] tile : tiles) {
            heapBytes += tile.length;
            longest = Math.max(longest, tile.length);
        }
        Descriptor descriptor = heapBytes > Integer.MAX_VALUE ? Descriptor.Q : Descriptor.P;
        out.write(header(describe, heapBytes, longest, descriptor));
        ByteBuffer rows = ByteBuffer.allocate(Math.multiplyExact(descriptor.bytes, tiles.size()));
        long offset = 0;
        for (byte[] tile : tiles) {
            descriptor.put(rows, tile.length, offset);
            offset += tile.length;
        }
        out.write(rows.array());
        for (byte[] tile : tiles) {
            out.write(tile);
        }
        FitsBlock.pad(out, rows.capacity() + heapBytes);
    }

    private byte[] header(Consumer<CardWriter> describe, long heapBytes, int longest, Descriptor descriptor) {
        CardWriter header = new CardWriter();
        header.add(FitsCard.of("XTENSION", "BINTABLE", "binary table"));
        header.add(FitsCard.of("BITPIX", 8, ""));
        header.add(FitsCard.of("NAXIS", 2, ""));
        header.add(FitsCard.of("NAXIS1", descriptor.bytes, "bytes a row"));
        header.add(FitsCard.of("NAXIS2", tiles.size(), "tiles"));
        header.add(FitsCard.of("PCOUNT", heapBytes, "compressed bytes"));
        header.add(FitsCard.of("GCOUNT", 1, ""));
        header.add(FitsCard.of("TFIELDS", 1, ""));
        header.add(FitsCard.of("TTYPE1", "COMPRESSED_DATA", ""));
        header.add(FitsCard.of("TFORM1", "1" + descriptor + "B(" + longest + ")", ""));
        header.add(FitsCard.of("ZIMAGE", true, "a compressed image"));
        header.add(FitsCard.of("ZTENSION", "IMAGE", ""));
        header.add(FitsCard.of("ZBITPIX", stored.bitpix(), "bits of a pixel, negative for floating point"));
        header.add(FitsCard.of("ZNAXIS", shape.rank(), "number of axes"));
        for (int axis = 1; axis <= shape.rank(); axis++) {
            header.add(FitsCard.of("ZNAXIS" + axis, shape.length(shape.rank() - axis), ""));
        }
        header.add(FitsCard.of("ZPCOUNT", 0, ""));
        header.add(FitsCard.of("ZGCOUNT", 1, ""));
        for (int axis = 1; axis <= shape.rank(); axis++) {
            header.add(FitsCard.of("ZTILE" + axis, axis == 1 ? tileColumns : axis == 2 ? rowsOfTile : 1, ""));
        }
        header.add(FitsCard.of("ZCMPTYPE", rice ? "RICE_1" : "GZIP_2", "how tiles are compressed"));
        if (stored.bitpix() < 0) {
            // without it, astropy before version 6 takes the pixels for integers
            header.add(FitsCard.of("ZQUANTIZ", "NONE", "the pixels are not rounded"));
        }
        if (rice) {
            header.add(FitsCard.of("ZNAME1", "BLOCKSIZE", ""));
            header.add(FitsCard.of("ZVAL1", RICE_BLOCK, "pixels a block"));
            header.add(FitsCard.of("ZNAME2", "BYTEPIX", ""));
            header.add(FitsCard.of("ZVAL2", Integer.BYTES, "bytes of an integer in the algorithm"));
        }
        describe.accept(header);
        return header.end();
    }
}
