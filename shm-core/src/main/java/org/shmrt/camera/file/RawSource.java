package org.shmrt.camera.file;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.shmrt.camera.FrameFormat;
import org.shmrt.camera.FrameTarget;
import org.shmrt.image.input.RowPadding;

/** Raw frames, with or without bytes after each row. */
final class RawSource extends PipeSource {
    private final RowPadding padding;
    private final MemorySegment padded;
    private final byte[] firstByte = new byte[1];

    RawSource(ByteInput in, FrameFormat format, RowPadding padding) {
        super(in, format);
        this.padding = padding;
        this.padded = padding.isNone() ? MemorySegment.NULL : Arena.ofAuto().allocate(padding.frameBytes(), 64);
    }

    @Override
    protected boolean begin(FrameTarget target) {
        // waits for the first byte before the frame is claimed and its time is taken
        return in.peek(firstByte, 1) == 1;
    }

    @Override
    protected long fill(MemorySegment pixels) {
        if (padding.isNone()) {
            return in.fill(pixels);
        }
        long found = in.fill(padded);
        if (found < padded.byteSize()) {
            return found / padding.strideBytes() * padding.rowBytes();
        }
        padding.remove(padded, pixels);
        return pixels.byteSize();
    }
}
