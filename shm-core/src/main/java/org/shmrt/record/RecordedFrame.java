package org.shmrt.record;

import java.util.Set;
import org.shmrt.record.chunk.FrameRow;

/**
 * What is recorded of one frame besides its pixels. Times are nanoseconds since 1970-01-01 UTC, 0 if unknown. Immutable.
 *
 * @param count its counter (cnt0), an unsigned number
 * @param cnt1 its second counter
 * @param frameId its id (cnt2)
 * @param acquiredNs when it was acquired, according to its writer
 * @param writtenNs when it was written, according to its writer; not all formats store this
 * @param arrivedNs when the recorder found it, on the clock of the recorder: that is the same for all streams and does
 *     not go back or jump when the clock of the machine is set
 * @param lost number of frames between the recorded one before it and this one
 * @param causes why they are missing; {@link LossCause#RESTARTED} also with 0 frames
 */
public record RecordedFrame(
        long count,
        long cnt1,
        long frameId,
        long acquiredNs,
        long writtenNs,
        long arrivedNs,
        long lost,
        Set<LossCause> causes) {
    /** Copies the set. */
    public RecordedFrame {
        causes = Set.copyOf(causes);
    }

    static RecordedFrame of(FrameRow row) {
        return new RecordedFrame(
                row.cnt0(),
                row.cnt1(),
                row.frameId(),
                row.acquiredNs(),
                row.writtenNs(),
                row.arrivedNs(),
                row.lost(),
                LossCause.ofBits(row.cause()));
    }
}
