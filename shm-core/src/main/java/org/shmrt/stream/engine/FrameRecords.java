package org.shmrt.stream.engine;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.MemorySegment;
import org.shmrt.posix.GuardedCopy;
import org.shmrt.posix.OwnProcess;
import org.shmrt.stream.format.CircularLayout;
import org.shmrt.stream.format.CubeLayout;
import org.shmrt.stream.format.StreamLayout;
import org.shmrt.stream.format.WriteHistoryLayout;

/**
 * The records that a stream keeps in addition to its newest frame: the circular buffer, the lists of a rolling cube,
 * and the list of the last writes. They are written between the data of a frame and its counter. Does not allocate.
 */
public final class FrameRecords {

    private final MemorySegment file;
    private final CircularLayout circular;
    private final CubeLayout cube;
    private final WriteHistoryLayout writes;
    private final long frameOffset;
    private final long frameBytes;
    private final long cnt1Offset;

    private FrameRecords(MemorySegment file, StreamLayout layout) {
        this.file = file;
        this.circular = layout.circular();
        this.cube = layout.cube();
        this.writes = layout.writeHistory();
        this.frameOffset = layout.frameOffset(0);
        this.frameBytes = layout.frameBytes();
        this.cnt1Offset = layout.cnt1Offset();
    }

    /** The records of a stream, or null if it has none. */
    public static FrameRecords of(MemorySegment file, StreamLayout layout) {
        boolean any = layout.circular() != null || layout.cube() != null || layout.writeHistory() != null;
        return any ? new FrameRecords(file, layout) : null;
    }

    /** The slice after the last one written. cnt1 may have any value, because pyMilk counts frames with it. */
    public int nextSlice() {
        return (int) Long.remainderUnsigned(HeaderWords.longPlain(file, cnt1Offset) + 1, cube.slices());
    }

    /**
     * Records a frame before it is counted.
     *
     * @param slice slice of a rolling cube, or -1 if the whole frame was written
     */
    public void record(long count, int slice, long acquiredNs, long writtenNs) {
        if (slice >= 0) {
            HeaderWords.longPlain(file, cnt1Offset, slice);
            if (cube.hasLists()) {
                long timeOffset = (long) slice * cube.timeBytes();
                cube.acquired().set(file, timeOffset, acquiredNs);
                cube.written().set(file, timeOffset, writtenNs);
                HeaderWords.longPlain(file, cube.countOffset() + (long) slice * CubeLayout.COUNT_BYTES, count);
            }
        }
        if (circular != null) {
            recordFrame(count, acquiredNs, writtenNs);
        }
        if (writes != null) {
            recordWrite(count, writtenNs);
        }
    }

    private void recordFrame(long count, long acquiredNs, long writtenNs) {
        int size = circular.size();
        int slot = Integer.remainderUnsigned(file.get(JAVA_INT, circular.indexOffset()), size) + 1;
        if (slot == size) {
            slot = 0;
            file.set(JAVA_LONG, circular.cycleOffset(), file.get(JAVA_LONG, circular.cycleOffset()) + 1);
        }
        long record = circular.recordOffset(slot);
        // To a reader of the buffer, count 0 means that the frame is being written, any other that it is complete.
        HeaderWords.longRelease(file, record + circular.countOffset(), 0);
        HeaderWords.storeStoreFence();
        GuardedCopy.copy(file, frameOffset, file, circular.dataOffset() + slot * frameBytes, frameBytes);
        file.set(JAVA_LONG, record + circular.cnt1Offset(), HeaderWords.longPlain(file, cnt1Offset));
        circular.acquired().set(file, record, acquiredNs);
        circular.written().set(file, record, writtenNs);
        HeaderWords.longRelease(file, record + circular.countOffset(), count);
        file.set(JAVA_INT, circular.indexOffset(), slot);
    }

    private void recordWrite(long count, long writtenNs) {
        int slot = Integer.remainderUnsigned(file.get(JAVA_INT, writes.indexOffset()), writes.count()) + 1;
        if (slot == writes.count()) {
            slot = 0;
            file.set(JAVA_LONG, writes.cycleOffset(), file.get(JAVA_LONG, writes.cycleOffset()) + 1);
        }
        long record = writes.recordOffset(slot);
        HeaderWords.longPlain(file, record + writes.countOffset(), count);
        file.set(JAVA_INT, record + writes.pidOffset(), OwnProcess.PID);
        writes.written().set(file, record, writtenNs);
        file.set(JAVA_INT, writes.indexOffset(), slot);
    }
}
