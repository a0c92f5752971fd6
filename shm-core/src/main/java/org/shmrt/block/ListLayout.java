package org.shmrt.block;

/**
 * Positions of the parts of a list in its block, copied from the index when the list is attached. Later changes of the
 * index by other processes have no effect. Immutable.
 *
 * <pre>
 *   0          i64           N, the number of items
 *   8          i64[N + 1]    offsets in the data area; the first is 0, the last is K       (Python 3.9 and later)
 *              i64[N]        or lengths of the items, whose sum is K                       (Python 3.8)
 *              K bytes       data area: each item in a multiple of 8 bytes
 *              char[8][N]    formats
 *              i8[N]         codes
 * </pre>
 *
 * <p>The first index entry distinguishes the two forms: it is an offset of 0, or a length of at least 8. Source:
 * CPython 3.8 to 3.13 and files written by them.
 */
final class ListLayout {
    private final ListIndex index;
    private final long[] starts;
    private final int count;

    /**
     * Creates a layout.
     *
     * @param starts offset of each item in the block, and the end of the data area; may be longer
     */
    ListLayout(ListIndex index, long[] starts, int count) {
        this.index = index;
        this.starts = starts;
        this.count = count;
    }

    /** The layout of a new list with items of these sizes. */
    static ListLayout of(long[] storageBytes) {
        int count = storageBytes.length;
        long[] starts = new long[count + 1];
        starts[0] = ListIndex.OFFSETS.dataOffset(count);
        for (int i = 0; i < count; i++) {
            starts[i + 1] = starts[i] + storageBytes[i];
        }
        return new ListLayout(ListIndex.OFFSETS, starts, count);
    }

    int count() {
        return count;
    }

    ListIndex index() {
        return index;
    }

    /** Offset of an item in the block. */
    long start(int item) {
        return starts[item];
    }

    /** Bytes reserved for an item. */
    long storageBytes(int item) {
        return starts[item + 1] - starts[item];
    }

    long formatOffset(int item) {
        return starts[count] + (long) ItemFormat.FORMAT_BYTES * item;
    }

    long codeOffset(int item) {
        return starts[count] + (long) ItemFormat.FORMAT_BYTES * count + item;
    }

    /** Size of the whole list. */
    long byteSize() {
        return codeOffset(count);
    }
}
