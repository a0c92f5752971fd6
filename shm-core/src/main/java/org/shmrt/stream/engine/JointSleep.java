package org.shmrt.stream.engine;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.shmrt.posix.Faults;
import org.shmrt.posix.FutexSemaphore;
import org.shmrt.posix.Semaphore;

/**
 * The sleep of one thread on the semaphores of several streams: one call of futex_waitv, where the kernel has it and
 * there are not too many, else short sleeps on each of them in turn. After each call the numbers of waiters are as
 * before, whatever ended it. For one thread; no call allocates, except each sleep of the second kind, at most 64 bytes.
 */
public final class JointSleep {
    /** The most semaphores of one call of futex_waitv. A sleep on more alternates. */
    public static final int MAX_TOGETHER = FutexSemaphore.MAX_ENTRIES;

    /**
     * Longest sleep on one semaphore while others may be posted, for each {@link #MAX_TOGETHER} semaphores or part of
     * them. All values are checked after each sleep, so it is also the longest delay of a wake-up, and the share of
     * processor time for the checks does not grow with their number.
     */
    private static final long TURN_NS = 200_000L;

    private final Semaphore[] semaphores;
    private final MemorySegment entries;
    private int size;
    private int turn;
    private volatile boolean alternating = !FutexSemaphore.hasSleepOnAny();

    /**
     * Prepares to sleep.
     *
     * @param most the number of semaphores that can be added
     */
    public JointSleep(int most) {
        semaphores = new Semaphore[most];
        entries = Arena.ofAuto().allocate((long) Math.min(most, MAX_TOGETHER) * FutexSemaphore.ENTRY_BYTES, Long.BYTES);
    }

    /** Whether all sleeps are short and alternate, because the kernel has no futex_waitv or forbids it. */
    public boolean isAlternating() {
        return alternating;
    }

    /** Sleeps on one semaphore after the other from now on, also where the kernel has futex_waitv. */
    public void alternate() {
        alternating = true;
    }

    /** Removes all semaphores. */
    public void clear() {
        size = 0;
    }

    /** Whether there is no semaphore to sleep on. */
    public boolean isEmpty() {
        return size == 0;
    }

    /** Adds a semaphore to the next sleep. */
    public void add(Semaphore semaphore) {
        semaphores[size++] = semaphore;
    }

    /**
     * Consumes at least one token of each semaphore that has one, and sleeps until one of them has. A signal may end the
     * sleep early.
     *
     * @param timeoutNs the longest sleep in nanoseconds, measured on the monotonic clock
     * @return whether a token was consumed
     * @throws InternalError if a file was truncated
     */
    public boolean acquireSome(long timeoutNs) {
        if (size == 1) {
            return semaphores[0].acquireSome(timeoutNs);
        }
        if (takeAll()) {
            return true;
        }
        return (alternating || size > MAX_TOGETHER) ? acquireInTurn(timeoutNs) : acquireTogether(timeoutNs);
    }

    private boolean takeAll() {
        boolean any = false;
        for (int i = 0; i < size; i++) {
            any |= semaphores[i].tryAcquireSome();
        }
        return any;
    }

    private boolean acquireTogether(long timeoutNs) {
        long startNs = System.nanoTime();
        int registered = 0;
        try {
            while (registered < size && semaphores[registered].register(entries, registered)) {
                registered++;
            }
            if (registered < size) {
                return false; // its stream is being closed, or was truncated: the caller's next access reports it
            }
            boolean woken = FutexSemaphore.sleepOnAny(entries, size, timeoutNs);
            if (takeAll()) {
                return true;
            }
            if (woken) {
                return false; // another reader was faster
            }
        } finally {
            unregister(registered);
        }
        long leftNs = timeoutNs - (System.nanoTime() - startNs);
        if (leftNs <= 0) {
            return false;
        }
        // A signal, or a call that the kernel refuses from now on.
        alternating = !FutexSemaphore.hasSleepOnAny();
        return acquireInTurn(Math.min(leftNs, TURN_NS));
    }

    /** Restores all numbers of waiters, also if the file of one semaphore was truncated. */
    private void unregister(int registered) {
        InternalError fault = null;
        for (int i = 0; i < registered; i++) {
            try {
                semaphores[i].unregister();
                Faults.poll();
            } catch (InternalError e) {
                fault = e;
            } catch (IllegalStateException e) {
                // The stream was closed in spite of this sleep, and its memory unmapped.
            }
        }
        if (fault != null) {
            throw fault;
        }
    }

    private boolean acquireInTurn(long timeoutNs) {
        long startNs = System.nanoTime();
        long turnNs = TURN_NS * ((size - 1) / MAX_TOGETHER + 1);
        for (long leftNs = timeoutNs; leftNs > 0; leftNs = timeoutNs - (System.nanoTime() - startNs)) {
            turn = turn + 1 < size ? turn + 1 : 0;
            boolean token = semaphores[turn].acquireSome(Math.min(leftNs, turnNs));
            if (takeAll() || token) {
                return true;
            }
        }
        return false;
    }
}
