package org.shmrt.camera.aravis;

/**
 * Continuous numbers from the ids of a camera. Those of GigE Vision have 16 bits, wrap to 1 and are never 0, if the camera
 * does not use the extended ones of 64 bits. For one thread.
 */
final class FrameIds {
    /** What {@link #take} returns for a frame that came too late, or whose id is not known. */
    static final long COUNTED = -1;

    private static final long MAX_SHORT = 0xffff;
    /** An id that is smaller by more than this belongs to a camera that has begun to count again, or has wrapped. */
    private static final long MAX_LATE = 16;

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
     * @return the number of frames that were left out before it. {@link #COUNTED} if it is one of those that were left
     *     out before a later one, or if its id is not known, because the packet with the id was lost: the next frame
     *     counts it as left out
     */
    long take(long id) {
        if (wraps && id == 0) {
            return COUNTED;
        }
        if (!hasPrevious) {
            hasPrevious = true;
            previous = id;
            number = id;
            return 0;
        }
        long step = id - previous;
        boolean isShort = wraps && previous <= MAX_SHORT && id <= MAX_SHORT;
        boolean isLateAcrossWrap = isShort && isLate(step - MAX_SHORT);
        if (isLate(step) || isLateAcrossWrap) {
            return COUNTED;
        }
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

    private static boolean isLate(long step) {
        return step <= 0 && step >= -MAX_LATE;
    }

    /** The continuous number of the newest frame that was taken. */
    long number() {
        return number;
    }
}
