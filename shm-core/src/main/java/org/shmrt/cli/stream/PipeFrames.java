package org.shmrt.cli.stream;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.MemorySegment;
import org.shmrt.cli.frame.FrameMemory;
import org.shmrt.error.ShmException;
import org.shmrt.image.RawFile;
import org.shmrt.image.input.RowPadding;

/** Raw frames that arrive through a pipe or from a file that is read once. */
class PipeFrames extends FrameSource {
    private static final int BUFFER_BYTES = 1 << 16;

    private final RowPadding padding;
    private final MemorySegment padded;
    private final MemorySegment frame;
    private InputStream in;

    PipeFrames(InputStream in, RowPadding padding) {
        this.padding = padding;
        this.in = buffered(in);
        this.padded = FrameMemory.allocate(padding.frameBytes(), 1);
        this.frame = padding.isNone() ? padded : FrameMemory.allocate(padding.rows() * padding.rowBytes(), 1);
    }

    private InputStream buffered(InputStream plain) {
        return padding.frameBytes() < BUFFER_BYTES ? new BufferedInputStream(plain, BUFFER_BYTES) : plain;
    }

    /** Continues with another input. */
    final void restart(InputStream next) {
        close();
        in = buffered(next);
    }

    @Override
    boolean next() {
        boolean found = RawFile.read(in, padded);
        if (found && !padding.isNone()) {
            padding.remove(padded, frame);
        }
        return found;
    }

    @Override
    final MemorySegment frame() {
        return frame;
    }

    @Override
    public final void close() {
        try {
            in.close();
        } catch (IOException e) {
            throw new ShmException("cannot close the input: " + e.getMessage(), e);
        }
    }
}
