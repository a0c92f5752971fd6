package org.shmrt.relay;

/** What travels with the pixels of a frame. A sender and a receiver each use one object for all their frames. */
public final class FrameFields {
    private long count;
    private long frameId;
    private long acquiredNs;
    private long skipped;
    private int writer;

    /**
     * Sets all fields. No receiver wrote the frame.
     *
     * @param newCount counter of the frame (cnt0), not 0
     * @param newFrameId its id (cnt2)
     * @param newAcquiredNs its acquisition time, UTC, nanoseconds since 1970; 0 if it was never set
     * @param newSkipped frames that the sender has left out so far
     */
    public void set(long newCount, long newFrameId, long newAcquiredNs, long newSkipped) {
        count = newCount;
        frameId = newFrameId;
        acquiredNs = newAcquiredNs;
        skipped = newSkipped;
        writer = 0;
    }

    /**
     * Says which receiver wrote the frame into its replica, where it has the same count.
     *
     * @param number the number of the receiver among those of the link, 1 if there is only one; 0 for any other frame
     */
    public void writer(int number) {
        writer = number;
    }

    /** Counter of the frame (cnt0). */
    public long count() {
        return count;
    }

    /** Its id (cnt2). */
    public long frameId() {
        return frameId;
    }

    /** Its acquisition time, UTC, nanoseconds since 1970; 0 if it was never set. */
    public long acquiredNs() {
        return acquiredNs;
    }

    /** Frames that the sender has left out so far. */
    public long skipped() {
        return skipped;
    }

    /** The number of the receiver that wrote the frame into its replica, where it has the same count; 0 for none. */
    public int writer() {
        return writer;
    }
}
