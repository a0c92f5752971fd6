package org.shmrt.record;

import java.nio.file.Path;

/**
 * The frames of one stream in a recorder so far. Frames published = recorded + lost, exactly, once the recorder has
 * ended; while it runs, some are in its memory. Immutable.
 *
 * @param name name of the stream
 * @param stream its file
 * @param state what the recorder does with it
 * @param recorded frames written to files
 * @param buffered frames in the memory of the recorder
 * @param lost frames that are missing
 * @param overtaken how many of them were overwritten before they could be copied
 * @param bufferFull how many of them were published while the memory was full
 * @param disk how many of them could not be written to the disk
 * @param restarts how often the counter went back or the stream was re-created
 * @param firstCount counter of the first frame that was published after the start, 0 before one was found
 * @param lastCount counter of the newest frame that was found
 * @param bytes pixels written, bytes
 * @param chunks files begun
 */
public record StreamTotals(
        String name,
        Path stream,
        State state,
        long recorded,
        long buffered,
        long lost,
        long overtaken,
        long bufferFull,
        long disk,
        long restarts,
        long firstCount,
        long lastCount,
        long bytes,
        long chunks) {
    /** States of a stream in a recorder. */
    public enum State {
        /** There is no such stream, or it was removed: the recorder looks for it. */
        ABSENT,
        /** Its frames are recorded. */
        RECORDING,
        /** It has ended: as planned, or by a failure. */
        ENDED
    }
}
