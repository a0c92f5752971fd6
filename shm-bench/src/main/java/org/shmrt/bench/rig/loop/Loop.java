package org.shmrt.bench.rig.loop;

import org.HdrHistogram.Histogram;

/**
 * The work of one process of a scenario, in Java. Messages are sent in batches, so that the JIT compiler compiles whole
 * methods that return, not a loop that never ends.
 */
public interface Loop extends AutoCloseable {
    /** How long to wait for a message before the run fails. */
    long TIMEOUT_NS = 30_000_000_000L;

    /** Discards what other processes have sent since the previous run, and resets the counters. */
    void begin();

    /**
     * Sends messages and waits for the reply to each.
     *
     * @param first number of the first message
     * @param count how many
     * @param periodNs time from one message to the next, or 0 to send each after the reply to the previous one
     * @param roundTrips receives the times in ns
     * @throws IllegalStateException if no reply arrived in time
     */
    void initiate(long first, int count, long periodNs, Histogram roundTrips);

    /**
     * Waits for messages and replies to each.
     *
     * @param first number of the first message
     * @param count how many
     * @throws IllegalStateException if no message arrived in time
     */
    void echo(long first, int count);

    /** Compares what is compared only once, after the last message. */
    void finish(long last);

    /** Messages sent since {@link #begin()}. */
    long sent();

    /** Messages received since {@link #begin()}. */
    long received();

    /** Messages received out of order or with wrong content since {@link #begin()}. */
    long bad();

    @Override
    void close();
}
