package org.shmrt.runtime;

/** What a step can ask about its trigger. Valid during the step, for the loop's thread. No call allocates. */
public interface StepInfo {
    /**
     * The id of the frame. The command that the loop publishes for it has the same id.
     *
     * @return the id (cnt2) that the writer of the frame has set; 0 for a trigger without a frame
     */
    long frameId();

    /**
     * The triggers that passed unseen since the last step.
     *
     * @return their number
     */
    long missed();

    /**
     * The time from the trigger to the start of the step.
     *
     * @return nanoseconds, -1 if it is not known
     */
    long wakeNs();

    /**
     * Whether the frame is still the one with which the step started. The loop checks this after the step and discards
     * the command if it is not; a step that keeps state asks before it changes the state.
     *
     * @return false if the writer has overwritten it in the meantime
     */
    boolean isFrameIntact();
}
