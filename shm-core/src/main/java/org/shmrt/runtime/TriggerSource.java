package org.shmrt.runtime;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** What starts the steps of one loop. For the loop's thread. No call allocates, except a sleep on a semaphore. */
abstract class TriggerSource implements StepInfo, AutoCloseable {
    static final MemorySegment NO_FRAME =
            Arena.global().allocate(1).asSlice(0, 0).asReadOnly();

    private static final long MAX_AGE_NS = 10_000_000_000L;

    /** The result of a wait. */
    enum Arrival {
        /** A step is due. */
        READY,
        /** Nothing yet. */
        NOT_YET,
        /** Nothing will come any more: the stream was removed, re-created or closed. */
        ENDED
    }

    /** When the step that is due started, on the clock of {@link System#nanoTime()}. */
    long startNs;
    /** From the trigger to the start; -1 if that is not known. */
    long wakeNs;
    /** Triggers that passed unseen before this one. */
    long missed;
    /** The id of the frame; 0 without one. */
    long frameId;
    /** Moments of the grid that were skipped before this one. */
    long skipped;
    /** Frames that found no partner, as the last wait found, whatever its result. */
    long unmatched;
    /** Why nothing will come any more. */
    String endReason = "";

    /** Waits for the next trigger, for at most the given time. */
    abstract Arrival await(long timeoutNs);

    /** The frame of the step; empty for a trigger that has none, or several. */
    MemorySegment frame() {
        return NO_FRAME;
    }

    /** Whether the frames are still what they were when the step started. */
    boolean validate() {
        return true;
    }

    /** Gives up what has come until now, after an overrun or a pause. A trigger that always takes the newest need not. */
    void skip() {}

    /** Whether there are frames, whose ids the commands carry. */
    boolean hasFrames() {
        return false;
    }

    @Override
    public final long frameId() {
        return frameId;
    }

    @Override
    public final long missed() {
        return missed;
    }

    @Override
    public final long wakeNs() {
        return wakeNs;
    }

    @Override
    public final boolean isFrameIntact() {
        return validate();
    }

    /** The time from a frame's acquisition to now; -1 if it is too long, or negative: the clocks differ then. */
    static long plausibleAgeNs(long ageNs) {
        return ageNs >= 0 && ageNs < MAX_AGE_NS ? ageNs : -1;
    }

    @Override
    public void close() {}
}
