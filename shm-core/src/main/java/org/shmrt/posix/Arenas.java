package org.shmrt.posix;

import java.lang.foreign.Arena;
import java.util.concurrent.locks.LockSupport;

/**
 * Closes shared arenas whose memory another thread may be using in a native call. Those calls take some tens of
 * milliseconds at most, so closing waits for them.
 */
public final class Arenas {
    private static final long RETRY_NS = 200_000L;
    private static final long TIMEOUT_NS = 5_000_000_000L;

    private Arenas() {}

    /**
     * Closes an arena. Closing twice is harmless.
     *
     * @param arena a shared arena
     */
    public static void close(Arena arena) {
        long startNs = System.nanoTime();
        while (arena.scope().isAlive()) {
            try {
                arena.close();
            } catch (IllegalStateException e) {
                if (arena.scope().isAlive() && System.nanoTime() - startNs > TIMEOUT_NS) {
                    throw e;
                }
                LockSupport.parkNanos(RETRY_NS);
            }
        }
    }
}
