package org.shmrt.stream;

/** What a reader does when its stream was removed, re-created or resized. */
public enum RecreationPolicy {
    /**
     * Reports it in each call by {@link Verdict#RECREATED} or {@link Verdict#REMOVED}. {@link FrameReader#reattach()}
     * continues with the new stream.
     */
    REPORT,
    /**
     * Continues with the stream that is at the path now if its type and shape are the same, and waits for one while
     * there is none. Reports a stream of another type or shape by {@link Verdict#RECREATED}.
     */
    FOLLOW
}
