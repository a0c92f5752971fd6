package org.shmrt.posix;

import java.lang.foreign.Arena;
import java.util.concurrent.locks.LockSupport;

/**
 * Closing a shared arena whose memory another thread is using in a native call right now. Those calls last
 * for some tens of milliseconds at most, so closing waits for them.
 */
public final class Arenas {
    private static final long RETRY_NS = 200_000L;
    private static final long GIVE_UP_NS = 5_000_000_000L;

    private Arenas() {}

    /**
     * Closes an arena; closing twice is harmless.
     *
     * @param arena a shared arena
     */
    public static void close(Arena arena) {
        long startNs = System.nanoTime();
        while (arena.scope().isAlive()) {
            try {
                arena.close();
            } catch (IllegalStateException e) {
                if (arena.scope().isAlive() && System.nanoTime() - startNs > GIVE_UP_NS) {
                    throw e;
                }
                LockSupport.parkNanos(RETRY_NS);
            }
        }
    }
}
