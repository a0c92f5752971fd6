package org.shmrt.fits.header;

import org.shmrt.error.IncompatibleException;

/**
 * A header and data unit of a FITS file.
 *
 * @param index index in the file, from 0
 * @param kind kind of the data
 * @param header the parsed header
 * @param dataOffset offset of the data in the file, in bytes
 * @param dataBytes size of the data, in bytes, without the padding of the last block
 */
public record Hdu(int index, Kind kind, Header header, long dataOffset, long dataBytes) {
    /** What an image may expand to by default, bytes. */
    public static final long DEFAULT_MAX_EXPANDED_BYTES = 1L << 30;

    /** Kinds of data. */
    public enum Kind {
        /** Plain pixels. */
        IMAGE,
        /** Pixels in compressed tiles, stored as a table. */
        TILES,
        /** A header without data. */
        EMPTY,
        /** A table or an unknown extension. */
        OTHER
    }

    public boolean holdsImage() {
        return kind == Kind.IMAGE || kind == Kind.TILES;
    }

    /** The exception for a file that ends after {@code found} bytes of this data. */
    public IncompatibleException truncated(long found) {
        return new IncompatibleException("cannot read " + header.location() + ": its data is truncated, expected "
                + dataBytes + " bytes, found " + found + "; copy it again, or wait until it is written");
    }

    /**
     * Checks how much memory compressed pixels take: a small file can describe an image that exhausts the memory.
     *
     * @throws IncompatibleException if it is more than the limit
     */
    public void checkExpansion(long expandedBytes, long maxBytes) {
        if (expandedBytes > maxBytes) {
            throw new IncompatibleException("cannot read " + header.location() + ": it expands to " + expandedBytes
                    + " bytes, and the limit for compressed images is " + maxBytes
                    + " bytes; if you trust the file, raise the limit (--max-bytes)");
        }
    }
}
