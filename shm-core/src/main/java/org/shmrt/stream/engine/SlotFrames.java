package org.shmrt.stream.engine;

import java.lang.foreign.MemorySegment;
import org.shmrt.stream.format.StreamLayout;

/** The frames of a stream's slots as segments, created once each so that hot calls allocate nothing. */
public final class SlotFrames {
    /** Only malformed files have more slots. Creating all their segments at opening would exhaust memory. */
    private static final int EAGER_SLOTS = 1024;

    private final MemorySegment file;
    private final StreamLayout layout;
    private final MemorySegment[] frames;

    public SlotFrames(MemorySegment file, StreamLayout layout) {
        this.file = file;
        this.layout = layout;
        this.frames = new MemorySegment[Math.min(layout.depth(), EAGER_SLOTS)];
        for (int slot = 0; slot < frames.length; slot++) {
            frames[slot] = slice(slot);
        }
    }

    public MemorySegment of(int slot) {
        return slot < frames.length ? frames[slot] : slice(slot);
    }

    private MemorySegment slice(int slot) {
        return file.asSlice(layout.frameOffset(slot), layout.frameBytes());
    }
}
