package org.shmrt.stream.format;

/**
 * A list of the last writes, with the counter, process and time of each. The first write of a stream is in record 1.
 * Immutable.
 *
 * @param indexOffset u32: record written last
 * @param cycleOffset u64: turns completed
 * @param recordsOffset position of record 0 in the file
 * @param recordBytes bytes from one record to the next
 * @param count number of records
 * @param countOffset u64 in a record: counter (cnt0) of the frame
 * @param pidOffset i32 in a record: process that wrote
 * @param written write time in a record
 */
public record WriteHistoryLayout(
        long indexOffset,
        long cycleOffset,
        long recordsOffset,
        int recordBytes,
        int count,
        int countOffset,
        int pidOffset,
        TimeField written) {
    /**
     * Position of a record.
     *
     * @param index 0 to count - 1
     * @return bytes from the start of the file
     */
    public long recordOffset(int index) {
        return recordsOffset + (long) index * recordBytes;
    }
}
