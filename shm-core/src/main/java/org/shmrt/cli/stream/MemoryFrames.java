package org.shmrt.cli.stream;

import java.lang.foreign.MemorySegment;

/** Frames in memory, back to back. */
final class MemoryFrames extends FrameSource {
    private final MemorySegment all;
    private final long frameBytes;
    private final InputForm.AtEnd atEnd;
    private long nextOffset;
    private MemorySegment frame;

    MemoryFrames(MemorySegment all, long frameBytes, InputForm.AtEnd atEnd) {
        this.all = all;
        this.frameBytes = frameBytes;
        this.atEnd = atEnd;
    }

    @Override
    boolean next() {
        if (nextOffset == all.byteSize()) {
            if (atEnd == InputForm.AtEnd.STOP || all.byteSize() == 0) {
                return false;
            }
            nextOffset = 0;
        }
        frame = all.asSlice(nextOffset, frameBytes);
        nextOffset += frameBytes;
        return true;
    }

    @Override
    MemorySegment frame() {
        return frame;
    }

    @Override
    public void close() {
        // the garbage collector frees the memory
    }
}
