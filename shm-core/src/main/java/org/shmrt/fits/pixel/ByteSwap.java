package org.shmrt.fits.pixel;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * FITS stores the most significant byte first, this machine the least. The loops work in place, on at most 2 GiB
 * with an int for index, so that the compiler makes vector code of them: with two segments it would not, because
 * they may overlap. For the same reason they get native memory only, never arrays: a loop that meets both kinds is
 * slower by two orders of magnitude from then on.
 */
public final class ByteSwap {
    private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED;
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;

    private ByteSwap() {}

    /**
     * Brings every element from the file's order into ours, then inverts bits of it: the sign bit, where a file
     * stores unsigned numbers as signed ones with an offset of half their range.
     *
     * @param data whole elements in native memory, less than 2 GiB
     * @param itemBytes 1, 2, 4 or 8
     * @param flip bits to invert, 0 for none
     */
    public static void toNative(MemorySegment data, int itemBytes, long flip) {
        int count = Math.toIntExact(data.byteSize() / itemBytes);
        switch (itemBytes) {
            case 1 -> flipBytes(data, count, (byte) flip);
            case 2 -> shorts(data, count, (short) flip);
            case 4 -> ints(data, count, (int) flip);
            default -> longs(data, count, flip);
        }
    }

    /** The way back: inverts, then brings into the file's order. */
    public static void toFile(MemorySegment data, int itemBytes, long flip) {
        // Swapping and inverting change places when the bits to invert are swapped too.
        long swapped = switch (itemBytes) {
            case 1 -> flip;
            case 2 -> Short.reverseBytes((short) flip);
            case 4 -> Integer.reverseBytes((int) flip);
            default -> Long.reverseBytes(flip);
        };
        toNative(data, itemBytes, swapped);
    }

    /** Inverts bits of elements that are in our order already. */
    public static void flip(MemorySegment data, int itemBytes, long flip) {
        if (flip == 0) {
            return;
        }
        int count = Math.toIntExact(data.byteSize() / itemBytes);
        switch (itemBytes) {
            case 1 -> flipBytes(data, count, (byte) flip);
            case 2 -> {
                for (int i = 0; i < count; i++) {
                    data.set(SHORT, i * 2L, (short) (data.get(SHORT, i * 2L) ^ flip));
                }
            }
            case 4 -> {
                for (int i = 0; i < count; i++) {
                    data.set(INT, i * 4L, data.get(INT, i * 4L) ^ (int) flip);
                }
            }
            default -> {
                for (int i = 0; i < count; i++) {
                    data.set(LONG, i * 8L, data.get(LONG, i * 8L) ^ flip);
                }
            }
        }
    }

    private static void flipBytes(MemorySegment data, int count, byte flip) {
        if (flip == 0) {
            return;
        }
        for (int i = 0; i < count; i++) {
            data.set(ValueLayout.JAVA_BYTE, i, (byte) (data.get(ValueLayout.JAVA_BYTE, i) ^ flip));
        }
    }

    private static void shorts(MemorySegment data, int count, short flip) {
        for (int i = 0; i < count; i++) {
            data.set(SHORT, i * 2L, (short) (Short.reverseBytes(data.get(SHORT, i * 2L)) ^ flip));
        }
    }

    private static void ints(MemorySegment data, int count, int flip) {
        for (int i = 0; i < count; i++) {
            data.set(INT, i * 4L, Integer.reverseBytes(data.get(INT, i * 4L)) ^ flip);
        }
    }

    private static void longs(MemorySegment data, int count, long flip) {
        for (int i = 0; i < count; i++) {
            data.set(LONG, i * 8L, Long.reverseBytes(data.get(LONG, i * 8L)) ^ flip);
        }
    }
}
