package org.shmrt.testing;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.concurrent.locks.LockSupport;

/** What code allocates once the JIT compiler has compiled it, which a busy machine does late. */
public final class Allocation {
    private static final int MAX_ROUNDS = 200;
    /** For the compiler, before the next round. */
    private static final long PAUSE_NS = 20_000_000L;

    private Allocation() {}

    /**
     * Runs code again and again until it allocates little.
     *
     * @param enoughBytes ends as soon as a round allocates less
     * @return the least that a round allocated on this thread, bytes
     */
    public static long leastBytes(long enoughBytes, Runnable round) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long least = Long.MAX_VALUE;
        for (int i = 0; i < MAX_ROUNDS && least >= enoughBytes; i++) {
            if (i > 0) {
                LockSupport.parkNanos(PAUSE_NS);
            }
            long before = threads.getCurrentThreadAllocatedBytes();
            round.run();
            least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
        }
        return least;
    }
}
