package org.shmrt.jvm;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Loads the JDK's classes of memory segments and arenas. The JIT compiler assumes that classes which are not loaded do not
 * exist. When one of them is loaded later, for example because somebody wraps a {@code long[]}, all code that accesses
 * segments is discarded, and the vector kernels run a thousand times slower until they are compiled again.
 */
public final class SegmentClasses {
    private SegmentClasses() {}

    /** Loads them; call it before kernels are compiled. */
    public static void load() {
        long bytes = MemorySegment.ofArray(new byte[1]).byteSize()
                + MemorySegment.ofArray(new short[1]).byteSize()
                + MemorySegment.ofArray(new char[1]).byteSize()
                + MemorySegment.ofArray(new int[1]).byteSize()
                + MemorySegment.ofArray(new long[1]).byteSize()
                + MemorySegment.ofArray(new float[1]).byteSize()
                + MemorySegment.ofArray(new double[1]).byteSize();
        try (Arena confined = Arena.ofConfined();
                Arena shared = Arena.ofShared()) {
            bytes += confined.allocate(1).byteSize() + shared.allocate(1).byteSize();
            bytes += Arena.ofAuto().allocate(1).byteSize()
                    + Arena.global().allocate(1).byteSize();
        }
        if (bytes == 0) {
            throw new AssertionError("segments without bytes");
        }
    }
}
