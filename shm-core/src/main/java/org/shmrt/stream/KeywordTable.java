package org.shmrt.stream;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads the keyword records of a stream. Texts may fill their field without a NUL, records may be misaligned,
 * and other programs change them without locking, so each record is copied once and read from the copy.
 */
final class KeywordTable {
    private KeywordTable() {
    }

    static List<Keyword> read(MemorySegment file, KeywordLayout layout) {
        List<Keyword> keywords = new ArrayList<>();
        MemorySegment record = MemorySegment.ofArray(new long[(layout.stride() + 7) / 8]);
        for (int i = 0; i < layout.count(); i++) {
            MemorySegment.copy(file, layout.offset() + (long) i * layout.stride(), record, 0, layout.stride());
            Keyword keyword = decode(record, layout);
            if (keyword != null) {
                keywords.add(keyword);
            }
        }
        return keywords;
    }

    private static Keyword decode(MemorySegment record, KeywordLayout layout) {
        Keyword.Type type = Keyword.Type.ofCode(record.get(ValueLayout.JAVA_BYTE, KeywordLayout.TYPE_OFFSET));
        String name = text(record, 0, KeywordLayout.TEXT_BYTES);
        if (type == null || name.isEmpty()) {
            return null;
        }
        long at = layout.valueOffset();
        Object value = switch (type) {
            case LONG -> record.get(ValueLayout.JAVA_LONG_UNALIGNED, at);
            case DOUBLE -> record.get(ValueLayout.JAVA_DOUBLE_UNALIGNED, at);
            case TEXT -> text(record, at, KeywordLayout.TEXT_BYTES);
        };
        return new Keyword(name, type, value, text(record, layout.commentOffset(), KeywordLayout.COMMENT_BYTES));
    }

    /** The text at {@code offset}, up to a NUL or the end of its field. */
    static String text(MemorySegment bytes, long offset, int fieldBytes) {
        byte[] field = bytes.asSlice(offset, fieldBytes).toArray(ValueLayout.JAVA_BYTE);
        int length = 0;
        while (length < field.length && field[length] != 0) {
            length++;
        }
        return new String(field, 0, length, StandardCharsets.UTF_8);
    }
}
