package org.shmrt.demo;

/**
 * Counts received and skipped frames. Gaps in the frame numbers are skipped frames; those in the warm-up are counted
 * separately. For one thread, except that any thread may ask for the newest frame.
 */
final class FrameCounts {
    private final RunPlan plan;
    private volatile long newest = -1;
    private long received;
    private long skipped;
    private long warmUpSkipped;

    FrameCounts(RunPlan plan) {
        this.plan = plan;
    }

    /** Counts a frame and the skipped frames before it; true if the frame is after the warm-up. */
    boolean add(long frame) {
        skip(frame);
        newest = frame;
        boolean counted = plan.isCounted(frame);
        received += counted ? 1 : 0;
        return counted;
    }

    /** Counts the frames after the newest one as skipped, up to and including the last frame of the run. */
    void end(long lastFrame) {
        if (lastFrame > newest) {
            skip(lastFrame + 1);
            newest = lastFrame;
        }
    }

    /** Counts the frames between the newest one and this one. */
    private void skip(long frame) {
        long firstSkipped = newest + 1;
        long countedSkipped = Math.max(0, frame - Math.max(firstSkipped, plan.warmUpFrames()));
        skipped += countedSkipped;
        warmUpSkipped += Math.max(0, frame - firstSkipped - countedSkipped);
    }

    /** Number of the newest frame, -1 before the first. */
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
