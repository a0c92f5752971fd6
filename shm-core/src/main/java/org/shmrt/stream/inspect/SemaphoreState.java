package org.shmrt.stream.inspect;

/**
 * The state of one semaphore of a stream, read without using it. Immutable.
 *
 * @param value its value
 * @param waiters number of threads that sleep on it
 * @param valid whether its words are those of a semaphore; ShmRT does not use an invalid one
 * @param readerPid process that claimed it for its waits, 0 if none is known
 * @param writerPid process that posted it last, 0 if none is known
 * @param claimed whether a reader holds the lock that claims it; its process may be unknown
 */
public record SemaphoreState(int value, int waiters, boolean valid, int readerPid, int writerPid, boolean claimed) {
    /** The same semaphore, claimed by a process; 0 if that is unknown. */
    SemaphoreState claimedBy(long pid) {
        return new SemaphoreState(value, waiters, valid, readerPid != 0 ? readerPid : (int) pid, writerPid, true);
    }
}
