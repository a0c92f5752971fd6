package org.shmrt.monitor;

import org.shmrt.posix.LockTable;
import org.shmrt.stream.engine.ClaimHolders;

/** Reads one object again and again. All calls come from one thread. */
abstract class Probe implements AutoCloseable {
    /**
     * What all probes share in one pass.
     *
     * @param locks who writes which stream
     * @param claims who claimed which semaphores
     * @param names the names of processes
     * @param users who has which file mapped
     */
    record Surroundings(LockTable locks, ClaimHolders claims, ProcessNames names, FileUsers users) {}

    /** The part that may be read often: counts. */
    abstract void poll(long nowNs);

    /** The part that is read once a second: whether the object is still the same, and what costs more. */
    abstract void refresh(Surroundings surroundings, long nowNs);

    /** Whether there is an object to show. */
    boolean isListed() {
        return true;
    }

    /** What it showed the last time, if it is listed. */
    abstract Reading reading(Surroundings surroundings, long nowNs);

    /** Reads a frame for the jitter, if that makes sense at this rate. */
    void burst() {}

    /** Frames per second, 0 if bursts would show nothing new. */
    double burstRateHz(@SuppressWarnings("unused") long nowNs) {
        return 0;
    }

    @Override
    public void close() {}
}
