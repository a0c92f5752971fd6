package org.shmrt.memory;

import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The element types of images and arrays in shared memory: the union of what DAO, milk and numpy know.
 * Names are numpy's ({@code uint16}); {@link #parse} also accepts the short forms ({@code u16}, {@code u2}).
 *
 * <p>Each stream format has codes of its own, which it keeps. numpy numbers its types on 64-bit Linux.
 *
 * <p>Immutable; safe for any thread.
 */
public enum DataType {
    /** Unsigned 8-bit integer. */
    UINT8("uint8", "u8", "u1", 1, 2),
    /** Signed 8-bit integer. */
    INT8("int8", "i8", "i1", 1, 1),
    /** Unsigned 16-bit integer, what most cameras deliver. */
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
    /** IEEE 754 binary16; not every stream format has it. */
    FLOAT16("float16", "f16", "f2", 2, 23),
    /** One byte, 0 or 1; numpy only. */
    BOOL("bool", "bool", "b1", 1, 0);

    private static final Map<String, DataType> BY_NAME = new TreeMap<>();

    static {
        for (DataType type : values()) {
            BY_NAME.put(type.numpyName, type);
            BY_NAME.put(type.shortName, type);
        }
        // The usual words of C and numpy users. "i8" and "u8" stay the bit counts: numpy's byte counts
        // i1, u2, f4 ... are accepted by npy headers alone, where no doubt is possible.
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
     * The kind and byte count numpy writes in an {@code .npy} header, without the byte order.
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
     * @return the number, 7 for int64 and 8 for uint64
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
     * Whether the elements are floating-point numbers, complex ones included.
     *
     * @return true for half, single, double and both complex types
     */
    public boolean isFloating() {
        return this == FLOAT16 || this == FLOAT32 || this == FLOAT64 || isComplex();
    }

    /**
     * Whether the elements are integers without a sign; {@link #BOOL} counts as one.
     *
     * @return true for unsigned types
     */
    public boolean isUnsigned() {
        return this == UINT8 || this == UINT16 || this == UINT32 || this == UINT64 || this == BOOL;
    }

    /**
     * Reads a type as a user writes it: numpy's name or the short name, in any case.
     *
     * @param text for example {@code uint16}, {@code u16}, {@code f32}, {@code double}
     * @return the type
     * @throws IllegalArgumentException naming the accepted words, if there is no such type
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
