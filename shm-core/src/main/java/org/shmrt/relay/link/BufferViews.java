package org.shmrt.relay.link;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Remembers the buffers of the segments used last, so that a frame allocates none. For one thread. */
public final class BufferViews {
    private static final int SIZE = 16;

    private final MemorySegment[] segments = new MemorySegment[SIZE];
    private final ByteBuffer[] buffers = new ByteBuffer[SIZE];
    private int next;

    /** A buffer of the whole segment, little-endian, ready to be filled or read. */
    public ByteBuffer of(MemorySegment segment) {
        for (int i = 0; i < SIZE; i++) {
            MemorySegment known = segments[i];
            // The file of a new stream may be mapped where the former one was.
            if (known != null && known.equals(segment) && known.scope().equals(segment.scope())) {
                return buffers[i].clear();
            }
        }
        ByteBuffer buffer = segment.asByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
        segments[next] = segment;
        buffers[next] = buffer;
        next = (next + 1) % SIZE;
        return buffer;
    }
}
