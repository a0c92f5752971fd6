package org.shmrt.fits.tile;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.shmrt.error.IncompatibleException;
import org.shmrt.fits.header.Hdu;
import org.shmrt.fits.header.Header;
import org.shmrt.memory.Shape;

/**
 * The table that holds a compressed image: one row a tile, with descriptors (length, offset) of the tile's bytes in
 * a heap behind the rows. Judged as a whole when it is made; descriptors are judged one by one.
 *
 * @see <a href="https://fits.gsfc.nasa.gov/fits_standard.html">FITS standard 4.0, sections 7.3 and 10</a>
 */
final class TileTable {
    private static final Pattern FORMAT = Pattern.compile("([0-9]{0,9})([LXBIJKAEDCMPQ])([LXBIJKAEDCM])?.*");
    private static final int MOST_COLUMNS = 999;
    /** Table rows are read so many bytes at a time. */
    private static final int MOST_ROW_BYTES = 1 << 16;

    /** One column: where it stands in a row, its type letter, and for descriptors the type of what they describe. */
    record Column(int offset, char letter, char described) {
        boolean isDescriptor() {
            return letter == 'P' || letter == 'Q';
        }
    }

    private final Header header;
    private final Map<String, Column> columns = new HashMap<>();
    private final long[] axes;
    private final long[] tileAxes;
    private final long rows;
    private final int rowBytes;
    private final long heapOffset;
    private final long dataBytes;
    private final int tilePixels;

    TileTable(Hdu hdu) {
        header = hdu.header();
        dataBytes = hdu.dataBytes();
        header.integer("BITPIX", 8, 8);
        header.integer("NAXIS", 2, 2);
        rowBytes = (int) header.integer("NAXIS1", 1, MOST_ROW_BYTES);
        rows = header.integer("NAXIS2", 1, Long.MAX_VALUE);
        header.integerOr("GCOUNT", 1, 1, 1);
        heapOffset = header.integerOr("THEAP", rows * rowBytes, rows * rowBytes, dataBytes);
        readColumns();
        int rank = (int) header.integer("ZNAXIS", 1, Shape.MAX_AXES);
        axes = new long[rank];
        tileAxes = new long[rank];
        long tiles = 1;
        long pixels = 1;
        long all = 1;
        try {
            for (int i = 0; i < rank; i++) {
                axes[i] = header.integer("ZNAXIS" + (i + 1), 1, Long.MAX_VALUE);
                // the default is a tile a row
                long length = header.integerOr("ZTILE" + (i + 1), i == 0 ? axes[0] : 1, 1, Long.MAX_VALUE);
                tileAxes[i] = Math.min(length, axes[i]);
                tiles = Math.multiplyExact(tiles, (axes[i] - 1) / tileAxes[i] + 1);
                pixels = Math.multiplyExact(pixels, tileAxes[i]);
                all = Math.multiplyExact(all, axes[i]);
            }
            // 8 bytes a pixel have to be countable too
            Math.multiplyExact(all, Long.BYTES);
        } catch (ArithmeticException e) {
            throw header.damaged("its axes make more bytes than 63 bits can count");
        }
        if (tiles != rows) {
            throw header.damaged("its image has " + tiles + " tiles, but its table has " + rows + " rows");
        }
        if (pixels > Integer.MAX_VALUE / 2 / Long.BYTES) {
            throw new IncompatibleException("cannot read " + header.where() + ": its tiles have " + pixels
                    + " pixels each, more than ShmRT decompresses at once; uncompress the file with funpack");
        }
        tilePixels = (int) pixels;
    }

    private void readColumns() {
        int count = (int) header.integer("TFIELDS", 1, MOST_COLUMNS);
        long offset = 0;
        for (int i = 1; i <= count; i++) {
            String format = header.text("TFORM" + i);
            Matcher matcher = FORMAT.matcher(format == null ? "" : format.strip());
            if (!matcher.matches()) {
                throw header.damaged("TFORM" + i + " is " + format + ", which is no column's format");
            }
            char letter = matcher.group(2).charAt(0);
            char described = matcher.group(3) == null ? ' ' : matcher.group(3).charAt(0);
            long repeat = matcher.group(1).isEmpty() ? 1 : Long.parseLong(matcher.group(1));
            String name = header.text("TTYPE" + i);
            if (name != null && repeat > 0) {
                columns.putIfAbsent(
                        name.strip().toUpperCase(Locale.ROOT),
                        new Column((int) Math.min(offset, MOST_ROW_BYTES), letter, described));
            }
            offset += letter == 'X' ? (repeat + 7) / 8 : repeat * itemBytes(letter);
        }
        if (offset != rowBytes) {
            throw header.damaged("its columns have " + offset + " bytes a row, but NAXIS1 is " + rowBytes);
        }
    }

    /** Bytes of one value of a column; of a descriptor's two numbers together. */
    static int itemBytes(char letter) {
        return switch (letter) {
            case 'I' -> 2;
            case 'J', 'E' -> 4;
            case 'K', 'D', 'C', 'P' -> 8;
            case 'M', 'Q' -> 16;
            default -> 1;
        };
    }

    /** A column, or null if there is none of that name and kind. */
    Column column(String name, boolean descriptor) {
        Column column = columns.get(name);
        return column != null && column.isDescriptor() == descriptor ? column : null;
    }

    /** Lengths of the image's axes, fastest first, as the file has them. */
    long[] axes() {
        return axes;
    }

    /** Lengths of a tile's axes, fastest first; tiles at the end of an axis may be shorter. */
    long[] tileAxes() {
        return tileAxes;
    }

    /** Pixels of a tile that is not at an edge. */
    int tilePixels() {
        return tilePixels;
    }

    long rows() {
        return rows;
    }

    int rowBytes() {
        return rowBytes;
    }

    /** Where the heap begins, from the first row on. */
    long heapOffset() {
        return heapOffset;
    }

    /** Bytes from the first row to the end of the heap. */
    long dataBytes() {
        return dataBytes;
    }
}
