package org.shmrt.stream;

/** What a reader does when its stream was removed, created anew or resized. */
public enum RecreationPolicy {
    /**
     * Tells it by {@link Verdict#RECREATED} or {@link Verdict#REMOVED}, each time it is asked;
     * {@link FrameReader#reattach()} goes on.
     */
    REPORT,
    /**
     * Goes on by itself with the stream that has the name now, if its type and shape are the same, and waits for one
     * while there is none. One of another type or shape is told by {@link Verdict#RECREATED}.
     */
    FOLLOW
}
