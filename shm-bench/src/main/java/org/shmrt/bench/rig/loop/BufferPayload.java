package org.shmrt.bench.rig.loop;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.agrona.DirectBuffer;

/** {@link Payload} in a buffer of Agrona. */
final class BufferPayload {
    private BufferPayload() {}

    static boolean isStamped(DirectBuffer buffer, int offset, int length, long number) {
        boolean same = buffer.getLong(offset + length - 8) == number;
        for (int at = 0; at < length; at += Payload.STAMP_STEP_BYTES) {
            same &= buffer.getLong(offset + at) == number;
        }
        return same;
    }

    /** Compares all words of message 0, which is not a measured one. */
    static boolean isIntact(DirectBuffer buffer, int offset, MemorySegment expected) {
        Payload.stamp(expected, 0);
        for (int at = 0; at < expected.byteSize(); at += 8) {
            if (buffer.getLong(offset + at) != expected.get(ValueLayout.JAVA_LONG, at)) {
                return false;
            }
        }
        return true;
    }
}
