package org.shmrt.array;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.shmrt.memory.DataType;

/**
 * Type of the elements of a numpy array in shared memory: the number by which numpy knows it on 64-bit Linux, and the
 * size of an element. The numbers of {@link DataType} are read and written one by one; strings, structures, dates and
 * long doubles are carried as the bytes they are. Byte order, units of dates and fields of structures are not recorded
 * by SharedArray: data is little-endian, and the rest has to be known.
 *
 * <p>Immutable; safe for any thread. Source: numpy 1.24 and 2.4, {@code numpy.dtype.num}.
 *
 * @param typeNumber numpy's {@code dtype.num}
 * @param itemBytes size of an element
 */
public record ArrayType(int typeNumber, int itemBytes) {
    /** Dates in 64 bits, of a unit that is not recorded. */
    public static final ArrayType DATETIME64 = new ArrayType(21, 8);
    /** Durations in 64 bits, of a unit that is not recorded. */
    public static final ArrayType TIMEDELTA64 = new ArrayType(22, 8);
    /** C's {@code long double} in 16 bytes, which Java has no number for. */
    public static final ArrayType LONG_DOUBLE = new ArrayType(13, 16);
    /** Two of C's {@code long double}. */
    public static final ArrayType COMPLEX_LONG_DOUBLE = new ArrayType(16, 32);

    private static final int LONG_LONG = 9;
    private static final int UNSIGNED_LONG_LONG = 10;
    private static final int OBJECT = 17;
    private static final int BYTES = 18;
    private static final int UNICODE = 19;
    private static final int VOID = 20;
    private static final int TEXT_OF_NUMPY_2 = 2056;
    private static final int UTF32_BYTES = 4;

    /** The types of Java numbers by numpy's number; null between them. */
    private static final DataType[] NUMBERS = new DataType[24];

    static {
        for (DataType type : DataType.values()) {
            NUMBERS[type.numpyTypeNumber()] = type;
        }
        NUMBERS[LONG_LONG] = DataType.INT64;
        NUMBERS[UNSIGNED_LONG_LONG] = DataType.UINT64;
    }

    private static final Pattern SIZED = Pattern.compile("[|<]?([SUV])([1-9][0-9]{0,8})");

    /**
     * Checks that the size is right for the type.
     *
     * @throws IllegalArgumentException if numpy has no such type, the size is another, or the elements are pointers
     */
    public ArrayType {
        String refusal = refusal(typeNumber, itemBytes);
        if (refusal != null) {
            throw new IllegalArgumentException(refusal);
        }
    }

    /**
     * One of the numbers that Java can read and write.
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
     * @param itemBytes their size, at least 1
     * @return numpy's {@code S} type
     */
    public static ArrayType bytes(int itemBytes) {
        return new ArrayType(BYTES, itemBytes);
    }

    /**
     * Texts of a fixed length in UTF-32, padded with NULs.
     *
     * @param characters their length, at least 1
     * @return numpy's {@code U} type, of 4 bytes a character
     */
    public static ArrayType unicode(int characters) {
        if (characters > Integer.MAX_VALUE / UTF32_BYTES) {
            throw new IllegalArgumentException("texts of " + characters + " characters: at most "
                    + Integer.MAX_VALUE / UTF32_BYTES + " are possible");
        }
        return new ArrayType(UNICODE, characters * UTF32_BYTES);
    }

    /**
     * Structures, or anything else of a fixed size.
     *
     * @param itemBytes their size, at least 1
     * @return numpy's {@code V} type
     */
    public static ArrayType structure(int itemBytes) {
        return new ArrayType(VOID, itemBytes);
    }

    /**
     * Reads a type as a user writes it.
     *
     * @param text a name of {@link DataType#parse}, or numpy's {@code S12}, {@code U12}, {@code V12},
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

    /** What is wrong with a pair of numbers from a file, or null. */
    static String refusal(int typeNumber, int itemBytes) {
        int wanted = itemBytesOf(typeNumber);
        if (typeNumber == OBJECT || typeNumber == TEXT_OF_NUMPY_2) {
            return "elements of type number " + typeNumber + " are pointers into the process that made them";
        }
        if (wanted < 0) {
            return "type number " + typeNumber + " is none of numpy's";
        }
        if (wanted > 0 && itemBytes != wanted) {
            return "elements of type number " + typeNumber + " have " + wanted + " bytes, not " + itemBytes;
        }
        if (itemBytes < 1 || (typeNumber == UNICODE && itemBytes % UTF32_BYTES != 0)) {
            return "elements of type number " + typeNumber + " cannot have " + itemBytes + " bytes";
        }
        return null;
    }

    /** Size that follows from the type number: 0 where it has to be told, -1 where there is no such type. */
    static int itemBytesOf(int typeNumber) {
        return switch (typeNumber) {
            case 0, 1, 2 -> 1;
            case 3, 4, 23 -> 2;
            case 5, 6, 11 -> 4;
            case 7, 8, LONG_LONG, UNSIGNED_LONG_LONG, 12, 14, 21, 22 -> 8;
            case 13, 15 -> 16;
            case 16 -> 32;
            case BYTES, UNICODE, VOID -> 0;
            default -> -1;
        };
    }

    /**
     * The Java side of the type.
     *
     * @return the type by which elements are read and written, or null if they are carried as bytes only
     */
    public DataType dataType() {
        return typeNumber < NUMBERS.length ? NUMBERS[typeNumber] : null;
    }

    /**
     * numpy's name of the type, as {@code str(dtype)} prints it and {@code numpy.dtype(...)} accepts it.
     *
     * @return for example {@code float64}, {@code <U12}, {@code |S3}, {@code datetime64}
     */
    public String numpyName() {
        DataType type = dataType();
        return type != null
                ? type.numpyName()
                : switch (typeNumber) {
                    case 13 -> "float128";
                    case 16 -> "complex256";
                    case 21 -> "datetime64";
                    case 22 -> "timedelta64";
                    default -> npyDescription();
                };
    }

    /**
     * The type in the words of an {@code .npy} header.
     *
     * @return for example {@code <f8}, {@code |b1}, {@code <U12}, {@code |V24}, {@code <M8} (a date without its unit)
     */
    public String npyDescription() {
        DataType type = dataType();
        return type != null
                ? (itemBytes == 1 ? "|" : "<") + type.npyCode()
                : switch (typeNumber) {
                    case 13 -> "<f16";
                    case 16 -> "<c32";
                    case 21 -> "<M8";
                    case 22 -> "<m8";
                    case BYTES -> "|S" + itemBytes;
                    case UNICODE -> "<U" + itemBytes / UTF32_BYTES;
                    default -> "|V" + itemBytes;
                };
    }

    @Override
    public String toString() {
        return numpyName();
    }
}
