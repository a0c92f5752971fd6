package org.shmrt.text;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Text in fields of a fixed size, as C programs store it: it ends at a NUL or fills the field without one. */
public final class FixedText {
    private FixedText() {}

    /**
     * Reads the text of a field. Never reads beyond the field.
     *
     * @param bytes the memory that contains the field; a private copy if others may write there
     * @param offset position of the field, bytes
     * @param fieldBytes size of the field, bytes
     * @return the text, decoded as UTF-8
     */
    public static String get(MemorySegment bytes, long offset, int fieldBytes) {
        byte[] text = bytes.asSlice(offset, length(bytes, offset, fieldBytes)).toArray(ValueLayout.JAVA_BYTE);
        return new String(text, StandardCharsets.UTF_8);
    }

    /**
     * Reads the name of a file. Never reads beyond the field.
     *
     * @param bytes the memory that contains the field; a private copy if others may write there
     * @param offset position of the field, bytes
     * @param fieldBytes size of the field, bytes
     * @return the text of the name, see {@link FileNames#text(byte[])}
     */
    public static String fileName(MemorySegment bytes, long offset, int fieldBytes) {
        return FileNames.text(
                bytes.asSlice(offset, length(bytes, offset, fieldBytes)).toArray(ValueLayout.JAVA_BYTE));
    }

    /**
     * The longest start of a text that fits into a field.
     *
     * @param text a text in UTF-8
     * @param maxBytes size of the field, bytes
     * @return the text, truncated between two characters if it is longer
     */
    public static byte[] start(byte[] text, int maxBytes) {
        if (text.length <= maxBytes) {
            return text;
        }
        int length = maxBytes;
        // A character has at most three bytes after its first. The bytes may be no UTF-8 at all.
        while (length > Math.max(0, maxBytes - 3) && (text[length] & 0xc0) == 0x80) {
            length--;
        }
        return Arrays.copyOf(text, length);
    }

    /**
     * Stores a text: as many bytes of its UTF-8 form as fit in front of a NUL, then NULs to the end of the field.
     *
     * @param bytes the memory that contains the field
     * @param offset position of the field, bytes
     * @param fieldBytes size of the field, bytes, at least 1
     * @param text the text
     */
    public static void set(MemorySegment bytes, long offset, int fieldBytes, String text) {
        store(bytes, offset, fieldBytes, fieldBytes - 1, text);
    }

    /**
     * Stores a text that may fill its field: as many bytes of its UTF-8 form as fit, then NULs to the end of the field.
     *
     * @param bytes the memory that contains the field
     * @param offset position of the field, bytes
     * @param fieldBytes size of the field, bytes
     * @param text the text
     */
    public static void fill(MemorySegment bytes, long offset, int fieldBytes, String text) {
        store(bytes, offset, fieldBytes, fieldBytes, text);
    }

    private static void store(MemorySegment bytes, long offset, int fieldBytes, int maxBytes, String text) {
        byte[] encoded = text.getBytes(StandardCharsets.UTF_8);
        int length = Math.min(encoded.length, maxBytes);
        if (length > 0) { // a copy of nothing makes the JVM discard the compiled code of other copies
            MemorySegment.copy(encoded, 0, bytes, ValueLayout.JAVA_BYTE, offset, length);
        }
        bytes.asSlice(offset + length, fieldBytes - length).fill((byte) 0);
    }

    /**
     * Length of the text of a field.
     *
     * @param bytes the memory that contains the field; a private copy if others may write there
     * @param offset position of the field, bytes
     * @param fieldBytes size of the field, bytes
     * @return bytes before the first NUL; {@code fieldBytes} if there is none
     */
    public static int length(MemorySegment bytes, long offset, int fieldBytes) {
        int length = 0;
        while (length < fieldBytes && bytes.get(ValueLayout.JAVA_BYTE, offset + length) != 0) {
            length++;
        }
        return length;
    }
}
