package org.shmrt.relay.wire;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.shmrt.error.IncompatibleException;

/** Texts in messages: their length in bytes (u16), then UTF-8. */
final class WireText {
    private WireText() {}

    static void put(ByteBuffer to, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        to.putShort((short) bytes.length).put(bytes);
    }

    /** Bytes that {@link #put} needs. */
    static int bytes(String text) {
        return Short.BYTES + text.getBytes(StandardCharsets.UTF_8).length;
    }

    /**
     * Reads a text.
     *
     * @throws IncompatibleException if it is longer than {@code maxBytes} or not UTF-8
     * @throws BufferUnderflowException if the buffer ends before it
     */
    static String get(ByteBuffer from, int maxBytes) {
        int length = Short.toUnsignedInt(from.getShort());
        if (length > maxBytes) {
            throw new IncompatibleException("a text of " + length + " bytes was received where " + maxBytes
                    + " are possible: check that the program on the other side is a relay of the same version");
        }
        if (length > from.remaining()) {
            throw new BufferUnderflowException();
        }
        ByteBuffer text = from.slice(from.position(), length);
        from.position(from.position() + length);
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(text).toString();
        } catch (CharacterCodingException e) {
            throw new IncompatibleException(
                    "a text was received that is not UTF-8: check that the program on the other"
                            + " side is a relay of the same version",
                    e);
        }
    }
}
