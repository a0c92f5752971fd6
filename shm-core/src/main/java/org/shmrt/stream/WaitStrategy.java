package org.shmrt.stream;

import org.agrona.concurrent.IdleStrategy;

/**
 * How a reader waits for the next frame. In every strategy the frame counter decides whether there is a new frame; a
 * semaphore only wakes the reader. Immutable. It can be shared between readers unless its {@link IdleStrategy} cannot.
 *
 * <table>
 * <caption>Strategies</caption>
 * <tr><th>strategy</th><th>wakes</th><th>CPU use</th></tr>
 * <tr><td>{@link #spin()}</td><td>immediately</td><td>a whole core</td></tr>
 * <tr><td>{@link #idle(IdleStrategy)}</td><td>as the strategy idles</td><td>as the strategy idles</td></tr>
 * <tr><td>{@link #semaphore()}</td><td>after a system call and a wake-up by the scheduler</td><td>none</td></tr>
 * <tr><td>{@link #hybrid(long)}</td><td>immediately if it still polls</td><td>a core for that time</td></tr>
 * </table>
 *
 * <p>In a virtual thread, every strategy parks for a tenth of a millisecond between polls, because a spin or a sleep in
 * a native call would block the carrier thread for all other virtual threads. Use a platform thread for low latency.
 */
public final class WaitStrategy {
    /** Lets the reader choose a semaphore that no other ShmRT reader has reserved. */
    public static final int ANY_SEMAPHORE = -1;

    private static final WaitStrategy SPIN = new WaitStrategy("spin", null, false, ANY_SEMAPHORE, Long.MAX_VALUE);

    private final String alias;
    private final IdleStrategy idle;
    private final boolean sleeps;
    private final int semaphore;
    private final long spinNs;

    private WaitStrategy(String alias, IdleStrategy idle, boolean sleeps, int semaphore, long spinNs) {
        this.alias = alias;
        this.idle = idle;
        this.sleeps = sleeps;
        this.semaphore = semaphore;
        this.spinNs = spinNs;
    }

    /**
     * Polls the counter without pause: the lowest latency, for a reader with its own core.
     *
     * @return the strategy
     */
    public static WaitStrategy spin() {
        return SPIN;
    }

    /**
     * Polls the counter and idles between polls.
     *
     * @param idle Agrona's strategy; reset before each wait
     * @return the strategy
     */
    public static WaitStrategy idle(IdleStrategy idle) {
        return new WaitStrategy(idle.alias(), idle, false, ANY_SEMAPHORE, 0);
    }

    /**
     * Sleeps on a semaphore that no other reader of the stream has claimed.
     *
     * <p>If other readers have claimed all (a stream usually has ten), the reader polls the counter instead: it learns
     * the interval between frames, sleeps for half of it, then checks eight times per interval, with sleeps of 50 µs to
     * 1 ms. It finds a frame late by up to one such sleep. {@link FrameReader#semaphoreIndex()} is -1 then. In DAO's
     * layout version 2 the reader is refused instead.
     *
     * <p>If semaphores cannot be claimed at all, for example because the stream's file was removed, readers share
     * semaphore 0. A shared post wakes only one of them, so each also checks the counter that often.
     *
     * @return the strategy
     */
    public static WaitStrategy semaphore() {
        return semaphore(ANY_SEMAPHORE);
    }

    /**
     * Sleeps on one semaphore of the stream.
     *
     * @param index 0 to 9 in a usual stream, or {@link #ANY_SEMAPHORE}
     * @return the strategy
     */
    public static WaitStrategy semaphore(int index) {
        return new WaitStrategy("sem", null, true, index, 0);
    }

    /**
     * Polls the counter for a while, then sleeps on a semaphore that no other ShmRT reader has reserved.
     *
     * @param spinNs how long to poll before sleeping
     * @return the strategy
     */
    public static WaitStrategy hybrid(long spinNs) {
        return hybrid(spinNs, ANY_SEMAPHORE);
    }

    /**
     * Polls the counter for a while, then sleeps on one semaphore of the stream.
     *
     * @param spinNs how long to poll before sleeping
     * @param index 0 to 9 in a usual stream, or {@link #ANY_SEMAPHORE}
     * @return the strategy
     */
    public static WaitStrategy hybrid(long spinNs, int index) {
        if (spinNs < 0) {
            throw new IllegalArgumentException("cannot spin for " + spinNs + " ns: give 0 or more");
        }
        return new WaitStrategy("hybrid", null, true, index, spinNs);
    }

    /**
     * The name of the strategy on the command line.
     *
     * @return {@code spin}, {@code sem}, {@code hybrid} or the idle strategy's alias
     */
    public String alias() {
        return alias;
    }

    IdleStrategy idleStrategy() {
        return idle;
    }

    boolean sleepsOnSemaphore() {
        return sleeps;
    }

    int semaphoreIndex() {
        return semaphore;
    }

    long spinNs() {
        return spinNs;
    }
}
