package org.shmrt.posix;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Objects;

/**
 * Copies from and to mapped files that another process may truncate, and compares their bytes. HotSpot turns the access
 * fault of a bulk copy into an {@link InternalError} on x86-64; on aarch64 its copy routines are not guarded (seen with
 * JDK 25), and a fault there crashes the JVM. Single loads and stores are guarded everywhere, so there the bytes are
 * copied by those.
 */
public final class GuardedCopy {
    /** With this property every JVM copies as on aarch64: for tests, and for a JVM that has the same fault. */
    private static final String BY_WORDS_PROPERTY = "shmrt.copyByWords";

    /** The smallest page of Linux. */
    private static final int PAGE_BYTES = 4096;

    /** Written so that the compiler keeps the loads of a probe. */
    @SuppressWarnings("unused")
    private static volatile int probed;

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

    /**
     * Whether two ranges have the same bytes. {@link MemorySegment#mismatch} of a truncated page crashes the JVM in
     * compiled code, on all platforms (seen with JDK 25); single loads raise an {@link InternalError}.
     */
    public static boolean isEqual(MemorySegment first, long from, MemorySegment second, long at, long bytes) {
        Objects.checkFromIndexSize(from, bytes, first.byteSize());
        Objects.checkFromIndexSize(at, bytes, second.byteSize());
        long done = 0;
        for (; done + Long.BYTES <= bytes; done += Long.BYTES) {
            if (first.get(ValueLayout.JAVA_LONG_UNALIGNED, from + done)
                    != second.get(ValueLayout.JAVA_LONG_UNALIGNED, at + done)) {
                return false;
            }
        }
        for (; done < bytes; done++) {
            if (first.get(ValueLayout.JAVA_BYTE, from + done) != second.get(ValueLayout.JAVA_BYTE, at + done)) {
                return false;
            }
        }
        return true;
    }

    /**
     * Whether a copy failed because its source was truncated, and not its target.
     *
     * @param failure what the copy threw
     * @param source what was copied
     */
    public static boolean isFaultOf(MemorySegment source, Throwable failure) {
        return failure instanceof InternalError && !isReadable(source);
    }

    /** Whether every page of a segment can be read. */
    private static boolean isReadable(MemorySegment source) {
        try {
            int sum = 0;
            for (long at = 0; at < source.byteSize(); at += PAGE_BYTES) {
                sum += source.get(ValueLayout.JAVA_BYTE, at);
            }
            sum += source.byteSize() == 0 ? 0 : source.get(ValueLayout.JAVA_BYTE, source.byteSize() - 1);
            probed = sum;
            Faults.poll();
            return true;
        } catch (InternalError e) {
            return false;
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
