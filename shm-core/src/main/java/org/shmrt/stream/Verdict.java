package org.shmrt.stream;

/**
 * What a read or a wait came to. Loss is told here and counted by the reader, never thrown.
 */
public enum Verdict {
    /** A frame, the one after the last taken. */
    FRESH(true),
    /** A frame; the newest was asked for, and {@link FrameReader#lost()} frames before it passed unseen. */
    SKIPPED(true),
    /** A frame, the newest: the writer overtook this reader, and {@link FrameReader#lost()} frames are gone. */
    LAPPED(true),
    /** No frame within the time given. */
    TIMED_OUT(false),
    /** No frame: the write flag has been up for too long and no writer that lives is known. */
    STALE_WRITER(false),
    /** No frame: the stream was created anew or resized; open it again. */
    RECREATED(false),
    /** No frame: the stream's file is gone. */
    REMOVED(false),
    /** No frame: this reader or its stream was closed, or the thread was interrupted while it waited. */
    CLOSED(false);

    private final boolean hasFrame;

    Verdict(boolean hasFrame) {
        this.hasFrame = hasFrame;
    }

    /** Whether the stream is no longer the one of its name. */
    boolean isMoved() {
        return this == RECREATED || this == REMOVED;
    }

    /**
     * Whether there is a frame to use.
     *
     * @return true for fresh, skipped and lapped
     */
    public boolean hasFrame() {
        return hasFrame;
    }
}
