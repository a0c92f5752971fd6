package org.shmrt.memory;

import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Element types of images and arrays in shared memory: the union of the types that the stream formats and numpy
 * support. Names are those of numpy ({@code uint16}); {@link #parse} also accepts short forms ({@code u16}). The codes
 * that a stream format stores for types belong to the format.
 *
 * <p>Immutable; safe for use by multiple threads.
 */
public enum DataType {
    /** Unsigned 8-bit integer. */
    UINT8("uint8", "u8", "u1", 1, 2),
    /** Signed 8-bit integer. */
    INT8("int8", "i8", "i1", 1, 1),
    /** Unsigned 16-bit integer, the type of most camera images. */
    UINT16("uint16", "u16", "u2", 2, 4),
    /** Signed 16-bit integer. */
    INT16("int16", "i16", "i2", 2, 3),
    /** Unsigned 32-bit integer. */
    UINT32("uint32", "u32", "u4", 4, 6),
    /** Signed 32-bit integer. */
    INT32("int32", "i32", "i4", 4, 5),
    /** Unsigned 64-bit integer. */
    UINT64("uint64", "u64", "u8", 8, 8),
    /** Signed 64-bit integer. */
    INT64("int64", "i64", "i8", 8, 7),
    /** IEEE 754 binary32. */
    FLOAT32("float32", "f32", "f4", 4, 11),
    /** IEEE 754 binary64. */
    FLOAT64("float64", "f64", "f8", 8, 12),
    /** Two binary32 values: real part, imaginary part. */
    COMPLEX64("complex64", "c64", "c8", 8, 14),
    /** Two binary64 values: real part, imaginary part. */
    COMPLEX128("complex128", "c128", "c16", 16, 15),
    /** IEEE 754 binary16; not every stream format supports it. */
    FLOAT16("float16", "f16", "f2", 2, 23),
    /** One byte, 0 or 1; only numpy supports it. */
    BOOL("bool", "bool", "b1", 1, 0);

    private static final Map<String, DataType> BY_NAME = new TreeMap<>();

    static {
        for (DataType type : values()) {
            BY_NAME.put(type.numpyName, type);
            BY_NAME.put(type.shortName, type);
        }
        // Common names in C and numpy. The digits of "i8" and "u8" always count bits: the byte counts of numpy (i1, u2,
        // f4 ...) are accepted only in npy headers, where they are unambiguous.
        BY_NAME.put("half", FLOAT16);
        BY_NAME.put("float", FLOAT32);
        BY_NAME.put("double", FLOAT64);
        BY_NAME.put("bool_", BOOL);
    }

    private final String numpyName;
    private final String shortName;
    private final String npyCode;
    private final int itemBytes;
    private final int numpyTypeNumber;

    DataType(String numpyName, String shortName, String npyCode, int itemBytes, int numpyTypeNumber) {
        this.numpyName = numpyName;
        this.shortName = shortName;
        this.npyCode = npyCode;
        this.itemBytes = itemBytes;
        this.numpyTypeNumber = numpyTypeNumber;
    }

    /**
     * numpy's name of the type.
     *
     * @return for example {@code uint16}
     */
    public String numpyName() {
        return numpyName;
    }

    /**
     * The short name, with the size in bits.
     *
     * @return for example {@code u16}
     */
    public String shortName() {
        return shortName;
    }

    /**
     * The kind and size in bytes as an {@code .npy} header contains them, without the byte order.
     *
     * @return for example {@code u2}
     */
    public String npyCode() {
        return npyCode;
    }

    /**
     * Size of one element.
     *
     * @return bytes, 1 to 16
     */
    public int itemBytes() {
        return itemBytes;
    }

    /**
     * Size of one component: the element itself, or half of a complex element.
     *
     * @return bytes, 1 to 8
     */
    public int componentBytes() {
        return isComplex() ? itemBytes / 2 : itemBytes;
    }

    /**
     * numpy's type number on 64-bit Linux, as SharedArray stores it.
     *
     * @return numpy's {@code dtype.num}, for example 7 for int64 and 8 for uint64
     */
    public int numpyTypeNumber() {
        return numpyTypeNumber;
    }

    /**
     * Whether an element has a real and an imaginary part.
     *
     * @return true for the two complex types
     */
    public boolean isComplex() {
        return this == COMPLEX64 || this == COMPLEX128;
    }

    /**
     * Whether the elements are floating-point numbers; complex types count as such.
     *
     * @return true for float16, float32, float64 and both complex types
     */
    public boolean isFloating() {
        return this == FLOAT16 || this == FLOAT32 || this == FLOAT64 || isComplex();
    }

    /**
     * Whether the elements are unsigned integers; {@link #BOOL} counts as such.
     *
     * @return true for unsigned types
     */
    public boolean isUnsigned() {
        return this == UINT8 || this == UINT16 || this == UINT32 || this == UINT64 || this == BOOL;
    }

    /**
     * Parses a type as a user writes it: numpy's name or the short name, in upper or lower case.
     *
     * @param text for example {@code uint16}, {@code u16}, {@code f32}, {@code double}
     * @return the type
     * @throws IllegalArgumentException listing the names, if there is no such type
     */
    public static DataType parse(String text) {
        DataType type = BY_NAME.get(text.strip().toLowerCase(Locale.ROOT));
        if (type == null) {
            throw new IllegalArgumentException("unknown type '" + text + "': use one of "
                    + Arrays.stream(values()).map(DataType::shortName).collect(Collectors.joining(", "))
                    + " or numpy's name, for example uint16");
        }
        return type;
    }

    @Override
    public String toString() {
        return numpyName;
    }
}
