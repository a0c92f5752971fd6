package org.shmrt.bench.rig.loop;

import org.shmrt.stream.Verdict;

/** The result of a wait for a frame. */
final class FrameCheck {
    private FrameCheck() {}

    /**
     * Whether the frame is the one after the previous one.
     *
     * @throws IllegalStateException if there is no frame
     */
    static boolean isNext(Verdict verdict) {
        if (!verdict.hasFrame()) {
            throw new IllegalStateException("no message arrived: " + verdict);
        }
        return verdict == Verdict.FRESH;
    }
}
