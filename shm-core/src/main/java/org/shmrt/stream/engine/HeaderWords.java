package org.shmrt.stream.engine;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;

/**
 * Accesses to the words of a slot header that synchronise the writer with the readers. The table lists which store
 * pairs with which load.
 *
 * <table>
 * <caption>Pairs</caption>
 * <tr><th>writer</th><th>reader</th><th>guarantee</th></tr>
 * <tr><td>{@link #raiseFlag}</td><td>{@link #flagAcquire} after the copy</td>
 *     <td>a reader that saw a byte of the new frame sees the flag set, or the new counter</td></tr>
 * <tr><td>{@link #longRelease} of cnt0</td><td>{@link #longAcquire} before the copy</td>
 *     <td>a reader that sees the counter sees the whole frame</td></tr>
 * <tr><td>{@link #lowerFlag}</td><td>{@link #flagAcquire}, then cnt0</td>
 *     <td>a reader that sees the flag clear sees the counter that belongs to it</td></tr>
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
     * The flag, in the low byte, and the byte after it, loaded atomically: two bytes at an even address are loaded at
     * once. Has the memory order of {@link #flagAcquire}.
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

    /** Orders all earlier stores before all later stores. */
    public static void storeStoreFence() {
        VarHandle.storeStoreFence();
    }

    /** Sets the write flag, before all stores of the frame that follows. */
    public static void raiseFlag(MemorySegment file, long offset) {
        BYTE.set(file, offset, (byte) 1);
        VarHandle.storeStoreFence();
    }

    /** Clears the write flag, after all stores of the frame. */
    public static void lowerFlag(MemorySegment file, long offset) {
        // A plain store after a fence, not setRelease: on a truncated page, an ordered byte store in HotSpot's
        // interpreter and C1 code crashes the JVM, while a plain store raises an error.
        VarHandle.releaseFence();
        BYTE.set(file, offset, (byte) 0);
    }
}
