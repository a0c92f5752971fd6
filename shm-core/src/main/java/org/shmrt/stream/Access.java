package org.shmrt.stream;

/** How a stream is opened. */
public enum Access {
    /**
     * Reading by counter only: needs read permission and no native access, changes nothing in the file or around
     * it, so a viewer cannot disturb a loop.
     */
    READ_ONLY,
    /** Reading by any wait strategy, and writing; makes semaphores that are missing. */
    READ_WRITE
}
