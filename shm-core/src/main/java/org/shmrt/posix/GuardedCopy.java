package org.shmrt.posix;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Copies from and to mapped files that another process may truncate. HotSpot turns the access fault of a bulk copy into
 * an {@link InternalError} on x86-64; on aarch64 its copy routines are not guarded (seen with JDK 25), and a fault there
 * crashes the JVM. Single loads and stores are guarded everywhere, so there the bytes are copied by those.
 */
public final class GuardedCopy {
    private static final boolean BULK_IS_GUARDED =
            !System.getProperty("os.arch").equals("aarch64");

    private GuardedCopy() {}

    /** Copies as {@link MemorySegment#copy(MemorySegment, long, MemorySegment, long, long)} does. */
    public static void copy(MemorySegment source, long from, MemorySegment target, long to, long bytes) {
        if (BULK_IS_GUARDED) {
            MemorySegment.copy(source, from, target, to, bytes);
        } else {
            copyByWords(source, from, target, to, bytes);
        }
    }

    static void copyByWords(MemorySegment source, long from, MemorySegment target, long to, long bytes) {
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
