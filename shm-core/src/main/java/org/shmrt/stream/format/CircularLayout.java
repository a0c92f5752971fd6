package org.shmrt.stream.format;

/**
 * A buffer of the newest frames in addition to the current one, with a record for each of its slots. A writer copies
 * each frame to the slot after the last one written. Immutable.
 *
 * @param size number of frames kept
 * @param firstSlot slot of a stream's first frame
 * @param indexOffset u32: slot written last
 * @param cycleOffset u64: turns completed
 * @param recordsOffset position of slot 0's record in the file
 * @param recordBytes bytes from one record to the next
 * @param countOffset u64 in a record: counter (cnt0) of the frame; 0 while the frame is being written
 * @param cnt1Offset u64 in a record: second counter of the frame
 * @param acquired acquisition time in a record
 * @param written write time in a record
 * @param dataOffset position of slot 0's frame; frames have no gaps between them
 */
public record CircularLayout(
        int size,
        int firstSlot,
        long indexOffset,
        long cycleOffset,
        long recordsOffset,
        int recordBytes,
        int countOffset,
        int cnt1Offset,
        TimeField acquired,
        TimeField written,
        long dataOffset) {
    /**
     * Position of a slot's record.
     *
     * @param slot 0 to size - 1
     * @return bytes from the start of the file
     */
    public long recordOffset(int slot) {
        return recordsOffset + (long) slot * recordBytes;
    }
}
