package org.shmrt.bench.rig.loop;

/** One turn of a spinning wait that gives up some time. */
final class SpinTimeout {
    private static final int TURNS_PER_LOOK = 1 << 16;

    private SpinTimeout() {}

    /**
     * Pauses.
     *
     * @param turns turns so far
     * @return one more
     * @throws IllegalStateException if it has been too many
     */
    static long spin(long turns) {
        Thread.onSpinWait();
        // A turn takes 5 ns at least, so this gives up late, never early.
        if ((turns + 1) % TURNS_PER_LOOK == 0 && turns * 5 > Loop.TIMEOUT_NS) {
            throw new IllegalStateException("no message came, or none could be sent");
        }
        return turns + 1;
    }
}
