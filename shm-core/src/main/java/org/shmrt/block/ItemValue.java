package org.shmrt.block;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A value as a list stores it: a number's 64 bits, or the bytes of a text.
 *
 * @param kind what it is
 * @param bits of a number, bool or None, little-endian in memory
 * @param text of a str or bytes, without padding; else null
 */
record ItemValue(ItemKind kind, long bits, byte[] text) {
    private static final int BOOL_SHIFT = 56;

    static ItemValue of(Object value) {
        return switch (value) {
            case null -> new ItemValue(ItemKind.NONE, 0, null);
            case Long number -> of((long) number);
            case Integer number -> of((long) number);
            case Short number -> of((long) number);
            case Byte number -> of((long) number);
            case Double number -> of((double) number);
            case Float number -> of((double) number);
            case Boolean flag -> new ItemValue(ItemKind.BOOL, flag ? 1L << BOOL_SHIFT : 0, null);
            case String text -> new ItemValue(ItemKind.STR, 0, utf8(text));
            case byte[] bytes -> new ItemValue(ItemKind.BYTES, 0, bytes.clone());
            default ->
                throw new IllegalArgumentException(
                        "a list cannot hold a " + value.getClass().getName()
                                + ": only whole numbers of 64 bits, Double, Boolean, String, byte[] and null");
        };
    }

    private static ItemValue of(long number) {
        return new ItemValue(ItemKind.INT, number, null);
    }

    private static ItemValue of(double number) {
        return new ItemValue(ItemKind.FLOAT, Double.doubleToRawLongBits(number), null);
    }

    /** Its bytes, all of them: half a character is refused, as Python refuses it. */
    private static byte[] utf8(String text) {
        try {
            ByteBuffer encoded = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(text));
            byte[] bytes = new byte[encoded.remaining()];
            encoded.get(bytes);
            return bytes;
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException("a text with half a character (an unpaired surrogate) has no UTF-8", e);
        }
    }

    boolean isText() {
        return text != null;
    }

    /**
     * Storage for it in a new list: room for at least one NUL after a text, as Python gives, but counted in bytes where
     * Python counts characters.
     */
    long storageBytes() {
        if (!isText()) {
            return ItemFormat.ALIGNMENT;
        }
        long bytes = ItemFormat.ALIGNMENT * (text.length / ItemFormat.ALIGNMENT + 1L);
        if (bytes > ItemFormat.MAX_TEXT_BYTES) {
            throw new IllegalArgumentException("a text of " + text.length + " bytes is too long for a list: at most "
                    + (ItemFormat.MAX_TEXT_BYTES - 1) + " bytes");
        }
        return bytes;
    }

    /** Number, bool or None from its 64 bits. */
    static Object decode(ItemKind kind, long bits) {
        return switch (kind) {
            case INT -> bits;
            case FLOAT -> Double.longBitsToDouble(bits);
            case BOOL -> bits >>> BOOL_SHIFT != 0;
            case NONE -> null;
            case STR, BYTES -> throw new IllegalArgumentException(kind + " is no number");
        };
    }

    /** A text without the NULs at its end, which nobody can tell from padding. */
    static byte[] stripped(byte[] stored) {
        int length = stored.length;
        while (length > 0 && stored[length - 1] == 0) {
            length--;
        }
        return length == stored.length ? stored : Arrays.copyOf(stored, length);
    }

    /** Throws where Python raises UnicodeDecodeError. */
    static String decodeUtf8(byte[] bytes) throws CharacterCodingException {
        return StandardCharsets.UTF_8
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT)
                .decode(ByteBuffer.wrap(bytes))
                .toString();
    }
}
