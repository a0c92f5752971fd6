package org.shmrt.stream.engine;

/**
 * Watches the write flag of a stream's newest slot while one reader waits, and distinguishes a writer that died in the
 * middle of a frame from one that is writing. Each reader has its own; no call allocates. Observations are kept from
 * one wait to the next, so short waits find a dead writer too.
 */
public final class StaleFlag {
    /** Interval of the checks whether the writer lives, once a flag has been up too long. */
    private static final long LIVE_CHECK_NS = 100_000_000L;

    private final MappedStream stream;
    private final SlotHeaders headers;
    private boolean up;
    private long upAtCount;
    private long upSinceNs;

    public StaleFlag(MappedStream stream, SlotHeaders headers) {
        this.stream = stream;
        this.headers = headers;
    }

    /** Checks once whether the flag has been up too long while no live writer is known. */
    public boolean isStale() {
        int newest = headers.newestSlotAcquire();
        if (headers.isFlagDownAcquire(newest)) {
            up = false;
            return false;
        }
        long count = headers.countAcquire(newest);
        long nowNs = System.nanoTime();
        if (!up || count != upAtCount) {
            up = true;
            upAtCount = count;
            upSinceNs = nowNs;
            return false;
        }
        if (nowNs - upSinceNs < stream.staleAfterNs()) {
            return false;
        }
        // Check again soon: a writer that is being killed holds its lock until the kernel has released it.
        upSinceNs = nowNs - stream.staleAfterNs() + LIVE_CHECK_NS;
        return !stream.hasLiveWriter();
    }
}
