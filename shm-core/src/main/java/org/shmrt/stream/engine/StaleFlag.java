package org.shmrt.stream.engine;

import org.shmrt.stream.ImageStream;

/**
 * Watches the write flag of a stream's newest slot while one reader waits: tells a writer that died in the middle of
 * a frame from one that is writing. One for each reader, used by its thread; no call allocates. What was seen in one
 * wait counts in the next, so short waits find a dead writer too.
 */
public final class StaleFlag {
    /** How often, once a flag has been up too long, it is asked whether its writer lives. */
    private static final long LIVE_CHECK_NS = 100_000_000L;

    private final ImageStream stream;
    private final SlotHeaders headers;
    private boolean up;
    private long upAtCount;
    private long upSinceNs;

    public StaleFlag(ImageStream stream, SlotHeaders headers) {
        this.stream = stream;
        this.headers = headers;
    }

    /** Looks once more: whether the flag has been up too long, and belongs to nobody that is known to live. */
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
        // Again soon: a writer that is just being killed holds its lock until the kernel has taken it apart.
        upSinceNs = nowNs - stream.staleAfterNs() + LIVE_CHECK_NS;
        return !stream.hasLiveWriter();
    }
}
