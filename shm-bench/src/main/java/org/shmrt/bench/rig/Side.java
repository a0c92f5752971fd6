package org.shmrt.bench.rig;

/** One of the languages compared: runs exchanges between two processes of its own. */
interface Side extends AutoCloseable {
    /** For tables. */
    String name();

    /** Whether an exchange gets faster while it runs, as compiled code takes over. */
    boolean needsWarmup();

    /**
     * One run.
     *
     * @param warmup messages sent before measuring
     * @param count messages measured
     */
    Run run(Exchange exchange, long warmup, long count);

    @Override
    void close();
}
