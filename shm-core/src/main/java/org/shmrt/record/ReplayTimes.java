package org.shmrt.record;

import org.shmrt.record.chunk.FrameRow;

/**
 * When the frames of a stream are replayed. The intervals are those of the acquisition times, which the writer took
 * itself; the times of arrival contain the delays of the recorder. Where an acquisition time is missing, or its clock was
 * set, the interval of arrival stands for that of acquisition. Times never go back and never are after the arrival. For
 * one thread.
 */
final class ReplayTimes {
    /** An acquisition this long before the first arrival is taken from another clock. */
    private static final long MAX_DELAY_NS = 1_000_000_000L;

    private boolean any;
    private long timeNs;
    private long acquiredNs;
    private long arrivedNs;

    /** The time of the next frame, nanoseconds since 1970-01-01 UTC. */
    long next(FrameRow row) {
        timeNs = any ? after(row) : first(row);
        any = true;
        acquiredNs = row.acquiredNs();
        arrivedNs = row.arrivedNs();
        return timeNs;
    }

    private static long first(FrameRow row) {
        long delayNs = row.arrivedNs() - row.acquiredNs();
        return row.acquiredNs() != 0 && delayNs >= 0 && delayNs < MAX_DELAY_NS ? row.acquiredNs() : row.arrivedNs();
    }

    private long after(FrameRow row) {
        long intervalNs = row.acquiredNs() - acquiredNs;
        boolean known = row.acquiredNs() != 0 && acquiredNs != 0 && intervalNs >= 0;
        long byAcquisition = timeNs + intervalNs;
        if (known && byAcquisition <= row.arrivedNs()) {
            return byAcquisition;
        }
        return Math.max(timeNs, Math.min(row.arrivedNs(), timeNs + Math.max(0, row.arrivedNs() - arrivedNs)));
    }
}
