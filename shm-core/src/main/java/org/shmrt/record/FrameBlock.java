package org.shmrt.record;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import org.shmrt.record.chunk.FrameRow;

/**
 * Memory for some frames of one stream and their rows. One thread fills it, from its start to its end; another writes
 * what is filled to files.
 */
final class FrameBlock {
    private static final long ALIGNMENT_BYTES = 64;

    private final Arena arena = Arena.ofShared();
    private final MemorySegment data;
    private final ByteBuffer rows;
    private final long frameBytes;
    private final int capacity;
    private StreamInstance instance;
    private volatile int filled;
    private volatile boolean sealed;

    /** Frames that are in files. Only for the thread that writes them, as is the next field. */
    private int written;

    private int converted;

    FrameBlock(long frameBytes, int capacity) {
        this.frameBytes = frameBytes;
        this.capacity = capacity;
        try {
            data = arena.allocate(frameBytes * capacity, ALIGNMENT_BYTES);
            rows = arena.allocate((long) FrameRow.BYTES * capacity, ALIGNMENT_BYTES)
                    .asByteBuffer();
        } catch (RuntimeException | Error e) {
            arena.close();
            throw e;
        }
    }

    static long bytes(long frameBytes, int capacity) {
        return (frameBytes + FrameRow.BYTES) * capacity;
    }

    long bytes() {
        return bytes(frameBytes, capacity);
    }

    long frameBytes() {
        return frameBytes;
    }

    /** Empties the block for another use. */
    void begin(StreamInstance of) {
        instance = of;
        rows.clear();
        written = 0;
        converted = 0;
        sealed = false;
        filled = 0;
    }

    StreamInstance instance() {
        return instance;
    }

    boolean isFull() {
        return filled == capacity;
    }

    /** Memory of the frame that is filled next. */
    MemorySegment next() {
        return data.asSlice(filled * frameBytes, frameBytes);
    }

    /** The rows, positioned at that of the frame that is filled next. */
    ByteBuffer rows() {
        return rows;
    }

    /** The frame and its row are complete. */
    @SuppressWarnings("NonAtomicVolatileUpdate") // one thread fills
    void added() {
        filled++;
    }

    /** No frame follows. */
    void seal() {
        sealed = true;
    }

    boolean isSealed() {
        return sealed;
    }

    int filled() {
        return filled;
    }

    int written() {
        return written;
    }

    void wrote(int count) {
        written += count;
    }

    /** The next frames to write; with {@link #rowsToWrite}. */
    MemorySegment framesToWrite(int count) {
        return data.asSlice(written * frameBytes, count * frameBytes);
    }

    /** Frames of the next ones to write that were not converted yet; notes that they are now. */
    MemorySegment framesToConvert(int count) {
        int from = Math.max(converted, written);
        int to = Math.max(from, written + count);
        converted = to;
        return data.asSlice(from * frameBytes, (to - from) * frameBytes);
    }

    ByteBuffer rowsToWrite(int count) {
        return rows.duplicate()
                .clear()
                .position(written * FrameRow.BYTES)
                .limit((written + count) * FrameRow.BYTES)
                .slice();
    }

    /** The row of the frame that is {@code ahead} after the next one to write. */
    FrameRow row(int ahead) {
        ByteBuffer from = rows.duplicate().clear().position((written + ahead) * FrameRow.BYTES);
        return FrameRow.read(from);
    }

    /** Releases the memory. */
    void free() {
        arena.close();
    }
}
