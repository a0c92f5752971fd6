package org.shmrt.math;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Frames for warming up. */
final class SlopeFrames {
    private SlopeFrames() {}

    /** A frame with light in each subaperture. */
    static MemorySegment synthetic(SubapertureGrid grid) {
        int pixels = grid.width() * grid.height();
        MemorySegment frame = Arena.ofAuto().allocate(2L * pixels, 64);
        for (int i = 0; i < pixels; i++) {
            frame.setAtIndex(ValueLayout.JAVA_SHORT, i, (short) (100 + i % 77));
        }
        return frame;
    }
}
