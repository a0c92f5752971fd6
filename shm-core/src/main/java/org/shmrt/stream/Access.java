package org.shmrt.stream;

/** How a stream is opened. */
public enum Access {
    /**
     * Reading, with waits that poll the counter. Needs read permission and no native access, and changes neither the
     * file nor its semaphores, so a viewer cannot disturb a control loop.
     */
    READ_ONLY,
    /** Reading with any wait strategy, and writing. Creates missing semaphores. */
    READ_WRITE
}
