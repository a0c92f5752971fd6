package org.shmrt.stream.engine;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;

/**
 * The words of a slot's header that order the work of writer and readers. Which write pairs with which read:
 *
 * <table>
 * <caption>Pairs</caption>
 * <tr><th>writer</th><th>reader</th><th>what it guarantees</th></tr>
 * <tr><td>{@link #raiseFlag}</td><td>{@link #flagAcquire} after the copy</td>
 *     <td>who saw a byte of the new frame sees the flag up, or the new counter</td></tr>
 * <tr><td>{@link #longRelease} of cnt0</td><td>{@link #longAcquire} before the copy</td>
 *     <td>who sees the counter sees the whole frame</td></tr>
 * <tr><td>{@link #lowerFlag}</td><td>{@link #flagAcquire}, then cnt0</td>
 *     <td>who sees the flag down sees the counter that goes with it</td></tr>
 * </table>
 */
public final class HeaderWords {
    private static final VarHandle LONG = ValueLayout.JAVA_LONG.varHandle();
    private static final VarHandle INT = ValueLayout.JAVA_INT.varHandle();
    private static final VarHandle SHORT = ValueLayout.JAVA_SHORT.varHandle();
    private static final VarHandle BYTE = ValueLayout.JAVA_BYTE.varHandle();

    private HeaderWords() {}

    public static long longAcquire(MemorySegment file, long offset) {
        return (long) LONG.getAcquire(file, offset);
    }

    public static void longRelease(MemorySegment file, long offset, long value) {
        LONG.setRelease(file, offset, value);
    }

    public static void longPlain(MemorySegment file, long offset, long value) {
        LONG.set(file, offset, value);
    }

    public static long longPlain(MemorySegment file, long offset) {
        return (long) LONG.get(file, offset);
    }

    public static int intAcquire(MemorySegment file, long offset) {
        return (int) INT.getAcquire(file, offset);
    }

    public static void intRelease(MemorySegment file, long offset, int value) {
        INT.setRelease(file, offset, value);
    }

    public static byte flagAcquire(MemorySegment file, long offset) {
        return (byte) BYTE.getAcquire(file, offset);
    }

    /**
     * The flag, in the low byte, and the byte behind it, of one moment: two bytes at an even address are loaded as one.
     * Orders as {@link #flagAcquire} does.
     */
    public static short flagAndNextAcquire(MemorySegment file, long offset) {
        return (short) SHORT.getAcquire(file, offset);
    }

    public static void bytePlain(MemorySegment file, long offset, byte value) {
        BYTE.set(file, offset, value);
    }

    public static byte bytePlain(MemorySegment file, long offset) {
        return (byte) BYTE.get(file, offset);
    }

    /** No store after it is seen before a store ahead of it. */
    public static void storeStoreFence() {
        VarHandle.storeStoreFence();
    }

    /** Raises the write flag; no store of the frame that follows can be seen before it. */
    public static void raiseFlag(MemorySegment file, long offset) {
        BYTE.set(file, offset, (byte) 1);
        VarHandle.storeStoreFence();
    }

    /** Lowers the write flag after everything else of the frame. */
    public static void lowerFlag(MemorySegment file, long offset) {
        // Plain store after a fence, not setRelease: on a page that was cut off, HotSpot's interpreter and C1 meet
        // the access fault of an ordered byte store with the end of the JVM, that of a plain one with an error.
        VarHandle.releaseFence();
        BYTE.set(file, offset, (byte) 0);
    }
}
