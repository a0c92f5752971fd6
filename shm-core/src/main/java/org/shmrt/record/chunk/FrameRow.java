package org.shmrt.record.chunk;

import java.nio.ByteBuffer;

/**
 * The row of one frame in the table of a chunk. Times are nanoseconds since 1970-01-01 UTC, 0 if unknown.
 *
 * @param cnt0 counter of the frame, an unsigned number
 * @param cnt1 its second counter, an unsigned number
 * @param frameId its id (cnt2), an unsigned number
 * @param acquiredNs when it was acquired, according to its writer
 * @param writtenNs when it was written, according to its writer
 * @param arrivedNs when the recorder found it, on the recorder's clock, which never goes back
 * @param lost number of frames before it that are missing
 * @param cause why, as a set of bits
 */
public record FrameRow(
        long cnt0, long cnt1, long frameId, long acquiredNs, long writtenNs, long arrivedNs, long lost, int cause) {
    /** Size of a row, bytes. */
    public static final int BYTES = 7 * Long.BYTES + Integer.BYTES;

    /** FITS has no unsigned integers: counters are stored less 2^63, by a convention of the standard. */
    private static final long ZERO_POINT = Long.MIN_VALUE;

    private static final int ARRIVED_AT = 5 * Long.BYTES;

    /** Appends a row in the order of {@link TableHeader}, big-endian. */
    public static void put(
            ByteBuffer rows,
            long cnt0,
            long cnt1,
            long frameId,
            long acquiredNs,
            long writtenNs,
            long arrivedNs,
            long lost,
            int cause) {
        rows.putLong(cnt0 ^ ZERO_POINT).putLong(cnt1 ^ ZERO_POINT).putLong(frameId ^ ZERO_POINT);
        rows.putLong(acquiredNs).putLong(writtenNs).putLong(arrivedNs);
        rows.putLong(lost).putInt(cause);
    }

    /** Appends this row. */
    public void put(ByteBuffer rows) {
        put(rows, cnt0, cnt1, frameId, acquiredNs, writtenNs, arrivedNs, lost, cause);
    }

    /** When the frame of a row arrived, without reading the whole row; the rows begin at index 0. */
    public static long arrivedNs(ByteBuffer rows, int row) {
        return rows.getLong(row * BYTES + ARRIVED_AT);
    }

    /** Reads a row that {@link #put} has appended. */
    public static FrameRow read(ByteBuffer rows) {
        return new FrameRow(
                rows.getLong() ^ ZERO_POINT,
                rows.getLong() ^ ZERO_POINT,
                rows.getLong() ^ ZERO_POINT,
                rows.getLong(),
                rows.getLong(),
                rows.getLong(),
                rows.getLong(),
                rows.getInt());
    }
}
