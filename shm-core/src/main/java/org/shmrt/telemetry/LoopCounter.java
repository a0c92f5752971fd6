package org.shmrt.telemetry;

/** What a loop counts since it was built or armed. */
public enum LoopCounter {
    /** Steps that ended and whose command was published. */
    STEPS("steps"),
    /** Triggers without a step: frames that passed unseen. */
    MISSED("missed"),
    /** Steps that ended after their deadline. */
    OVERRUNS("overruns"),
    /** Moments of the timer's grid that were skipped because a step took too long. */
    SKIPPED("skipped"),
    /** Steps that threw an exception. */
    ERRORS("errors"),
    /** Steps whose frame was overwritten while they ran; their command was discarded. */
    OVERTAKEN("overtaken"),
    /** Waits that ended without input. */
    TIMEOUTS("timeouts"),
    /** How often the safe state was sent. */
    SAFE_STATES("safe_states"),
    /** Frames of several streams for which no partner came. */
    UNMATCHED("unmatched");

    private final String key;

    LoopCounter(String key) {
        this.key = key;
    }

    /**
     * The name in JSON.
     *
     * @return lower case, with underscores
     */
    public String key() {
        return key;
    }
}
