package org.shmrt.stream;

/**
 * A write flag that is up, watched over time: tells a writer that died in the middle of a frame from one that is
 * writing. Made only while a reader has to wait for a flag.
 */
final class StaleFlag {
    private final ImageStream stream;
    private final long atCount;
    private long sinceNs = System.nanoTime();

    private StaleFlag(ImageStream stream, long atCount) {
        this.stream = stream;
        this.atCount = atCount;
    }

    /** The flag's history after another look at it; null while it is down. */
    static StaleFlag watch(StaleFlag before, ImageStream stream, SlotHeaders headers) {
        int newest = headers.newestSlotAcquire();
        if (headers.isFlagDownAcquire(newest)) {
            return null;
        }
        long count = headers.countAcquire(newest);
        return before != null && before.atCount == count ? before : new StaleFlag(stream, count);
    }

    /** Whether the flag has been up too long, and belongs to nobody that is known to live. */
    boolean isStale() {
        long nowNs = System.nanoTime();
        if (nowNs - sinceNs < stream.staleAfterNs()) {
            return false;
        }
        sinceNs = nowNs;
        return !stream.hasLiveWriter();
    }
}
