package org.shmrt.block;

import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * Description of an item in a list: a format of 8 bytes in the syntax of Python's {@code struct}, padded with NULs, and
 * a code of one byte that determines the Python type. Python writes only these pairs:
 *
 * <pre>
 *   int    q         0
 *   float  d         0
 *   bool   xxxxxxx?  0     in the last of 8 bytes
 *   str    Ms        1     M bytes of UTF-8, NUL-padded; M in decimal
 *   bytes  Ms        2     M bytes, NUL-padded
 *   None   xxxxxx?x  3     8 bytes of 0
 * </pre>
 *
 * <p>A format is read and written as one 64-bit value, so that readers never see parts of two formats.
 */
final class ItemFormat {
    static final int FORMAT_BYTES = 8;
    static final int CODE_BYTES = 1;
    /** The storage of an item is a multiple of this. */
    static final int ALIGNMENT = 8;
    /** The largest storage of a string whose length leaves room for the {@code s} in a format of 8 bytes. */
    static final long MAX_STRING_BYTES = 9_999_992;

    static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG.withOrder(ByteOrder.LITTLE_ENDIAN);
    /** For private copies, which need not be aligned. */
    static final ValueLayout.OfLong LONG_UNALIGNED = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private static final long INT_FORMAT = encode("q");
    private static final long FLOAT_FORMAT = encode("d");
    private static final long BOOL_FORMAT = encode("xxxxxxx?");
    private static final long NONE_FORMAT = encode("xxxxxx?x");

    private ItemFormat() {}

    private static long encode(String text) {
        long format = 0;
        for (int i = 0; i < text.length(); i++) {
            format |= (long) text.charAt(i) << (8 * i);
        }
        return format;
    }

    /** The text of a format, with a dot for each character that is not printable. */
    private static String text(long format) {
        StringBuilder text = new StringBuilder();
        for (long rest = format; rest != 0; rest >>>= 8) {
            char c = (char) (rest & 0xFF);
            text.append(c > ' ' && c < 127 ? c : '.');
        }
        return text.toString();
    }

    /** The format that Python writes for an item; that of a string holds the size of its storage. */
    static long of(ItemKind kind, long storageBytes) {
        return switch (kind) {
            case INT -> INT_FORMAT;
            case FLOAT -> FLOAT_FORMAT;
            case BOOL -> BOOL_FORMAT;
            case NONE -> NONE_FORMAT;
            case STR, BYTES -> encode(storageBytes + "s");
        };
    }

    static byte code(ItemKind kind) {
        return switch (kind) {
            case INT, FLOAT, BOOL -> 0;
            case STR -> 1;
            case BYTES -> 2;
            case NONE -> 3;
        };
    }

    /** The kind of an item; null, because reads must not allocate, if Python writes no such pair for this storage. */
    static ItemKind kind(long format, byte code, long storageBytes) {
        if (code == 0) {
            return format == INT_FORMAT
                    ? ItemKind.INT
                    : format == FLOAT_FORMAT ? ItemKind.FLOAT : format == BOOL_FORMAT ? ItemKind.BOOL : null;
        }
        if (code == 3) {
            return format == NONE_FORMAT ? ItemKind.NONE : null;
        }
        long stringBytes = stringBytes(format);
        if (stringBytes < 0 || stringBytes > storageBytes) {
            return null;
        }
        return code == 1 ? ItemKind.STR : code == 2 ? ItemKind.BYTES : null;
    }

    /** M of a format {@code Ms}, or -1 for other formats. */
    static long stringBytes(long format) {
        long bytes = 0;
        int digits = 0;
        for (long rest = format; ; rest >>>= 8) {
            int c = (int) (rest & 0xFF);
            if (c == 's') {
                return digits > 0 && rest >>> 8 == 0 ? bytes : -1;
            }
            if (c < '0' || c > '9') {
                return -1;
            }
            bytes = bytes * 10 + c - '0';
            digits++;
        }
    }

    /** The reason why an item is malformed. */
    static String problem(int item, long format, byte code, long storageBytes) {
        return "item " + item + " has the format '" + text(format) + "' with the code " + code + " in " + storageBytes
                + " bytes, which is not valid in a list";
    }
}
