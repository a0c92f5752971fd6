package org.shmrt.stream.keyword.table;

import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.List;
import org.shmrt.posix.GuardedCopy;
import org.shmrt.stream.engine.HeaderWords;
import org.shmrt.stream.format.KeywordLayout;
import org.shmrt.stream.keyword.Keyword;

/**
 * The keyword records in shared memory. Other programs read and change them without locks, and records may be
 * unaligned, so consistency depends on the order of stores and loads.
 *
 * <p>Writing. A record without a name is invisible: it is filled first and gets its name last. A record with a name is
 * changed between a store that sets its type to {@code N} (unused) and a store that sets its new type. A value of 8
 * aligned bytes is one store. So a program that reads the type, name and value of a record without being stopped in
 * between sees the old keyword, the new one, or none.
 *
 * <p>Reading is stricter, because a reader can be stopped at any point. It makes copy A, then loads the type, then
 * makes copy B, and accepts A if it equals B and contains that type. If A contains a byte of a change, the {@code N} of
 * the change was stored before. So the type loaded afterwards is {@code N}, or the change was complete by then, and B,
 * and therefore A, is completely new. (Renaming a record is such a change. Only two changes during one read that
 * restore the same bytes could be missed.)
 */
final class KeywordRecords {
    private static final int ATTEMPTS = 1000;

    private final MemorySegment file;
    private final KeywordLayout layout;

    KeywordRecords(MemorySegment file, KeywordLayout layout) {
        this.file = file;
        this.layout = layout;
    }

    private long at(int index) {
        return layout.offset() + (long) index * layout.stride();
    }

    /** The keywords in use, in the table's order. Omits a record that another program keeps changing. */
    List<Keyword> list() {
        List<Keyword> keywords = new ArrayList<>();
        MemorySegment record = KeywordRecord.empty(layout);
        MemorySegment again = KeywordRecord.empty(layout);
        for (int i = 0; i < layout.count(); i++) {
            if (!load(i, record, again)) {
                continue;
            }
            if (layout.endsAtEmptyName() && !KeywordRecord.hasName(record)) {
                break;
            }
            Keyword keyword = KeywordRecord.decode(record, layout);
            if (keyword != null) {
                keywords.add(keyword);
            }
        }
        return keywords;
    }

    /** Copies a record consistently. Returns false if another program keeps changing it. */
    boolean load(int index, MemorySegment record, MemorySegment again) {
        long at = at(index);
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            GuardedCopy.copy(file, at, record, 0, layout.stride());
            VarHandle.acquireFence();
            byte type = HeaderWords.bytePlain(file, at + KeywordLayout.TYPE_OFFSET);
            VarHandle.acquireFence();
            GuardedCopy.copy(file, at, again, 0, layout.stride());
            if (type == HeaderWords.bytePlain(again, KeywordLayout.TYPE_OFFSET) && record.mismatch(again) < 0) {
                return true;
            }
            Thread.onSpinWait();
        }
        return false;
    }

    /** Stores a keyword in a record; {@code old} is the present content of the record. */
    void store(int index, MemorySegment old, MemorySegment record) {
        long at = at(index);
        if (!KeywordRecord.hasName(old)) {
            fill(at, record);
        } else if (isAlignedChange(at, old, record)) {
            // Aligned stores of a long are atomic for every reader.
            HeaderWords.longPlain(
                    file, at + layout.valueOffset(), record.get(JAVA_LONG_UNALIGNED, layout.valueOffset()));
            if (layout.countOffset() >= 0) {
                HeaderWords.longPlain(file, at + layout.countOffset(), KeywordRecord.writes(record, layout));
            }
        } else {
            HeaderWords.bytePlain(file, at + KeywordLayout.TYPE_OFFSET, KeywordLayout.UNUSED);
            VarHandle.storeStoreFence();
            GuardedCopy.copy(record, 0, file, at, KeywordLayout.TEXT_BYTES);
            VarHandle.storeStoreFence();
            storeValueAndComment(at, record);
            VarHandle.storeStoreFence();
            storeType(at, record);
        }
        VarHandle.storeStoreFence();
    }

    /** Fills a record. The first byte of the name is stored last, because it makes the record visible. */
    private void fill(long at, MemorySegment record) {
        storeValueAndComment(at, record);
        storeType(at, record);
        GuardedCopy.copy(record, 1, file, at + 1, KeywordLayout.TEXT_BYTES - 1L);
        VarHandle.storeStoreFence();
        HeaderWords.bytePlain(file, at, HeaderWords.bytePlain(record, 0));
    }

    private void storeValueAndComment(long at, MemorySegment record) {
        long from = KeywordLayout.TYPE_OFFSET + 1L;
        GuardedCopy.copy(record, from, file, at + from, layout.stride() - from);
    }

    private void storeType(long at, MemorySegment record) {
        HeaderWords.bytePlain(
                file, at + KeywordLayout.TYPE_OFFSET, HeaderWords.bytePlain(record, KeywordLayout.TYPE_OFFSET));
    }

    /** Whether two records differ only in aligned words: a numeric value, and the count of writes. */
    private boolean isAlignedChange(long at, MemorySegment old, MemorySegment record) {
        if ((at + layout.valueOffset()) % 8 != 0
                || (layout.countOffset() >= 0 && (at + layout.countOffset()) % 8 != 0)
                || Keyword.Type.ofCode(HeaderWords.bytePlain(record, KeywordLayout.TYPE_OFFSET)) == Keyword.Type.TEXT) {
            return false;
        }
        MemorySegment changed = KeywordRecord.empty(layout).copyFrom(old);
        changed.set(JAVA_LONG_UNALIGNED, layout.valueOffset(), record.get(JAVA_LONG_UNALIGNED, layout.valueOffset()));
        KeywordRecord.writes(changed, layout, KeywordRecord.writes(record, layout));
        return changed.mismatch(record) < 0;
    }

    /** Makes a record unused, as after creation. The name is removed first, and with it the keyword. */
    void clear(int index) {
        long at = at(index);
        HeaderWords.bytePlain(file, at, (byte) 0);
        VarHandle.storeStoreFence();
        HeaderWords.bytePlain(file, at + KeywordLayout.TYPE_OFFSET, KeywordLayout.UNUSED);
        VarHandle.storeStoreFence();
        file.asSlice(at, KeywordLayout.TYPE_OFFSET).fill((byte) 0);
        long from = KeywordLayout.TYPE_OFFSET + 1L;
        file.asSlice(at + from, layout.stride() - from).fill((byte) 0);
        VarHandle.storeStoreFence();
    }
}
