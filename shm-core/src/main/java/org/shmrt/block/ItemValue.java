package org.shmrt.block;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A value in the form in which a list stores it.
 *
 * @param kind its kind
 * @param bits 64 bits of an int, float, bool or None, little-endian in memory; 0 for a str or bytes
 * @param string bytes of a str or bytes, without padding; empty for other kinds
 */
record ItemValue(ItemKind kind, long bits, byte[] string) {
    private static final byte[] NO_BYTES = {};
    private static final int BOOL_SHIFT = 56;

    static ItemValue of(Object value) {
        return switch (value) {
            case null -> new ItemValue(ItemKind.NONE, 0, NO_BYTES);
            case Long number -> of((long) number);
            case Integer number -> of((long) number);
            case Short number -> of((long) number);
            case Byte number -> of((long) number);
            case Double number -> of((double) number);
            case Float number -> of((double) number);
            case Boolean flag -> new ItemValue(ItemKind.BOOL, flag ? 1L << BOOL_SHIFT : 0, NO_BYTES);
            case String text -> new ItemValue(ItemKind.STR, 0, utf8(text));
            case byte[] bytes -> new ItemValue(ItemKind.BYTES, 0, bytes.clone());
            default ->
                throw new IllegalArgumentException(
                        "a list cannot store a " + value.getClass().getName()
                                + ": use Long or a smaller integer type, Double, Float, Boolean, String, byte[] or"
                                + " null");
        };
    }

    private static ItemValue of(long number) {
        return new ItemValue(ItemKind.INT, number, NO_BYTES);
    }

    private static ItemValue of(double number) {
        return new ItemValue(ItemKind.FLOAT, Double.doubleToRawLongBits(number), NO_BYTES);
    }

    /** The UTF-8 bytes of a text. As in Python, an unpaired surrogate is an error. */
    private static byte[] utf8(String text) {
        try {
            ByteBuffer encoded = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(text));
            byte[] bytes = new byte[encoded.remaining()];
            encoded.get(bytes);
            return bytes;
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException("the text contains an unpaired surrogate, which UTF-8 cannot encode", e);
        }
    }

    boolean isString() {
        return kind == ItemKind.STR || kind == ItemKind.BYTES;
    }

    /**
     * Storage for the value in a new list. As in Python, a string has room for at least one NUL after it, but its length
     * is counted in bytes, where Python counts characters.
     */
    long storageBytes() {
        if (!isString()) {
            return ItemFormat.ALIGNMENT;
        }
        long bytes = ItemFormat.ALIGNMENT * (string.length / ItemFormat.ALIGNMENT + 1L);
        if (bytes > ItemFormat.MAX_STRING_BYTES) {
            throw new IllegalArgumentException(
                    "a string of " + string.length + " bytes is too long for a list: at most "
                            + (ItemFormat.MAX_STRING_BYTES - 1) + " bytes are supported");
        }
        return bytes;
    }

    /** The Java value of an int, float, bool or None. */
    static Object decode(ItemKind kind, long bits) {
        return switch (kind) {
            case INT -> bits;
            case FLOAT -> Double.longBitsToDouble(bits);
            case BOOL -> bits >>> BOOL_SHIFT != 0;
            case NONE -> null;
            case STR, BYTES -> throw new IllegalArgumentException(kind + " is not stored in 64 bits");
        };
    }

    /** A string without the NULs at its end, which cannot be distinguished from padding. */
    static byte[] stripped(byte[] stored) {
        int length = stored.length;
        while (length > 0 && stored[length - 1] == 0) {
            length--;
        }
        return length == stored.length ? stored : Arrays.copyOf(stored, length);
    }

    /** Decodes UTF-8; throws where Python raises UnicodeDecodeError. */
    static String decodeUtf8(byte[] bytes) throws CharacterCodingException {
        return StandardCharsets.UTF_8
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT)
                .decode(ByteBuffer.wrap(bytes))
                .toString();
    }
}
