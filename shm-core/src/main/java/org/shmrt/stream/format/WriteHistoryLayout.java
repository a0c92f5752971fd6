package org.shmrt.stream.format;

/**
 * The list of the last writes that milk keeps where it was built with IMAGESTRUCT_WRITEHISTORY: cnt0, pid and time of
 * each, beginning with record 1.
 *
 * @param indexOffset u32: record written last
 * @param cycleOffset u64: turns completed
 * @param recordsOffset position of the first record in the file
 * @param count number of records
 */
public record WriteHistoryLayout(long indexOffset, long cycleOffset, long recordsOffset, int count) {
    /** Bytes of a record: cnt0 at 0, pid at 8, seconds at 16, nanoseconds at 24. */
    public static final int RECORD_BYTES = 32;
}
