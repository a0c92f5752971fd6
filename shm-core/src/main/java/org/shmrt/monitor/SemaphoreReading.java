package org.shmrt.monitor;

import java.util.Optional;

/**
 * A data semaphore of a stream at one moment.
 *
 * @param exists whether there is one with this index
 * @param value its value
 * @param waiters threads that sleep on it
 * @param reader process that claimed it, if it is known from a lock or a table of the format
 * @param writer process that posted it last, if the format stores one
 */
public record SemaphoreReading(
        boolean exists, int value, int waiters, Optional<ProcessRef> reader, Optional<ProcessRef> writer) {
    static final SemaphoreReading MISSING = new SemaphoreReading(false, 0, 0, Optional.empty(), Optional.empty());

    /** The same semaphore with the reader that holds the lock on it, unless the format's table names one. */
    SemaphoreReading claimedBy(ProcessRef holder) {
        return exists && reader.isEmpty()
                ? new SemaphoreReading(true, value, waiters, Optional.of(holder), writer)
                : this;
    }
}
