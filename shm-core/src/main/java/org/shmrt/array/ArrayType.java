package org.shmrt.array;

import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.shmrt.memory.DataType;

/**
 * Type of the elements of a numpy array: numpy's type number on 64-bit Linux and the size of an element. Elements of
 * the types of {@link DataType} can be read and written one by one; strings, structures, dates and long doubles are
 * accessible as bytes. SharedArray does not store byte order, units of dates or fields of structures: data is
 * little-endian, and users have to agree on the rest.
 *
 * <p>Immutable; safe for use by multiple threads. Source: numpy 1.24 and 2.4, {@code numpy.dtype.num}.
 *
 * @param typeNumber numpy's {@code dtype.num}
 * @param itemBytes size of an element in bytes
 */
public record ArrayType(int typeNumber, int itemBytes) {
    private static final int LONG_LONG = 9;
    private static final int UNSIGNED_LONG_LONG = 10;
    private static final int LONG_DOUBLE_NUMBER = 13;
    private static final int COMPLEX_LONG_DOUBLE_NUMBER = 16;
    private static final int OBJECT = 17;
    private static final int BYTES = 18;
    private static final int UNICODE = 19;
    private static final int VOID = 20;
    private static final int DATETIME_NUMBER = 21;
    private static final int TIMEDELTA_NUMBER = 22;
    private static final int STRING_OF_NUMPY_2 = 2056;
    private static final int UTF32_BYTES = 4;

    /** Element types by numpy's type number; null for numbers that have none. Filled before the constants below. */
    private static final DataType[] DATA_TYPES = new DataType[24];

    static {
        for (DataType type : DataType.values()) {
            DATA_TYPES[type.numpyTypeNumber()] = type;
        }
        DATA_TYPES[LONG_LONG] = DataType.INT64;
        DATA_TYPES[UNSIGNED_LONG_LONG] = DataType.UINT64;
    }

    /** Dates in 64 bits, in a unit that SharedArray does not store. */
    public static final ArrayType DATETIME64 = new ArrayType(DATETIME_NUMBER, 8);
    /** Durations in 64 bits, in a unit that SharedArray does not store. */
    public static final ArrayType TIMEDELTA64 = new ArrayType(TIMEDELTA_NUMBER, 8);
    /** C's {@code long double}, stored in 16 bytes; Java has no such type. */
    public static final ArrayType LONG_DOUBLE = new ArrayType(LONG_DOUBLE_NUMBER, 16);
    /** Two values of C's {@code long double}: real part, imaginary part. */
    public static final ArrayType COMPLEX_LONG_DOUBLE = new ArrayType(COMPLEX_LONG_DOUBLE_NUMBER, 32);

    private static final Pattern SIZED = Pattern.compile("[|<]?([SUV])([1-9][0-9]{0,8})");

    /**
     * Checks that an element of the type can have the size.
     *
     * @throws IllegalArgumentException if numpy has no such type, elements of the type have another size, or they are
     *     pointers
     */
    public ArrayType {
        problem(typeNumber, itemBytes).ifPresent(problem -> {
            throw new IllegalArgumentException(problem);
        });
    }

    /**
     * One of the types that Java can read and write.
     *
     * @param type the type
     * @return numpy's type of that name
     */
    public static ArrayType of(DataType type) {
        return new ArrayType(type.numpyTypeNumber(), type.itemBytes());
    }

    /**
     * Byte strings of a fixed size, padded with NULs.
     *
     * @param itemBytes size in bytes, at least 1
     * @return numpy's {@code S} type
     */
    public static ArrayType bytes(int itemBytes) {
        return new ArrayType(BYTES, itemBytes);
    }

    /**
     * Strings of a fixed length in UTF-32, padded with NULs.
     *
     * @param characters length in characters, at least 1
     * @return numpy's {@code U} type, 4 bytes per character
     */
    public static ArrayType unicode(int characters) {
        if (characters > Integer.MAX_VALUE / UTF32_BYTES) {
            throw new IllegalArgumentException("strings of " + characters + " characters: at most "
                    + Integer.MAX_VALUE / UTF32_BYTES + " are supported");
        }
        return new ArrayType(UNICODE, characters * UTF32_BYTES);
    }

    /**
     * Structures, or any other elements of a fixed size.
     *
     * @param itemBytes size in bytes, at least 1
     * @return numpy's {@code V} type
     */
    public static ArrayType structure(int itemBytes) {
        return new ArrayType(VOID, itemBytes);
    }

