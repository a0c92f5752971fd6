package org.shmrt.fits.pixel;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Converts between the big-endian order of FITS and the little-endian order of this machine.
 *
 * <p>The loops work in place and index at most 2 GiB with an int, so that the compiler can vectorise them. It does not
 * vectorise a loop over two segments, because they may overlap. The loops accept native memory only: a loop that has
 * also seen arrays is two orders of magnitude slower from then on.
 */
public final class ByteSwap {
    private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED;
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;

    private ByteSwap() {}

    /**
     * Converts elements from file order to native order, then inverts bits. A file that stores unsigned numbers as
     * signed ones with an offset of half the range needs the sign bit inverted.
     *
     * @param data whole elements in native memory, less than 2 GiB
     * @param itemBytes size of an element: 1, 2, 4 or 8 bytes
     * @param flip bits to invert in each element, 0 for none
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

    /** Inverts bits, then converts elements from native order to file order. */
    public static void toFile(MemorySegment data, int itemBytes, long flip) {
        // Swapping and inverting commute when the bits to invert are swapped too.
        long swapped = switch (itemBytes) {
            case 1 -> flip;
            case 2 -> Short.reverseBytes((short) flip);
            case 4 -> Integer.reverseBytes((int) flip);
            default -> Long.reverseBytes(flip);
        };
        toNative(data, itemBytes, swapped);
    }

    /** Inverts bits of elements in native order. */
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
