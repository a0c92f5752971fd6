package org.shmrt.block;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;

/**
 * Where the metadata of a Python stream have the words that change with each frame. Their times are seconds since 1970.
 *
 * <pre>
 *   format      metadata     count        time         sequence
 *   PYSHMEM_2   32 doubles   double at 8  double at 64 double at 72, odd during a write
 *   PYSHMEM_3   512 bytes    u64 at 40    double at 56 i64 at 48, odd during a write, negative after a failed one
 *   PYRTC       10 doubles   double at 0  double at 8  none
 * </pre>
 *
 * <p>Source: sources and objects of pyshmem (c070f9e, and its documentation of version 3 as of 7753ce9) and pyRTC
 * (1c0a55e).
 */
enum PythonFormat {
    PYSHMEM_2(PythonStreamInfo.Kind.PYSHMEM, 8, 64, 72),
    PYSHMEM_3(PythonStreamInfo.Kind.PYSHMEM, 40, 56, 48),
    PYRTC(PythonStreamInfo.Kind.PYRTC, 0, 8, -1);

    private static final VarHandle LONG = ValueLayout.JAVA_LONG.varHandle();
    private static final double NS_PER_S = 1e9;

    private final PythonStreamInfo.Kind kind;
    private final long countOffset;
    private final long timeOffset;
    private final long sequenceOffset;

    PythonFormat(PythonStreamInfo.Kind kind, long countOffset, long timeOffset, long sequenceOffset) {
        this.kind = kind;
        this.countOffset = countOffset;
        this.timeOffset = timeOffset;
        this.sequenceOffset = sequenceOffset;
    }

    PythonStreamInfo.Kind kind() {
        return kind;
    }

    /** Number of frames written; a negative or fractional one of a damaged object is rounded to 0 and more. */
    long count(MemorySegment metadata) {
        long word = load(metadata, countOffset);
        return this == PYSHMEM_3 ? word : Math.max(0, (long) Double.longBitsToDouble(word));
    }

    /** Time of the last write, nanoseconds since 1970; 0 before the first. */
    long writtenNs(MemorySegment metadata) {
        return Math.max(0, (long) (Double.longBitsToDouble(load(metadata, timeOffset)) * NS_PER_S));
    }

    /** A word that changes with each frame, loaded with acquire order. In pyRTC each opener sets the count back. */
    long news(MemorySegment metadata) {
        return load(metadata, this == PYRTC ? timeOffset : countOffset);
    }

    /** A word that changes when the pixels change: the sequence, or a mixture of count and time. */
    long state(MemorySegment metadata) {
        return sequenceOffset < 0
                ? 31 * load(metadata, countOffset) + load(metadata, timeOffset)
                : load(metadata, sequenceOffset);
    }

    /** Whether the pixels are complete in a state. */
    boolean isComplete(long state) {
        return switch (this) {
            case PYSHMEM_2 -> Math.floorMod((long) Double.longBitsToDouble(state), 2L) == 0;
            case PYSHMEM_3 -> state >= 0 && state % 2 == 0;
            case PYRTC -> true;
        };
    }

    private static long load(MemorySegment metadata, long offset) {
        return (long) LONG.getAcquire(metadata, offset);
    }
}
