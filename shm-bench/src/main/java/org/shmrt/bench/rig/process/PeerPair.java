package org.shmrt.bench.rig.process;

/** The processes of one scenario. They run it repeatedly. */
public interface PeerPair extends AutoCloseable {
    /** Whether the processes get faster while they run, because the JIT compiler is at work. */
    boolean needsWarmup();

    /**
     * Performs one run. A failure is part of the result.
     *
     * @param warmup messages sent before the measured ones
     * @param count measured messages
     * @param periodNs time from one message to the next, or 0 to send each after the reply to the previous one
     */
    Run run(long warmup, long count, long periodNs);

    @Override
    void close();
}
