package org.shmrt.stream;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import org.shmrt.memory.FixedText;

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
            if (layout.endsAtEmptyName() && record.get(ValueLayout.JAVA_BYTE, 0) == 0) {
                break;
            }
            Keyword keyword = decode(record, layout);
            if (keyword != null) {
                keywords.add(keyword);
            }
        }
        return keywords;
    }

    private static Keyword decode(MemorySegment record, KeywordLayout layout) {
        Keyword.Type type = Keyword.Type.ofCode(record.get(ValueLayout.JAVA_BYTE, KeywordLayout.TYPE_OFFSET));
        String name = FixedText.get(record, 0, KeywordLayout.TEXT_BYTES);
        if (type == null || name.isEmpty()) {
            return null;
        }
        long at = layout.valueOffset();
        Object value = switch (type) {
            case LONG -> record.get(ValueLayout.JAVA_LONG_UNALIGNED, at);
            case DOUBLE -> record.get(ValueLayout.JAVA_DOUBLE_UNALIGNED, at);
            case TEXT -> FixedText.get(record, at, KeywordLayout.TEXT_BYTES);
        };
        return new Keyword(name, type, value, FixedText.get(record, layout.commentOffset(), KeywordLayout.COMMENT_BYTES));
    }
}
