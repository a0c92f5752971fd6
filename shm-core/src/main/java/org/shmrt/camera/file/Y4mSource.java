package org.shmrt.camera.file;

import java.lang.foreign.MemorySegment;
import org.shmrt.camera.FrameFormat;
import org.shmrt.camera.FrameTarget;
import org.shmrt.image.input.Y4mHeader;

/** The luma planes of a YUV4MPEG2 video. */
final class Y4mSource extends PipeSource {
    private static final String FRAME = "FRAME";

    private final long chromaBytes;
    private final String remark;

    private Y4mSource(ByteInput in, Y4mHeader header) {
        super(
                in,
                new FrameFormat(
                        header.type(), header.shape(), FrameFormat.Pixels.MONO, header.bits(), header.rateHz()));
        this.chromaBytes = header.chromaBytes();
        this.remark = header.remark(in.name());
    }

    /** Reads the header of a video; its first bytes are known. */
    static Y4mSource open(ByteInput in) {
        String line = in.line(Y4mHeader.MAX_LINE_BYTES)
                .orElseThrow(() -> Y4mHeader.damaged(in.name(), "a header in it does not end"));
        return new Y4mSource(in, Y4mHeader.parse(line, in.name()));
    }

    @Override
    protected boolean begin(FrameTarget target) {
        int next = in.read();
        if (next < 0) {
            return false;
        }
        for (int i = 0; i < FRAME.length(); i++) {
            if (next != FRAME.charAt(i)) {
                throw Y4mHeader.damaged(in.name(), "a frame in it does not start with FRAME");
            }
            next = in.read();
        }
        // parameters of the frame
        for (int count = 0; next != '\n'; count++) {
            if (next < 0 || count > Y4mHeader.MAX_LINE_BYTES) {
                throw Y4mHeader.damaged(in.name(), "a header in it does not end");
            }
            next = in.read();
        }
        return true;
    }

    @Override
    protected long fill(MemorySegment pixels) {
        return in.fill(pixels);
    }

    @Override
    protected boolean finish() {
        return in.skip(chromaBytes);
    }

    @Override
    public String remark() {
        return remark;
    }
}
