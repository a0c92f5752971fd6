package org.shmrt.runtime;

/** What a loop does after a step that ended after its deadline. The overrun is counted in any case. */
public enum OverrunPolicy {
    /** Publishes the late command, and continues with the newest frame or the next moment of the timer's grid. */
    SKIP_TO_NEXT,
    /** Discards the late command, and continues like {@link #SKIP_TO_NEXT}. */
    DISCARD_COMMAND,
    /** Publishes the late command, and runs the steps that are due one after the other. */
    CATCH_UP,
    /** Discards the late command, sends the safe state and ends in the state Error. */
    ENTER_ERROR
}
