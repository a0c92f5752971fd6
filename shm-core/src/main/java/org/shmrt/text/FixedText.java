package org.shmrt.text;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;

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
