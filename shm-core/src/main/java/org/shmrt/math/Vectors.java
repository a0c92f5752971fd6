package org.shmrt.math;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Checks and copies of vectors of floats in arrays and segments. */
final class Vectors {
    private Vectors() {}

    static void requireLength(String name, int actual, int expected) {
        if (actual != expected) {
            throw new IllegalArgumentException(name + " has " + actual + " elements, but must have " + expected);
        }
    }

    static void requireLength(String name, MemorySegment segment, int expected) {
        if (segment.byteSize() != (long) expected * Float.BYTES) {
            throw new IllegalArgumentException(name + " has " + segment.byteSize() + " bytes, but must have "
                    + (long) expected * Float.BYTES + " (" + expected + " floats): pass a slice of that size");
        }
    }

    static void copy(MemorySegment from, float[] to, int count) {
        MemorySegment.copy(from, ValueLayout.JAVA_FLOAT_UNALIGNED, 0, to, 0, count);
    }

    static void copy(float[] from, MemorySegment to, int count) {
        MemorySegment.copy(from, 0, to, ValueLayout.JAVA_FLOAT_UNALIGNED, 0, count);
    }
}
