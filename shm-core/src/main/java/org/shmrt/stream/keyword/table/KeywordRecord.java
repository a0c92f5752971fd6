package org.shmrt.stream.keyword.table;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_DOUBLE_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.shmrt.stream.format.KeywordLayout;
import org.shmrt.stream.keyword.Keyword;
import org.shmrt.text.FixedText;

/** Converts keywords to and from the bytes of one record, in private memory. Unused bytes of a record are zero. */
final class KeywordRecord {
    private KeywordRecord() {}

    /** Memory for one record, all zero. */
    static MemorySegment empty(KeywordLayout layout) {
        return MemorySegment.ofArray(new long[(layout.stride() + 7) / 8]).asSlice(0, layout.stride());
    }

    /** The keyword in a record; null if the record is unused or has an unknown type. */
    static Keyword decode(MemorySegment record, KeywordLayout layout) {
        Keyword.Type type = Keyword.Type.ofCode(record.get(JAVA_BYTE, KeywordLayout.TYPE_OFFSET));
        if (type == null || !hasName(record)) {
            return null;
        }
        long at = layout.valueOffset();
        Object value = switch (type) {
            case LONG -> record.get(JAVA_LONG_UNALIGNED, at);
            case DOUBLE -> record.get(JAVA_DOUBLE_UNALIGNED, at);
            case TEXT -> FixedText.get(record, at, KeywordLayout.TEXT_BYTES);
        };
        return new Keyword(
                FixedText.get(record, 0, KeywordLayout.TEXT_BYTES),
                type,
                value,
                FixedText.get(record, layout.commentOffset(), KeywordLayout.COMMENT_BYTES));
    }

    /**
     * The record of a keyword.
     *
     * @throws IllegalArgumentException if it cannot be stored; the message names the limit
     */
    static MemorySegment encode(Keyword keyword, KeywordLayout layout) {
        byte[] name = nameBytes(keyword.name());
        if (keyword.type() == null) {
            throw new IllegalArgumentException("keyword " + keyword.name() + " has no type");
        }
        MemorySegment record = empty(layout);
        put(record, 0, name);
        record.set(JAVA_BYTE, KeywordLayout.TYPE_OFFSET, (byte) keyword.type().code());
        long at = layout.valueOffset();
        switch (keyword.type()) {
            case LONG -> record.set(JAVA_LONG_UNALIGNED, at, value(keyword, Long.class));
            case DOUBLE -> record.set(JAVA_DOUBLE_UNALIGNED, at, value(keyword, Double.class));
            case TEXT ->
                put(
                        record,
                        at,
                        bytes(
                                "the text of keyword " + keyword.name(),
                                value(keyword, String.class),
                                KeywordLayout.TEXT_BYTES));
        }
        if (keyword.comment() != null) {
            put(
                    record,
                    layout.commentOffset(),
                    bytes("the comment of keyword " + keyword.name(), keyword.comment(), KeywordLayout.COMMENT_BYTES));
        }
        return record;
    }

    private static <T> T value(Keyword keyword, Class<T> wanted) {
        if (!wanted.isInstance(keyword.value())) {
            throw new IllegalArgumentException("keyword " + keyword.name() + " is of type " + keyword.type()
                    + ", but its value is not a " + wanted.getSimpleName() + ": " + keyword.value());
        }
        return wanted.cast(keyword.value());
    }

    private static void put(MemorySegment record, long offset, byte[] bytes) {
        MemorySegment.copy(bytes, 0, record, JAVA_BYTE, offset, bytes.length);
    }

    /**
     * The bytes of a name.
     *
     * @throws IllegalArgumentException if the name is not valid
     */
    static byte[] nameBytes(String name) {
        if (name == null || name.isEmpty()) {
            throw new IllegalArgumentException("the name of a keyword must not be empty");
        }
        return bytes("the name of keyword " + name.replace('\0', '?'), name, KeywordLayout.TEXT_BYTES);
    }

    private static byte[] bytes(String what, String text, int maxBytes) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        if (bytes.length > maxBytes) {
            throw new IllegalArgumentException(
                    what + " has " + bytes.length + " bytes in UTF-8, but there is room for " + maxBytes);
        }
        // An unpaired surrogate has no UTF-8 form; getBytes replaces it by a question mark.
        if (text.indexOf('\0') >= 0 || !new String(bytes, StandardCharsets.UTF_8).equals(text)) {
            throw new IllegalArgumentException(
                    what + " contains a character that cannot be stored (NUL or an unpaired surrogate)");
        }
        return bytes;
    }

    static boolean hasName(MemorySegment record) {
        return record.get(JAVA_BYTE, 0) != 0;
    }

    /** Whether a record has a name. Bytes after its NUL are ignored. */
    static boolean isNamed(MemorySegment record, byte[] name) {
        int length = FixedText.length(record, 0, KeywordLayout.TEXT_BYTES);
        return length == name.length && Arrays.equals(record.asSlice(0, length).toArray(JAVA_BYTE), name);
    }

    /** Whether no program reads a record as a keyword, even if it has a name. */
    static boolean isUnused(MemorySegment record) {
        byte type = record.get(JAVA_BYTE, KeywordLayout.TYPE_OFFSET);
        return !hasName(record) || type == KeywordLayout.UNUSED || type == 0;
    }

    /** How often a record was written; 0 if the format does not count writes. */
    static long writes(MemorySegment record, KeywordLayout layout) {
        return layout.countOffset() < 0 ? 0 : record.get(JAVA_LONG_UNALIGNED, layout.countOffset());
    }

    static void writes(MemorySegment record, KeywordLayout layout, long writes) {
        if (layout.countOffset() >= 0) {
            record.set(JAVA_LONG_UNALIGNED, layout.countOffset(), writes);
        }
    }
}
