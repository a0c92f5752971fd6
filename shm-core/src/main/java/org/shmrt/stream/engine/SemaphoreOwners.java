package org.shmrt.stream.engine;

/** Who has which semaphore of a stream to itself, so that two readers do not take each other's tokens. */
public interface SemaphoreOwners {
    /**
     * Takes a semaphore for one reader.
     *
     * @param index which
     * @return the reservation, or null if another reader has it, or none can be noted
     */
    Reservation tryReserve(int index);

    /** One reader's hold of a semaphore. Releasing twice is harmless. */
    interface Reservation {
        /** Lets another reader have the semaphore. Where the process ends first, others find out by themselves. */
        void release();
    }
}
