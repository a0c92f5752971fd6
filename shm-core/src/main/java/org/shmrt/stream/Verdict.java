package org.shmrt.stream;

import org.shmrt.stream.engine.FileState;

/** The result of a read or a wait. Loss is reported here and counted by the reader, never thrown. */
public enum Verdict {
    /** A frame, the one after the last frame read. */
    FRESH(true),
    /** A frame, the newest as requested. {@link FrameReader#lost()} frames before it were not read. */
    SKIPPED(true),
    /**
     * A frame, the newest, because the writer has overwritten the next one. {@link FrameReader#lost()} frames are lost.
     */
    LAPPED(true),
    /**
     * A frame of another sequence than the last one: the counter went back, or two programs count independently in the
     * same stream. The number of frames in between is unknown, so {@link FrameReader#lost()} is 0, or the number of
     * frames of this sequence that were overwritten before they could be copied.
     */
    RESTARTED(true),
    /** No frame within the timeout. */
    TIMED_OUT(false),
    /** No frame: the write flag has been set for too long and no live writer is known. */
    STALE_WRITER(false),
    /** No frame: the stream was re-created or resized; open it again. */
    RECREATED(false),
    /** No frame: the stream's file was removed. */
    REMOVED(false),
    /** No frame: this reader or its stream was closed, or the thread was interrupted while it waited. */
    CLOSED(false);

    private final boolean hasFrame;

    Verdict(boolean hasFrame) {
        this.hasFrame = hasFrame;
    }

    /** What a changed file means to a reader. */
    static Verdict of(FileState state) {
        return state == FileState.REMOVED ? REMOVED : RECREATED;
    }

    /** Whether the path no longer leads to the stream. */
    boolean isMoved() {
        return this == RECREATED || this == REMOVED;
    }

    /**
     * Whether there is a frame to use.
     *
     * @return true for fresh, skipped, lapped and restarted
     */
    public boolean hasFrame() {
        return hasFrame;
    }
}
