package org.shmrt.fits.pixel;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.OptionalLong;
import org.shmrt.fits.header.Header;
import org.shmrt.memory.DataType;

/**
 * The stored form of pixels and their type in memory: {@code BZERO + BSCALE * stored}.
 *
 * <p>The type depends on the header only, never on the pixels. Without scaling and BLANK it is that of BITPIX.
 * An offset of half the range (BZERO 32768, 2^31, 2^63; -128 for BITPIX 8) with BSCALE 1 is the convention for
 * types that FITS lacks: uint16, uint32, uint64, int8. With any other scaling, or with a BLANK card, the type is
 * floating-point: float32 for 8- and 16-bit integers and for float32, float64 for all others. Pixels are scaled in
 * double precision and rounded once. A BLANK pixel becomes NaN.
 *
 * @param bitpix stored form: 8, 16, 32, 64, -32 or -64
 * @param type type of the pixels in memory
 * @param flip bits to invert in a stored element; 0 if pixels are scaled
 * @param scaled whether pixels are computed from {@code scale} and {@code zero}
 * @param scale BSCALE
 * @param zero BZERO
 * @param hasBlank whether a stored value stands for an undefined pixel
 * @param blank the stored value of undefined pixels
 * @see <a href="https://fits.gsfc.nasa.gov/fits_standard.html">FITS standard 4.0, sections 4.4.2.5 and 5.2.5</a>
 */
public record PixelFormat(
        int bitpix, DataType type, long flip, boolean scaled, double scale, double zero, boolean hasBlank, long blank) {
    private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED;
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;
    private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;
    private static final ValueLayout.OfDouble DOUBLE = ValueLayout.JAVA_DOUBLE_UNALIGNED;

    /**
     * Derives the format from a header.
     *
     * @param bitpix stored form: 8, 16, 32, 64, -32 or -64
     * @param blankName name of the card with the stored value of undefined pixels
     */
    public static PixelFormat of(Header header, int bitpix, String blankName) {
        double scale = header.numberOr("BSCALE", 1);
        double zero = header.numberOr("BZERO", 0);
        OptionalLong found = bitpix > 0 ? header.blank(blankName) : OptionalLong.empty();
        boolean hasBlank = found.isPresent();
        long blank = found.orElse(0);
        if (scale == 1 && zero == 0 && !hasBlank) {
            return unscaled(bitpix, plainType(bitpix), 0);
        }
        if (scale == 1 && bitpix > 0 && !hasBlank && zero == offset(bitpix)) {
            return unscaled(bitpix, otherSign(bitpix), 1L << (bitpix - 1));
        }
        DataType type = bitpix == 8 || bitpix == 16 || bitpix == -32 ? DataType.FLOAT32 : DataType.FLOAT64;
        return new PixelFormat(bitpix, type, 0, true, scale, zero, hasBlank, blank);
    }

    private static PixelFormat unscaled(int bitpix, DataType type, long flip) {
        return new PixelFormat(bitpix, type, flip, false, 1, 0, false, 0);
    }

    private static DataType plainType(int bitpix) {
        return switch (bitpix) {
            case 8 -> DataType.UINT8;
            case 16 -> DataType.INT16;
            case 32 -> DataType.INT32;
            case 64 -> DataType.INT64;
            case -32 -> DataType.FLOAT32;
            default -> DataType.FLOAT64;
        };
    }

    private static DataType otherSign(int bitpix) {
        return switch (bitpix) {
            case 8 -> DataType.INT8;
            case 16 -> DataType.UINT16;
            case 32 -> DataType.UINT32;
            default -> DataType.UINT64;
        };
    }

    /** BZERO of the type with the other sign convention. */
    private static double offset(int bitpix) {
        return bitpix == 8 ? -128 : Math.scalb(1.0, bitpix - 1);
    }

    /** Size of a stored element, in bytes. */
    public int storedBytes() {
        return Math.abs(bitpix) / Byte.SIZE;
    }

    /**
     * Computes scaled pixels.
     *
     * @param stored stored elements in native byte order; native memory of less than 2 GiB
     * @param target native memory for the same number of elements of {@link #type}
     */
    public void scale(MemorySegment stored, MemorySegment target) {
        int count = Math.toIntExact(stored.byteSize() / storedBytes());
        switch (bitpix) {
            case 8 -> {
                for (int i = 0; i < count; i++) {
                    int raw = Byte.toUnsignedInt(stored.get(ValueLayout.JAVA_BYTE, i));
                    target.set(FLOAT, i * 4L, (float) pixel(raw));
                }
            }
            case 16 -> {
                for (int i = 0; i < count; i++) {
                    target.set(FLOAT, i * 4L, (float) pixel(stored.get(SHORT, i * 2L)));
                }
            }
            case 32 -> {
                for (int i = 0; i < count; i++) {
                    target.set(DOUBLE, i * 8L, pixel(stored.get(INT, i * 4L)));
                }
            }
            case 64 -> {
                for (int i = 0; i < count; i++) {
                    target.set(DOUBLE, i * 8L, pixel(stored.get(LONG, i * 8L)));
                }
            }
            case -32 -> {
                for (int i = 0; i < count; i++) {
                    target.set(FLOAT, i * 4L, (float) (stored.get(FLOAT, i * 4L) * scale + zero));
                }
            }
            default -> {
                for (int i = 0; i < count; i++) {
                    target.set(DOUBLE, i * 8L, stored.get(DOUBLE, i * 8L) * scale + zero);
                }
            }
        }
    }

    private double pixel(long raw) {
        return hasBlank && raw == blank ? Double.NaN : raw * scale + zero;
    }
}
