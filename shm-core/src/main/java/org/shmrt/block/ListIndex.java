package org.shmrt.block;

/** Forms of the index of a list. Each entry has 8 bytes; the index follows the number of items. */
enum ListIndex {
    /** The offsets of all items in the data area, and its size (Python 3.9 and later). */
    OFFSETS(2),
    /** The lengths of all items (Python 3.8). */
    LENGTHS(1);

    /** Words before the data area in addition to one per item: the number of items and extra index entries. */
    private final int extraWords;

    ListIndex(int extraWords) {
        this.extraWords = extraWords;
    }

    /** Offset of the data area in the block. */
    long dataOffset(long itemCount) {
        return Long.BYTES * (itemCount + extraWords);
    }

    /** Offset of the index entry that determines the end of the first item. */
    long firstEndOffset() {
        return (long) Long.BYTES * extraWords;
    }
}
