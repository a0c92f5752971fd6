package org.shmrt.telemetry;

/** The times of a step that a loop measures, each with a histogram. */
public enum LoopMeasure {
    /** From the start of the previous step to the start of this one. */
    INTERVAL("interval"),
    /** From the trigger (the time of the frame, or the moment on the timer's grid) to the start of the step. */
    WAKE("wake"),
    /** The step itself. */
    COMPUTE("compute"),
    /** The publication of the command. */
    PUBLISH("publish"),
    /** From the trigger to the end of the publication. */
    END_TO_END("end_to_end");

    private final String key;

    LoopMeasure(String key) {
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
