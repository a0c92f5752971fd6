package org.shmrt.web.frame;

import java.util.Optional;

/**
 * One request of a viewer for the newest frame of a stream.
 *
 * @param viewer who asks
 * @param id its number for the request
 * @param stream name of the stream
 * @param seen count and file of the last frame that it has; empty to get the newest at once
 * @param slice index of the slice, or {@link Frame#WHOLE}
 * @param deadlineNs when to answer that there is none, on the clock of System.nanoTime
 */
public record FrameRequest(Viewer viewer, long id, String stream, Optional<Seen> seen, int slice, long deadlineNs) {
    /**
     * The last frame that a viewer has.
     *
     * @param count its counter
     * @param generation the file it came from; empty if the viewer does not care
     */
    public record Seen(long count, String generation) {}

    /** Whether a frame is another one than the viewer has. */
    boolean wants(long count, String generation) {
        return seen.isEmpty()
                || seen.get().count() != count
                || (!seen.get().generation().isEmpty()
                        && !seen.get().generation().equals(generation));
    }
}
