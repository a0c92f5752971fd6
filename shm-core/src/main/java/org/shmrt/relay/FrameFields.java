package org.shmrt.relay;

/** What travels with the pixels of a frame. A sender and a receiver each use one object for all their frames. */
public final class FrameFields {
    private long count;
    private long frameId;
    private long acquiredNs;
    private long skipped;
    private boolean isEcho;

    /**
     * Sets all fields. The frame is not an echo.
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
        isEcho = false;
    }

    /** Says that the frame comes back to the replica into which it was written, with the count that it has there. */
    public void echo(boolean newIsEcho) {
        isEcho = newIsEcho;
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

    /** Whether the frame comes back to the replica into which it was written, with the count that it has there. */
    public boolean isEcho() {
        return isEcho;
    }
}
