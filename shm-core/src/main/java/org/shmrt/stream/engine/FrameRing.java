package org.shmrt.stream.engine;

import java.lang.foreign.MemorySegment;
import org.shmrt.stream.format.CircularLayout;
import org.shmrt.stream.format.StreamLayout;

/**
 * The frames that a new stream keeps: the slots of its ring or of its circular buffer. Only for a stream that no other
 * process can see yet.
 */
public final class FrameRing {
    private static final int CHUNK_BYTES = 1 << 16;

    private final MemorySegment frames;
    private final long frameBytes;
    private final int size;
    private final int firstSlot;

    private FrameRing(MemorySegment frames, long frameBytes, int size, int firstSlot) {
        this.frames = frames;
        this.frameBytes = frameBytes;
        this.size = size;
        this.firstSlot = firstSlot;
    }

    /** The ring of a stream, or null for one that keeps a single frame. */
    public static FrameRing of(MappedStream stream) {
        StreamLayout layout = stream.layout();
        CircularLayout circular = layout.circular();
        int size = circular != null ? circular.size() : layout.depth();
        if (circular == null && size == 1) {
            return null;
        }
        long offset = circular != null ? circular.dataOffset() : layout.frameOffset(0);
        return new FrameRing(
                stream.segment().asSlice(offset, size * layout.frameBytes()),
                layout.frameBytes(),
                size,
                circular != null ? circular.firstSlot() : 0);
    }

    public int size() {
        return size;
    }

    /** All frames, without gaps. */
    public MemorySegment frames() {
        return frames;
    }

    public MemorySegment frame(int slot) {
        return frames.asSlice(slot * frameBytes, frameBytes);
    }

    public void put(int slot, MemorySegment frame) {
        frame(slot).copyFrom(frame);
    }

    public void clear() {
        frames.fill((byte) 0);
    }

    /**
     * Rotates the frames in the first slots to the slots they would have if all frames had been written in sequence.
     *
     * @param length number of frames, oldest first
     * @param count counter of the newest
     * @return the slot of the newest
     */
    public int rotate(int length, long count) {
        int newest = (int) Long.remainderUnsigned(count + firstSlot + size - 1, size);
        int by = Math.floorMod(newest - (length - 1), size);
        if (by != 0) {
            byte[] mine = new byte[(int) Math.min(frameBytes, CHUNK_BYTES)];
            byte[] other = new byte[mine.length];
            reverse(0, size - 1, mine, other);
            reverse(0, by - 1, mine, other);
            reverse(by, size - 1, mine, other);
        }
        return newest;
    }

    private void reverse(int first, int last, byte[] mine, byte[] other) {
        for (int low = first, high = last; low < high; low++, high--) {
            for (long at = 0; at < frameBytes; at += mine.length) {
                int bytes = (int) Math.min(mine.length, frameBytes - at);
                MemorySegment a = frames.asSlice(low * frameBytes + at, bytes);
                MemorySegment b = frames.asSlice(high * frameBytes + at, bytes);
                MemorySegment.ofArray(mine).asSlice(0, bytes).copyFrom(a);
                MemorySegment.ofArray(other).asSlice(0, bytes).copyFrom(b);
                a.copyFrom(MemorySegment.ofArray(other).asSlice(0, bytes));
                b.copyFrom(MemorySegment.ofArray(mine).asSlice(0, bytes));
            }
        }
    }
}
