package org.shmrt.camera.file;

import java.lang.foreign.MemorySegment;
import org.shmrt.camera.FrameFormat;
import org.shmrt.camera.FrameSource;
import org.shmrt.camera.FrameTarget;
import org.shmrt.error.ClosedException;
import org.shmrt.error.IncompatibleException;

/** Frames one after the other in a pipe or file. Subclasses know what is before, in and after each frame. */
public abstract class PipeSource implements FrameSource {
    protected final ByteInput in;
    private final FrameFormat format;
    private volatile long lost;
    private volatile long damaged;
    private volatile boolean ended;

    /** Takes ownership of the input. */
    protected PipeSource(ByteInput in, FrameFormat format) {
        this.in = in;
        this.format = format;
    }

    /** Whether there is a further frame; reads what is before it. */
    protected abstract boolean begin(FrameTarget target);

    /** Reads a frame; returns the number of bytes read of it, fewer than the frame if the input has ended in it. */
    protected abstract long fill(MemorySegment pixels);

    /** Reads what follows a frame; false if the input has ended in it. */
    protected boolean finish() {
        return true;
    }

    /** Called when the input has ended; throws if the end was not expected. */
    protected void checkEnd() {
        // a pipe ends when its writer closes it
    }

    @Override
    public final FrameFormat format() {
        return format;
    }

    @Override
    public final Arrival read(FrameTarget target, long timeoutNs) {
        if (ended) {
            return Arrival.ENDED;
        }
        try {
            if (!begin(target)) {
                boolean wasClosed = ended;
                ended = true;
                if (!wasClosed) {
                    checkEnd();
                }
                return Arrival.ENDED;
            }
            long found = fill(target.pixels());
            if (found < format.frameBytes() || !finish()) {
                if (ended) {
                    return Arrival.ENDED; // stopped in the middle of a frame, which is no loss
                }
                loseDamaged();
                ended = true;
                checkEnd();
                throw new IncompatibleException(in.name() + " ended inside a frame, after " + found + " of "
                        + format.frameBytes() + " bytes (" + format + "): check shape and type, and whether its"
                        + " writer was stopped");
            }
            return Arrival.FRAME;
        } catch (ClosedException e) {
            if (!ended) {
                throw e;
            }
            return Arrival.ENDED;
        }
    }

    /** Counts frames that were sent and did not arrive. For the thread that reads. */
    @SuppressWarnings("NonAtomicVolatileUpdate") // one thread writes
    protected final void lose(long frames) {
        lost += frames;
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // one thread writes
    private void loseDamaged() {
        lost++;
        damaged++;
    }

    /** From now on, the end of the input is what was asked for. */
    protected final void end() {
        ended = true;
    }

    @Override
    public long lost() {
        return lost;
    }

    @Override
    public long damaged() {
        return damaged;
    }

    @Override
    public void close() {
        ended = true;
        in.close();
    }
}
