package org.shmrt.cli.stream;

import java.lang.foreign.MemorySegment;
import org.shmrt.cli.frame.FrameMemory;
import org.shmrt.image.pixel.Reorder;
import org.shmrt.memory.Shape;

/** The frames of another source with their last two axes swapped. */
final class TransposedFrames extends FrameSource {
    private final FrameSource source;
    private final Shape shape;
    private final int itemBytes;
    private final MemorySegment frame;

    /** Takes ownership of a source of frames of a shape. */
    TransposedFrames(FrameSource source, Shape shape, int itemBytes) {
        this.source = source;
        this.shape = shape;
        this.itemBytes = itemBytes;
        this.frame = FrameMemory.allocate(shape.elementCount() * itemBytes, 1);
    }

    @Override
    boolean next() {
        if (!source.next()) {
            return false;
        }
        Reorder.swapLastAxes(source.frame(), frame, shape, itemBytes);
        return true;
    }

    @Override
    MemorySegment frame() {
        return frame;
    }

    @Override
    public void close() {
        source.close();
    }
}
