package org.shmrt.cli.frame;

import java.lang.foreign.MemorySegment;
import org.shmrt.memory.MemoryImage;
import org.shmrt.memory.Shape;
import org.shmrt.stream.FrameHistory;
import org.shmrt.stream.ImageStream;

/** Copies of the newest frames of a stream, oldest first. */
public final class HistoryFrames {
    private final ImageStream stream;
    private final FrameHistory history;
    private final MemorySegment frames;
    private final Shape frameShape;

    HistoryFrames(ImageStream stream, FrameHistory history, MemorySegment target) {
        this.stream = stream;
        this.history = history;
        this.frames = target.asSlice(0, history.length() * history.frameBytes());
        // The history of a rolling cube consists of slices: the first axis of the cube is their number.
        boolean isCube = history.frameBytes() != stream.layout().frameBytes();
        this.frameShape =
                isCube ? Shape.of(stream.shape().length(1), stream.shape().length(2)) : stream.shape();
    }

    /** Number of frames. */
    public int length() {
        return history.length();
    }

    /** Counter of a frame. */
    public long count(int index) {
        return history.count(index);
    }

    /** Acquisition time of a frame, on the stream's clock. */
    public long acquiredNs(int index) {
        return history.acquiredNs(index);
    }

    /** Shape of each frame. */
    public Shape frameShape() {
        return frameShape;
    }

    /** The bytes of all frames, back to back. */
    public MemorySegment bytes() {
        return frames;
    }

    /** The bytes of a frame. */
    public MemorySegment bytes(int index) {
        return frames.asSlice(index * history.frameBytes(), history.frameBytes());
    }

    /** A frame as an image. */
    public MemoryImage frame(int index) {
        return new MemoryImage(stream.type(), frameShape, bytes(index));
    }

    /** The shape of several frames that are stacked along a new first axis. */
    public static Shape stacked(int frames, Shape frame) {
        long[] lengths = new long[frame.rank() + 1];
        lengths[0] = frames;
        System.arraycopy(frame.lengths(), 0, lengths, 1, frame.rank());
        return Shape.of(lengths);
    }
}
