package org.shmrt.stream.format.milk;

import org.shmrt.stream.format.CircularLayout;
import org.shmrt.stream.format.CubeLayout;
import org.shmrt.stream.format.TimeField;
import org.shmrt.stream.format.TraceLayout;
import org.shmrt.stream.format.WriteHistoryLayout;

/**
 * The records after a milk stream's frame.
 *
 * <pre>
 *   process trace            circular buffer, a record     write history, a record
 *    0  i32       triggermode       0  u64       cnt0              0  u64       cnt0
 *    4  i32       procwrite_PID     8  u64       cnt1              8  i32       pid
 *    8  u64       trigger_inode    16  timespec  atime            16  timespec  writetime
 *   16  timespec  ts_procstart     32  timespec  writetime
 *   32  timespec  ts_streamupdate
 *   48  i32       trigsemindex     rolling cube of N slices: timespec[N] atime, timespec[N] writetime, u64[N] cnt0
 *   52  i32       triggerstatus
 *   56  u64       cnt0 of the trigger
 * </pre>
 *
 * ImageStreamIO reserves the records of the buffer and the lists of the cube but leaves them 0. ShmRT fills them.
 *
 * <p>Source: observed files of ImageStreamIO 2.00; the values of mode and status from milk's documentation.
 */
final class MilkRecords {
    static final int TRACE_BYTES = 64;
    static final int CIRCULAR_BYTES = 48;
    static final int WRITE_BYTES = 32;
    /** Bytes for each slice of a cube: two times and a counter. */
    static final int CUBE_LIST_BYTES = 40;

    private static final int TIMESPEC_BYTES = 16;

    private MilkRecords() {}

    static TraceLayout traces(long offset, int count) {
        return new TraceLayout(offset, count, TRACE_BYTES, 0, 4, 8, timespec(16), timespec(32), 48, 52, 56);
    }

    /**
     * A frame is written to the slot after the last one, so the first is in slot 1, or in slot 0 of a buffer of one
     * frame.
     */
    static CircularLayout circular(int size, long recordsOffset, long dataOffset) {
        return new CircularLayout(
                size,
                size == 1 ? 0 : 1,
                MilkDescriptor.CBINDEX,
                MilkDescriptor.CBCYCLE,
                recordsOffset,
                CIRCULAR_BYTES,
                0,
                8,
                timespec(16),
                timespec(32),
                dataOffset);
    }

    /** @param listsOffset position of the lists, -1 if the file has none */
    static CubeLayout cube(int slices, long sliceBytes, long listsOffset) {
        if (listsOffset < 0) {
            return new CubeLayout(slices, sliceBytes, TimeField.NONE, TimeField.NONE, TIMESPEC_BYTES, -1);
        }
        long timesBytes = (long) TIMESPEC_BYTES * slices;
        return new CubeLayout(
                slices,
                sliceBytes,
                timespec(listsOffset),
                timespec(listsOffset + timesBytes),
                TIMESPEC_BYTES,
                listsOffset + 2 * timesBytes);
    }

    static WriteHistoryLayout writeHistory(long recordsOffset) {
        return new WriteHistoryLayout(
                MilkDescriptor.WRITE_INDEX,
                MilkDescriptor.WRITE_CYCLE,
                recordsOffset,
                WRITE_BYTES,
                MilkDescriptor.WRITE_RECORDS,
                0,
                8,
                timespec(16));
    }

    private static TimeField timespec(long offset) {
        return TimeField.at(offset, TimeField.Encoding.TIMESPEC);
    }
}
