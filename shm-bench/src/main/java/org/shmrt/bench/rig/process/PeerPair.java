package org.shmrt.bench.rig.process;

import org.shmrt.bench.rig.report.Run;

/** Runs one exchange between two processes of its own. */
public interface PeerPair extends AutoCloseable {
    /** Whether an exchange gets faster while it runs, as compiled code takes over. */
    boolean needsWarmup();

    /**
     * One run.
     *
     * @param warmup messages sent before measuring
     * @param count messages measured
     * @param periodNs time from one message to the next, or 0 to send each as soon as the last is answered
     */
    Run run(long warmup, long count, long periodNs);

    @Override
    void close();
}
