package org.shmrt.fits.header;

/**
 * One header and the data it describes.
 *
 * @param index 0 for the first of the file
 * @param kind what its data is
 * @param header its cards
 * @param dataOffset where its data begins in the file
 * @param dataBytes how much data there is, without what fills the last block
 */
public record Hdu(int index, Kind kind, Header header, long dataOffset, long dataBytes) {
    /** What the data is. */
    public enum Kind {
        /** Plain pixels. */
        IMAGE,
        /** Pixels in compressed tiles, stored as a table. */
        TILES,
        /** A header alone. */
        EMPTY,
        /** A table, or something only others know. */
        OTHER
    }

    public boolean holdsImage() {
        return kind == Kind.IMAGE || kind == Kind.TILES;
    }
}
