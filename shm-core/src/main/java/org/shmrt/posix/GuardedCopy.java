package org.shmrt.posix;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Objects;

/**
 * Copies from and to mapped files that another process may truncate. HotSpot turns the access fault of a bulk copy into
 * an {@link InternalError} on x86-64; on aarch64 its copy routines are not guarded (seen with JDK 25), and a fault there
 * crashes the JVM. Single loads and stores are guarded everywhere, so there the bytes are copied by those.
 */
public final class GuardedCopy {
    /** With this property every JVM copies as on aarch64: for tests, and for a JVM that has the same fault. */
    private static final String BY_WORDS_PROPERTY = "shmrt.copyByWords";

    private static final boolean BULK_IS_GUARDED =
            !System.getProperty("os.arch").equals("aarch64") && !Boolean.getBoolean(BY_WORDS_PROPERTY);

    private GuardedCopy() {}

    /** Copies as {@link MemorySegment#copy(MemorySegment, long, MemorySegment, long, long)} does. */
    public static void copy(MemorySegment source, long from, MemorySegment target, long to, long bytes) {
        if (BULK_IS_GUARDED) {
            MemorySegment.copy(source, from, target, to, bytes);
        } else {
            copyByWords(source, from, target, to, bytes);
        }
    }

    /** Copies all elements of a Java array of numbers to mapped memory, in the byte order of the processor. */
    public static void fromArray(Object array, MemorySegment target, ValueLayout component, int count) {
        if (BULK_IS_GUARDED) {
            MemorySegment.copy(array, 0, target, component, 0, count);
        } else {
            copyByWords(memoryOf(array), 0, target, 0, component.byteSize() * count);
        }
    }

    /** Copies mapped memory to all elements of a Java array of numbers, in the byte order of the processor. */
    public static void toArray(MemorySegment source, ValueLayout component, Object array, int count) {
        if (BULK_IS_GUARDED) {
            MemorySegment.copy(source, component, 0, array, 0, count);
        } else {
            copyByWords(source, 0, memoryOf(array), 0, component.byteSize() * count);
        }
    }

    static MemorySegment memoryOf(Object array) {
        return switch (array) {
            case byte[] bytes -> MemorySegment.ofArray(bytes);
            case short[] shorts -> MemorySegment.ofArray(shorts);
            case int[] ints -> MemorySegment.ofArray(ints);
            case long[] longs -> MemorySegment.ofArray(longs);
            case float[] floats -> MemorySegment.ofArray(floats);
            case double[] doubles -> MemorySegment.ofArray(doubles);
            default -> throw new IllegalArgumentException("not an array of numbers: " + array.getClass());
        };
    }

    static void copyByWords(MemorySegment source, long from, MemorySegment target, long to, long bytes) {
        // As a bulk copy does: else a part would be copied before the exception.
        Objects.checkFromIndexSize(from, bytes, source.byteSize());
        Objects.checkFromIndexSize(to, bytes, target.byteSize());
        long at = 0;
        for (; at + Long.BYTES <= bytes; at += Long.BYTES) {
            long word = source.get(ValueLayout.JAVA_LONG_UNALIGNED, from + at);
            target.set(ValueLayout.JAVA_LONG_UNALIGNED, to + at, word);
        }
        for (; at < bytes; at++) {
            target.set(ValueLayout.JAVA_BYTE, to + at, source.get(ValueLayout.JAVA_BYTE, from + at));
        }
    }
}
