package org.shmrt.runtime;

/** Which frame a loop takes if more than one has come since the last step. Missed frames are counted in any case. */
public enum MissedFramePolicy {
    /** The newest; those before it are missed. */
    TAKE_NEWEST,
    /** The oldest that the stream still holds. At depth 1 this is the newest. */
    TAKE_NEXT,
    /** None: a missed frame sends the safe state and ends the loop in the state Error. */
    ENTER_ERROR
}
