package org.shmrt.runtime;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** What starts the steps of one loop. For the loop's thread. No call allocates, except a sleep on a semaphore. */
abstract class TriggerSource implements AutoCloseable {
    static final MemorySegment NO_FRAME =
            Arena.global().allocate(1).asSlice(0, 0).asReadOnly();

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
    /** Moments of the grid that were skipped before this one. */
    long skipped;
    /** Frames that found no partner before this one. */
    long unmatched;
    /** Why nothing will come any more. */
    String endReason = "";

    /** Waits for the next trigger, for at most the given time. */
    abstract Arrival await(long timeoutNs);

    abstract MemorySegment frame();

    /** Whether the frame is still what it was when the step started. */
    abstract boolean validate();

    /** Gives up what has come until now, after an overrun or a pause. */
    abstract void skip();

    @Override
    public abstract void close();
}