    /**
     * Parses a type as a user writes it.
     *
     * @param text a name that {@link DataType#parse} accepts, or numpy's {@code S12}, {@code U12}, {@code V12},
     *     {@code datetime64}, {@code timedelta64}, {@code longdouble}, {@code clongdouble}
     * @return the type
     * @throws IllegalArgumentException if there is no such type
     */
    public static ArrayType parse(String text) {
        String name = text.strip();
        Matcher sized = SIZED.matcher(name);
        if (sized.matches()) {
            int size = Integer.parseInt(sized.group(2));
            return switch (sized.group(1)) {
                case "S" -> bytes(size);
                case "U" -> unicode(size);
                default -> structure(size);
            };
        }
        return switch (name.toLowerCase(Locale.ROOT)) {
            case "datetime64" -> DATETIME64;
            case "timedelta64" -> TIMEDELTA64;
            case "longdouble", "float128" -> LONG_DOUBLE;
            case "clongdouble", "complex256" -> COMPLEX_LONG_DOUBLE;
            default -> of(DataType.parse(text));
        };
    }

    /** Why numpy has no type of this number and size, if so. */
    static Optional<String> problem(int typeNumber, int itemBytes) {
        String elements = "elements of type number " + typeNumber;
        if (typeNumber == OBJECT || typeNumber == STRING_OF_NUMPY_2) {
            return Optional.of(elements + " are pointers into the process that created them");
        }
        if (hasVariableSize(typeNumber)) {
            return itemBytes < 1 || (typeNumber == UNICODE && itemBytes % UTF32_BYTES != 0)
                    ? Optional.of(elements + " cannot have " + itemBytes + " bytes")
                    : Optional.empty();
        }
        OptionalInt fixed = fixedItemBytes(typeNumber);
        if (fixed.isEmpty()) {
            return Optional.of("numpy has no type number " + typeNumber);
        }
        return itemBytes != fixed.getAsInt()
                ? Optional.of(elements + " have " + fixed.getAsInt() + " bytes, not " + itemBytes)
                : Optional.empty();
    }

    /** Whether each array of the type chooses the size of its elements. */
    static boolean hasVariableSize(int typeNumber) {
        return typeNumber == BYTES || typeNumber == UNICODE || typeNumber == VOID;
    }

    /** Size of an element, if the type number alone determines it. */
    static OptionalInt fixedItemBytes(int typeNumber) {
        if (typeNumber >= 0 && typeNumber < DATA_TYPES.length && DATA_TYPES[typeNumber] != null) {
            return OptionalInt.of(DATA_TYPES[typeNumber].itemBytes());
        }
        return switch (typeNumber) {
            case DATETIME_NUMBER, TIMEDELTA_NUMBER -> OptionalInt.of(8);
            case LONG_DOUBLE_NUMBER -> OptionalInt.of(16);
            case COMPLEX_LONG_DOUBLE_NUMBER -> OptionalInt.of(32);
            default -> OptionalInt.empty();
        };
    }

    /**
     * The type by which Java reads and writes elements.
     *
     * @return the type, or nothing if elements are accessible as bytes only
     */
    public Optional<DataType> dataType() {
        return typeNumber < DATA_TYPES.length ? Optional.ofNullable(DATA_TYPES[typeNumber]) : Optional.empty();
    }

    /**
     * numpy's name of the type, as {@code str(dtype)} prints it and {@code numpy.dtype(...)} accepts it.
     *
     * @return for example {@code float64}, {@code <U12}, {@code |S3}, {@code datetime64}
     */
    public String numpyName() {
        return dataType().map(DataType::numpyName).orElseGet(() -> switch (typeNumber) {
            case LONG_DOUBLE_NUMBER -> "float128";
            case COMPLEX_LONG_DOUBLE_NUMBER -> "complex256";
            case DATETIME_NUMBER -> "datetime64";
            case TIMEDELTA_NUMBER -> "timedelta64";
            default -> npyDescription();
        });
    }

    /**
     * The type as an {@code .npy} header describes it ({@code descr}).
     *
     * @return for example {@code <f8}, {@code |b1}, {@code <U12}, {@code |V24}, {@code <M8} (a date without its unit)
     */
    public String npyDescription() {
        return dataType()
                .map(type -> (itemBytes == 1 ? "|" : "<") + type.npyCode())
                .orElseGet(() -> switch (typeNumber) {
                    case LONG_DOUBLE_NUMBER -> "<f16";
                    case COMPLEX_LONG_DOUBLE_NUMBER -> "<c32";
                    case DATETIME_NUMBER -> "<M8";
                    case TIMEDELTA_NUMBER -> "<m8";
                    case BYTES -> "|S" + itemBytes;
                    case UNICODE -> "<U" + itemBytes / UTF32_BYTES;
                    default -> "|V" + itemBytes;
                });
    }

    @Override
    public String toString() {
        return numpyName();
    }
}
