package org.shmrt.stream.format;

/**
 * Where a milk stream keeps its newest frames beside the current one: the fast circular buffer. A frame is copied to
 * the slot after the last, so the first frame lies in slot 1, or in slot 0 of a buffer of one.
 *
 * @param size number of frames kept
 * @param indexOffset u32: slot written last
 * @param cycleOffset u64: turns completed
 * @param recordsOffset one record for each slot: cnt0, cnt1, acquisition and write time. ImageStreamIO reserves them
 *     and leaves them 0; ShmRT fills them
 * @param dataOffset frame of slot 0; frames lie without gaps
 */
public record CircularLayout(int size, long indexOffset, long cycleOffset, long recordsOffset, long dataOffset) {
    /** Bytes of a record: cnt0 at 0, cnt1 at 8, acquisition time at 16, write time at 32. */
    public static final int RECORD_BYTES = 48;
}
