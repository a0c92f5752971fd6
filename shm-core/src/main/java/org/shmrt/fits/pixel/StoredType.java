package org.shmrt.fits.pixel;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.math.BigDecimal;
import org.shmrt.fits.card.FitsCard;
import org.shmrt.fits.header.CardWriter;
import org.shmrt.memory.DataType;

/**
 * As what FITS stores a type: the way back from {@link PixelFormat}.
 *
 * @param bitpix 8, 16, 32, 64, -32 or -64
 * @param flip bits to invert in an element
 * @param zero BZERO, 0 for none
 * @param widened whether half precision becomes single
 * @param note what to tell the user about it, or null
 */
public record StoredType(int bitpix, long flip, double zero, boolean widened, String note) {
    /**
     * Of a type.
     *
     * @throws IllegalArgumentException if FITS has nothing for it
     */
    public static StoredType of(DataType type) {
        return switch (type) {
            case UINT8 -> plain(8);
            case INT16 -> plain(16);
            case INT32 -> plain(32);
            case INT64 -> plain(64);
            case FLOAT32 -> plain(-32);
            case FLOAT64 -> plain(-64);
            case INT8 -> new StoredType(8, 0x80, -128, false, null);
            case UINT16 -> otherSign(16);
            case UINT32 -> otherSign(32);
            case UINT64 -> otherSign(64);
            case FLOAT16 -> new StoredType(-32, 0, 0, true, "float16 written as float32, which FITS has");
            case BOOL -> new StoredType(8, 0, 0, false, "bool written as uint8, 0 and 1");
            case COMPLEX64, COMPLEX128 ->
                throw new IllegalArgumentException(
                        "FITS images have no " + type + ": write real and imaginary part as two images, or use .npy");
        };
    }

    private static StoredType plain(int bitpix) {
        return new StoredType(bitpix, 0, 0, false, null);
    }

    private static StoredType otherSign(int bitpix) {
        return new StoredType(bitpix, 1L << (bitpix - 1), Math.scalb(1.0, bitpix - 1), false, null);
    }

    public int storedBytes() {
        return Math.abs(bitpix) / Byte.SIZE;
    }

    /** Adds BSCALE and BZERO, where there is an offset. */
    public void describe(CardWriter header) {
        if (zero != 0) {
            header.add(FitsCard.of("BSCALE", 1, ""));
            header.addInteger("BZERO", new BigDecimal(zero).toPlainString(), "offset of the stored integers");
        }
    }

    /**
     * Copies elements into a buffer as FITS stores them, in our byte order and without the offset.
     *
     * @param from elements of the type, in memory order
     * @param first the first one
     * @param count how many
     * @param to native memory, room for them
     */
    public void copy(MemorySegment from, long first, int count, MemorySegment to) {
        if (!widened) {
            MemorySegment.copy(from, first * storedBytes(), to, 0, (long) count * storedBytes());
            return;
        }
        short[] halves = new short[count];
        MemorySegment.copy(from, ValueLayout.JAVA_SHORT_UNALIGNED, first * Short.BYTES, halves, 0, count);
        for (int i = 0; i < count; i++) {
            to.set(ValueLayout.JAVA_FLOAT_UNALIGNED, (long) i * Float.BYTES, Float.float16ToFloat(halves[i]));
        }
    }
}
