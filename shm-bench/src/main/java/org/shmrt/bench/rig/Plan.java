package org.shmrt.bench.rig;

import java.util.List;

/**
 * How long to measure what.
 *
 * @param exchanges what is sent
 * @param pairs runs of each side, by turns
 * @param runNs how long a run takes about
 * @param warmupNs how long a side that needs it runs an exchange before the first run
 * @param leastCount messages in the shortest of all runs, those that find out how many a run shall have
 */
record Plan(List<Exchange> exchanges, int pairs, long runNs, long warmupNs, long leastCount) {
    /** A run may be this much longer than planned, on a machine that has much else to do. */
    private static final long PATIENCE_NS = 60_000_000_000L;

    /** How long a process may be silent. */
    long silenceNs() {
        return PATIENCE_NS + 10 * (runNs + warmupNs);
    }
}
