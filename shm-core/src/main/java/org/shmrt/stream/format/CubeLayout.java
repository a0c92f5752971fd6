package org.shmrt.stream.format;

/**
 * A rolling cube: a stream of three axes whose slices are written one after another, cyclically. cnt1 is the slice
 * written last. A file may have lists with one entry for each slice. Immutable.
 *
 * @param slices number of slices, the length of the slowest axis
 * @param sliceBytes size of one slice
 * @param acquired acquisition time of slice 0 in its list, {@link TimeField#NONE} if the file has no lists
 * @param written write time of slice 0 in its list, {@link TimeField#NONE} if the file has no lists
 * @param timeBytes bytes from one entry of a time list to the next
 * @param countOffset u64 for each slice: cnt0; -1 if the file has no lists
 */
public record CubeLayout(
        int slices, long sliceBytes, TimeField acquired, TimeField written, int timeBytes, long countOffset) {
    /** Size of an entry in the list of counters, bytes. */
    public static final int COUNT_BYTES = 8;

    /**
     * Whether the file has the lists.
     *
     * @return false if times and counters of the slices are not stored
     */
    public boolean hasLists() {
        return countOffset >= 0;
    }
}
