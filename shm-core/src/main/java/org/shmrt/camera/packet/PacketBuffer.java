package org.shmrt.camera.packet;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;

/** Memory for one packet. */
final class PacketBuffer {
    private static final int MAX_BYTES = 1 << 16;

    final MemorySegment memory = Arena.ofAuto().allocate(MAX_BYTES, 64);
    final ByteBuffer view = memory.asByteBuffer();
    int length;
    long arrivalNs;

    private MemorySegment payload = MemorySegment.NULL;
    private int payloadStart;

    /** A part of the packet. Packets of one size share one object. */
    MemorySegment payload(int start, long bytes) {
        if (payload.byteSize() != bytes || payloadStart != start) {
            payload = memory.asSlice(start, bytes);
            payloadStart = start;
        }
        return payload;
    }
}
