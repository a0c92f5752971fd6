package org.shmrt.fits.tile;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.shmrt.error.IncompatibleException;
import org.shmrt.fits.header.Hdu;
import org.shmrt.fits.header.Header;
import org.shmrt.memory.Shape;

/**
 * The table that stores a compressed image: one row per tile, with descriptors (length, offset) of the bytes of the tile
 * in a heap after the rows. The constructor validates the table; descriptors are validated as they are used.
 *
 * @see <a href="https://fits.gsfc.nasa.gov/fits_standard.html">FITS standard 4.0, sections 7.3 and 10</a>
 */
final class TileTable {
    private static final Pattern FORMAT = Pattern.compile("([0-9]{0,9})([LXBIJKAEDCMPQ])([LXBIJKAEDCM])?.*");
    private static final int MAX_COLUMNS = 999;
    /** Rows are read in chunks of this size. */
    private static final int MAX_ROW_BYTES = 1 << 16;

    /**
     * A column.
     *
     * @param offset offset in a row, in bytes
     * @param letter type letter
     * @param described type letter of the elements in the heap; a blank if the column is not a descriptor
     */
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
        rowBytes = (int) header.integer("NAXIS1", 1, MAX_ROW_BYTES);
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
                // the default is one tile per row of the image
                long length = header.integerOr("ZTILE" + (i + 1), i == 0 ? axes[0] : 1, 1, Long.MAX_VALUE);
                tileAxes[i] = Math.min(length, axes[i]);
                tiles = Math.multiplyExact(tiles, (axes[i] - 1) / tileAxes[i] + 1);
                pixels = Math.multiplyExact(pixels, tileAxes[i]);
                all = Math.multiplyExact(all, axes[i]);
            }
            // the size must fit for 8 bytes per pixel too
            Math.multiplyExact(all, Long.BYTES);
        } catch (ArithmeticException e) {
            throw header.damaged("its axes describe more bytes than 63 bits can count");
        }
        if (tiles != rows) {
            throw header.damaged("its image has " + tiles + " tiles, but its table has " + rows + " rows");
        }
        if (pixels > Integer.MAX_VALUE / 2 / Long.BYTES) {
            throw new IncompatibleException("cannot read " + header.location() + ": its tiles have " + pixels
                    + " pixels each, more than ShmRT supports; uncompress the file with funpack");
        }
        tilePixels = (int) pixels;
    }

    private void readColumns() {
        int count = (int) header.integer("TFIELDS", 1, MAX_COLUMNS);
        long offset = 0;
        for (int i = 1; i <= count; i++) {
            String format = header.text("TFORM" + i).orElse("");
            Matcher matcher = FORMAT.matcher(format.strip());
            if (!matcher.matches()) {
                throw header.damaged("TFORM" + i + " is '" + format + "', which is not a column format");
            }
            char letter = matcher.group(2).charAt(0);
            char described = matcher.group(3) == null ? ' ' : matcher.group(3).charAt(0);
            long repeat = matcher.group(1).isEmpty() ? 1 : Long.parseLong(matcher.group(1));
            if (repeat > 0) {
                Column column = new Column((int) Math.min(offset, MAX_ROW_BYTES), letter, described);
                header.text("TTYPE" + i)
                        .ifPresent(name -> columns.putIfAbsent(name.strip().toUpperCase(Locale.ROOT), column));
            }
            offset += letter == 'X' ? (repeat + 7) / 8 : repeat * itemBytes(letter);
        }
        if (offset != rowBytes) {
            throw header.damaged("its columns have " + offset + " bytes per row, but NAXIS1 is " + rowBytes);
        }
    }

    /** Size of one value of a column in bytes; of a descriptor, the size of both numbers. */
    static int itemBytes(char letter) {
        return switch (letter) {
            case 'I' -> 2;
            case 'J', 'E' -> 4;
            case 'K', 'D', 'C', 'P' -> 8;
            case 'M', 'Q' -> 16;
            default -> 1;
        };
    }

    /** The column of this name with descriptors of data in the heap. */
    Optional<Column> heapColumn(String name) {
        return Optional.ofNullable(columns.get(name)).filter(Column::isDescriptor);
    }

    /** The column of this name with plain values. */
    Optional<Column> valueColumn(String name) {
        return Optional.ofNullable(columns.get(name)).filter(column -> !column.isDescriptor());
    }

    /** Lengths of the axes of the image, fastest first, as in the file. */
    long[] axes() {
        return axes;
    }

    /** Lengths of the axes of a tile, fastest first; tiles at the end of an axis may be shorter. */
    long[] tileAxes() {
        return tileAxes;
    }

    /** Number of pixels of a tile that is not at an edge. */
    int tilePixels() {
        return tilePixels;
    }

    long rows() {
        return rows;
    }

    int rowBytes() {
        return rowBytes;
    }

    /** Offset of the heap from the first row, in bytes. */
    long heapOffset() {
        return heapOffset;
    }

    /** Size of rows and heap together, in bytes. */
    long dataBytes() {
        return dataBytes;
    }
}
