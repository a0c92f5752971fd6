package org.shmrt.camera.sim;

import java.lang.foreign.MemorySegment;

/** The frames of a simulated camera. For one thread. Drawing does not allocate. */
interface Pictures {
    /** Draws a frame, which depends only on its number. */
    void draw(long frame, MemorySegment pixels);
}
