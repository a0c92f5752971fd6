package org.shmrt.fits.pixel;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.math.BigDecimal;
import java.util.Optional;
import org.shmrt.fits.card.FitsCard;
import org.shmrt.fits.header.CardWriter;
import org.shmrt.memory.DataType;

/**
 * The stored form of a type in FITS: the inverse of {@link PixelFormat}.
 *
 * @param bitpix stored form: 8, 16, 32, 64, -32 or -64
 * @param flip bits to invert in an element, 0 for none
 * @param zero BZERO, 0 for none
 * @param widened whether half precision is stored as single precision
 * @param note a remark for the user if the stored type differs
 */
public record StoredType(int bitpix, long flip, double zero, boolean widened, Optional<String> note) {
    /**
     * Finds the stored form of a type.
     *
     * @throws IllegalArgumentException if FITS has no form for it
     */
    public static StoredType of(DataType type) {
        return switch (type) {
            case UINT8 -> plain(8);
            case INT16 -> plain(16);
            case INT32 -> plain(32);
            case INT64 -> plain(64);
            case FLOAT32 -> plain(-32);
            case FLOAT64 -> plain(-64);
            case INT8 -> new StoredType(8, 0x80, -128, false, Optional.empty());
            case UINT16 -> otherSign(16);
            case UINT32 -> otherSign(32);
            case UINT64 -> otherSign(64);
            case FLOAT16 ->
                new StoredType(-32, 0, 0, true, Optional.of("float16 written as float32, because FITS has no float16"));
            case BOOL -> new StoredType(8, 0, 0, false, Optional.of("bool written as uint8, 0 and 1"));
            case COMPLEX64, COMPLEX128 ->
                throw new IllegalArgumentException("FITS images have no type " + type
                        + ": write the real and imaginary parts as two images, or use .npy");
        };
    }

    private static StoredType plain(int bitpix) {
        return new StoredType(bitpix, 0, 0, false, Optional.empty());
    }

    private static StoredType otherSign(int bitpix) {
        return new StoredType(bitpix, 1L << (bitpix - 1), Math.scalb(1.0, bitpix - 1), false, Optional.empty());
    }

    /** Size of a stored element, in bytes. */
    public int storedBytes() {
        return Math.abs(bitpix) / Byte.SIZE;
    }

    /** Adds the cards BSCALE and BZERO if there is an offset. */
    public void describe(CardWriter header) {
        if (zero != 0) {
            header.add(FitsCard.of("BSCALE", 1, ""));
            header.addInteger("BZERO", new BigDecimal(zero).toPlainString(), "offset of the stored integers");
        }
    }

    /**
     * Copies elements to a buffer in their stored size, but in native byte order and without the offset.
     *
     * @param from elements of the type, in C order
     * @param first index of the first element
     * @param count number of elements
     * @param to native memory with room for them
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
