package org.shmrt.camera.program;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.shmrt.camera.FrameTarget;
import org.shmrt.camera.file.ByteInput;
import org.shmrt.error.IncompatibleException;
import org.shmrt.stream.format.StreamClock;

/** The frames that a gst-launch process writes, with the times and numbers that it prints. */
final class GstSource extends ProgramSource {
    /** The description of a frame comes with its pixels; a frame without one has the time of its arrival. */
    private static final long DESCRIPTION_NS = 200_000_000L;

    /** After so many frames without a description there will be none. */
    private static final int MAX_MISSED = 3;

    private final GstMessages messages;
    private final GstCaps caps;
    private final PtsClock clock = new PtsClock();
    private final MemorySegment padded;
    private final byte[] firstByte = new byte[1];
    private FrameTarget current;
    private long frame;
    private long arrivalNs;
    private long id = -1;
    private int missed;

    GstSource(ChildProgram program, ByteInput in, GstMessages messages, GstCaps caps) {
        super(program, in, caps.frames());
        this.messages = messages;
        this.caps = caps;
        this.padded = caps.padding().isNone()
                ? MemorySegment.NULL
                : Arena.ofAuto().allocate(caps.padding().frameBytes(), 64);
    }

    @Override
    protected boolean begin(FrameTarget target) {
        if (in.peek(firstByte, 1) == 0) {
            return false;
        }
        current = target;
        arrivalNs = StreamClock.REALTIME.nowNs();
        return true;
    }

    @Override
    protected long fill(MemorySegment pixels) {
        if (caps.padding().isNone()) {
            return in.fill(pixels);
        }
        long found = in.fill(padded);
        if (found < padded.byteSize()) {
            return found / caps.padding().strideBytes() * caps.padding().rowBytes();
        }
        caps.padding().remove(padded, pixels);
        return pixels.byteSize();
    }

    @Override
    protected boolean finish() {
        if (!in.skip(caps.bytesAfter())) {
            return false;
        }
        long acquiredNs = arrivalNs;
        long next = id + 1;
        boolean isDescribed = messages.await(frame, missed < MAX_MISSED ? DESCRIPTION_NS : 0);
        missed = isDescribed ? 0 : missed + 1;
        if (isDescribed) {
            long bytes = messages.bytes(frame);
            if (bytes >= 0 && bytes != caps.pipeBytes()) {
                throw new IncompatibleException("gst-launch-1.0 wrote a frame of " + bytes + " bytes, but frames of "
                        + caps.frames() + " have " + caps.pipeBytes() + ": the size has changed");
            }
            long timeNs = messages.timeNs(frame);
            acquiredNs = timeNs < 0 ? arrivalNs : clock.acquiredNs(timeNs, arrivalNs);
            // a source that numbers its frames shows which were dropped
            next = Math.max(next, messages.offset(frame));
        }
        frame++;
        if (id >= 0) {
            lose(next - id - 1);
        }
        id = next;
        current.frameId(id);
        current.acquiredNs(acquiredNs);
        return true;
    }
}
