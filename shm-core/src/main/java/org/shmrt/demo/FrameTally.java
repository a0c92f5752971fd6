package org.shmrt.demo;

/**
 * Counts frames received and frames missed, by the gaps in their numbers, apart from those of the warm-up. For one
 * thread.
 */
final class FrameTally {
    private final RunPlan plan;
    private long newest = -1;
    private long received;
    private long skipped;
    private long warmUpSkipped;

    FrameTally(RunPlan plan) {
        this.plan = plan;
    }

    /** Counts a frame and those missing before it; true if it is past the warm-up. */
    boolean take(long frame) {
        long firstMissed = newest + 1;
        long countedMissed = Math.max(0, frame - Math.max(firstMissed, plan.warmUpFrames()));
        skipped += countedMissed;
        warmUpSkipped += Math.max(0, frame - firstMissed - countedMissed);
        newest = frame;
        boolean counted = plan.isCounted(frame);
        received += counted ? 1 : 0;
        return counted;
    }

    /** Number of the newest frame taken, -1 before the first. */
    long newest() {
        return newest;
    }

    long received() {
        return received;
    }

    long skipped() {
        return skipped;
    }

    long warmUpSkipped() {
        return warmUpSkipped;
    }
}
