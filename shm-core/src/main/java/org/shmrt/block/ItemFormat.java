package org.shmrt.block;

import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * How a list describes an item: a text of 8 bytes in the language of Python's {@code struct}, NUL-padded, and a code
 * of one byte that says what to make of the value. Python writes these pairs and no other:
 *
 * <pre>
 *   int    q         0
 *   float  d         0
 *   bool   xxxxxxx?  0     the last of 8 bytes
 *   str    Ms        1     M bytes of UTF-8, NUL-padded; M in decimal
 *   bytes  Ms        2     M bytes, NUL-padded
 *   None   xxxxxx?x  3     8 bytes of 0
 * </pre>
 *
 * <p>The text is handled as the 64-bit number it is in memory, so that it is read and written in one piece.
 */
final class ItemFormat {
    static final int FORMAT_BYTES = 8;
    static final int CODE_BYTES = 1;
    /** Items are stored in multiples of this. */
    static final int ALIGNMENT = 8;
    /** The longest storage of a text whose length leaves room for the {@code s}. */
    static final long MAX_TEXT_BYTES = 9_999_992;

    static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG.withOrder(ByteOrder.LITTLE_ENDIAN);
    /** For private copies, which may lie anywhere. */
    static final ValueLayout.OfLong LONG_ANYWHERE = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private static final long OF_INT = word("q");
    private static final long OF_FLOAT = word("d");
    private static final long OF_BOOL = word("xxxxxxx?");
    private static final long OF_NONE = word("xxxxxx?x");

    private ItemFormat() {}

    private static long word(String text) {
        long word = 0;
        for (int i = 0; i < text.length(); i++) {
            word |= (long) text.charAt(i) << (8 * i);
        }
        return word;
    }

    /** The text of a format word, with what is no letter or digit shown as a dot. */
    static String text(long word) {
        StringBuilder text = new StringBuilder();
        for (long rest = word; rest != 0; rest >>>= 8) {
            char c = (char) (rest & 0xFF);
            text.append(c > ' ' && c < 127 ? c : '.');
        }
        return text.toString();
    }

    /** The format Python would give an item; texts have as many bytes as are stored. */
    static long of(ItemKind kind, long storageBytes) {
        return switch (kind) {
            case INT -> OF_INT;
            case FLOAT -> OF_FLOAT;
            case BOOL -> OF_BOOL;
            case NONE -> OF_NONE;
            case STR, BYTES -> word(storageBytes + "s");
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

    /** What a pair of format and code describes, or null if Python writes no such pair for that much storage. */
    static ItemKind kind(long format, byte code, long storageBytes) {
        if (code == 0) {
            return format == OF_INT
                    ? ItemKind.INT
                    : format == OF_FLOAT ? ItemKind.FLOAT : format == OF_BOOL ? ItemKind.BOOL : null;
        }
        if (code == 3) {
            return format == OF_NONE ? ItemKind.NONE : null;
        }
        long textBytes = textBytes(format);
        if (textBytes < 0 || textBytes > storageBytes) {
            return null;
        }
        return code == 1 ? ItemKind.STR : code == 2 ? ItemKind.BYTES : null;
    }

    /** M of a format {@code Ms}, or -1 if it is none. */
    static long textBytes(long format) {
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
}
