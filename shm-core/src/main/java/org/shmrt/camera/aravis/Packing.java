package org.shmrt.camera.aravis;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import java.lang.foreign.MemorySegment;
import org.shmrt.memory.DataType;
import org.shmrt.posix.GuardedCopy;

/** How a camera sends the elements of a frame. */
enum Packing {
    /** As they are in the stream. */
    NONE,
    /** Mono10Packed of GigE Vision: two elements in three bytes, the low bits of both in the middle one. */
    GIGE_10,
    /** Mono12Packed of GigE Vision: the same with 12 bits. */
    GIGE_12,
    /** Mono10p of PFNC: a sequence of bits, the lowest first. */
    BITS_10,
    /** Mono12p of PFNC: a sequence of bits, the lowest first. */
    BITS_12,
    /** Blue, green and red of a pixel, one byte each. */
    BGR_8;

    /** Bits of an element on the way. */
    int bits(DataType type) {
        return switch (this) {
            case NONE, BGR_8 -> 8 * type.itemBytes();
            case GIGE_10, GIGE_12, BITS_12 -> 12;
            case BITS_10 -> 10;
        };
    }

    /** Copies the elements of a frame to the form that they have in a stream. */
    void unpack(MemorySegment sent, MemorySegment frame, long elements) {
        switch (this) {
            case NONE -> GuardedCopy.copy(sent, 0, frame, 0, frame.byteSize());
            case GIGE_10 -> unpackGige(sent, frame, elements, 2);
            case GIGE_12 -> unpackGige(sent, frame, elements, 4);
            case BITS_10 -> unpackBits(sent, frame, elements, 10);
            case BITS_12 -> unpackBits(sent, frame, elements, 12);
            case BGR_8 -> swap(sent, frame, elements);
        }
    }

    private static void unpackGige(MemorySegment sent, MemorySegment frame, long elements, int lowBits) {
        int mask = (1 << lowBits) - 1;
        for (long element = 0; element < elements; element++) {
            long at = element / 2 * 3;
            boolean isFirst = element % 2 == 0;
            int high = sent.get(JAVA_BYTE, isFirst ? at : at + 2) & 0xff;
            int low = ((sent.get(JAVA_BYTE, at + 1) & 0xff) >> (isFirst ? 0 : 4)) & mask;
            frame.set(JAVA_SHORT_UNALIGNED, 2 * element, (short) ((high << lowBits) | low));
        }
    }

    private static void unpackBits(MemorySegment sent, MemorySegment frame, long elements, int bits) {
        int mask = (1 << bits) - 1;
        for (long element = 0; element < elements; element++) {
            long bit = element * bits;
            // An element of 10 or 12 bits is in two neighbouring bytes.
            int word = (sent.get(JAVA_BYTE, bit / 8) & 0xff) | ((sent.get(JAVA_BYTE, bit / 8 + 1) & 0xff) << 8);
            frame.set(JAVA_SHORT_UNALIGNED, 2 * element, (short) ((word >> (bit % 8)) & mask));
        }
    }

    private static void swap(MemorySegment sent, MemorySegment frame, long elements) {
        for (long at = 0; at < elements; at += 3) {
            byte blue = sent.get(JAVA_BYTE, at);
            byte green = sent.get(JAVA_BYTE, at + 1);
            frame.set(JAVA_BYTE, at, sent.get(JAVA_BYTE, at + 2));
            frame.set(JAVA_BYTE, at + 1, green);
            frame.set(JAVA_BYTE, at + 2, blue);
        }
    }
}
