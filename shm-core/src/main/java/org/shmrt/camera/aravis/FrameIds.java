package org.shmrt.camera.aravis;

/**
 * Continuous numbers from the ids of a camera. Those of GigE Vision have 16 bits, wrap to 1 and are never 0, if the camera
 * does not use the extended ones of 64 bits. For one thread.
 */
final class FrameIds {
    private static final long MAX_SHORT = 0xffff;

    private final boolean wraps;
    private boolean hasPrevious;
    private long previous;
    private long number;

    /** @param isGige whether the ids may have 16 bits */
    FrameIds(boolean isGige) {
        this.wraps = isGige;
    }

    /**
     * Takes the id of the next frame.
     *
     * @return the number of frames that were left out before it
     */
    long take(long id) {
        if (!hasPrevious) {
            hasPrevious = true;
            previous = id;
            number = id;
            return 0;
        }
        long step = id - previous;
        if (step < 0 && wraps && previous <= MAX_SHORT) {
            step += MAX_SHORT;
        }
        previous = id;
        if (step < 1) {
            number++; // the camera has begun to count again: nothing is known about the frames in between
            return 0;
        }
        number += step;
        return step - 1;
    }

    /** The continuous number of the frame taken last. */
    long number() {
        return number;
    }
}
