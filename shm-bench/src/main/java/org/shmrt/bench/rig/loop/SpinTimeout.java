package org.shmrt.bench.rig.loop;

/** One iteration of a spinning wait with a time limit. */
final class SpinTimeout {
    private static final int SPINS_PER_CHECK = 1 << 16;
    /** A lower bound: the wait can end late, but never early. */
    private static final int MIN_SPIN_NS = 5;

    private SpinTimeout() {}

    /**
     * Pauses.
     *
     * @param spins iterations so far
     * @return one more
     * @throws IllegalStateException if the time limit has passed
     */
    static long spin(long spins) {
        Thread.onSpinWait();
        if ((spins + 1) % SPINS_PER_CHECK == 0 && spins * MIN_SPIN_NS > Loop.TIMEOUT_NS) {
            throw new IllegalStateException("no message arrived, or none could be sent");
        }
        return spins + 1;
    }
}
