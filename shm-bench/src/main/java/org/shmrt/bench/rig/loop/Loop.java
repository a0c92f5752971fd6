package org.shmrt.bench.rig.loop;

import org.HdrHistogram.Histogram;

/**
 * One end of an exchange in Java. Messages are sent in batches, so that the compiler meets a method it can
 * compile whole and not a loop that never returns.
 */
public interface Loop extends AutoCloseable {
    /** How long to wait for a message before the run counts as failed. */
    long TIMEOUT_NS = 5_000_000_000L;

    /** Forgets what other processes have sent since the last run. */
    void begin();

    /**
     * Sends a message and waits for the answer, as often as told.
     *
     * @param first number of the first message
     * @param count how many
     * @param periodNs time from one message to the next, or 0 to send each as soon as the last is answered
     * @param roundTrips takes the times, ns
     */
    void initiate(long first, int count, long periodNs, Histogram roundTrips);

    /**
     * Waits for a message and answers it, as often as told.
     *
     * @param first number of the first message
     * @param count how many
     */
    void echo(long first, int count);

    /** Compares what can be compared only once, after the last message. */
    void finish(long last);

    /** Messages that went out since {@link #begin()}. */
    long sent();

    /** Messages that came in since {@link #begin()}. */
    long received();

    /** Messages that came out of order or with a wrong content since {@link #begin()}. */
    long bad();

    @Override
    void close();
}
