package org.shmrt.stream.keyword.table;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.shmrt.error.BusyException;
import org.shmrt.error.NoSpaceException;
import org.shmrt.stream.format.KeywordLayout;
import org.shmrt.stream.keyword.Keyword;
import org.shmrt.text.FixedText;

/**
 * One change of a keyword table. The table is copied and changed in the copy, and stored only if the whole change fits.
 * Records that do not change are not written. The rules are those of pyMilk: an existing keyword keeps its position, a
 * new one is added after the last, and a replaced set is sorted by name.
 */
public final class KeywordEdit {
    private final KeywordRecords shared;
    private final KeywordLayout layout;
    private final String stream;
    private final MemorySegment[] found;
    private final MemorySegment[] wanted;
    private final int listed;

    /**
     * Copies the table.
     *
     * @throws BusyException if another program keeps changing a record
     */
    public KeywordEdit(MemorySegment file, KeywordLayout layout, String stream) {
        this.shared = new KeywordRecords(file, layout);
        this.layout = layout;
        this.stream = stream;
        this.found = new MemorySegment[layout.count()];
        MemorySegment again = KeywordRecord.empty(layout);
        for (int i = 0; i < found.length; i++) {
            found[i] = KeywordRecord.empty(layout);
            if (!shared.load(i, found[i], again)) {
                throw new BusyException("cannot read keyword record " + i + " of " + stream + ": another program keeps "
                        + "changing it; try again");
            }
        }
        this.wanted = found.clone();
        this.listed = listed(found, layout);
        // Records beyond the end of the list are remains of a longer list.
        Arrays.fill(wanted, listed, wanted.length, KeywordRecord.empty(layout));
        if (layout.endsAtEmptyName()) {
            dropCopies();
        }
    }

    /**
     * Drops duplicates: a removal moves the records one by one, and a program that was killed during it left one twice.
     */
    private void dropCopies() {
        int kept = 0;
        for (int i = 0; i < listed; i++) {
            if (kept == 0 || !isCopy(wanted[kept - 1], wanted[i])) {
                wanted[kept++] = wanted[i];
            } else if (KeywordRecord.isUnused(wanted[kept - 1])) {
                wanted[kept - 1] = wanted[i];
            }
        }
        Arrays.fill(wanted, kept, listed, KeywordRecord.empty(layout));
    }

    /** Whether two adjacent records of the same name are equal, or one of them was being overwritten. */
    private static boolean isCopy(MemorySegment one, MemorySegment next) {
        return KeywordRecord.isNamed(next, name(one))
                && (KeywordRecord.isUnused(one) || KeywordRecord.isUnused(next) || one.mismatch(next) < 0);
    }

    /** The number of records that belong to the list, used or not. */
    private static int listed(MemorySegment[] records, KeywordLayout layout) {
        int end = 0;
        while (layout.endsAtEmptyName() && end < records.length && KeywordRecord.hasName(records[end])) {
            end++;
        }
        return layout.endsAtEmptyName() ? end : records.length;
    }

    private int indexOf(MemorySegment[] records, byte[] name) {
        int end = listed(records, layout);
        for (int i = 0; i < end; i++) {
            if (KeywordRecord.isNamed(records[i], name)) {
                return i;
            }
        }
        return -1;
    }

    /**
     * Sets a keyword: at its position if the name exists, else after the last. If its comment is null, the existing
     * comment is kept.
     *
     * @throws NoSpaceException if the table is full
     */
    public void put(Keyword keyword) {
        MemorySegment record = KeywordRecord.encode(keyword, layout);
        int index = indexOf(wanted, KeywordRecord.nameBytes(keyword.name()));
        if (index < 0) {
            wanted[indexForNew()] = record;
            return;
        }
        if (keyword.comment() == null && !KeywordRecord.isUnused(wanted[index])) {
            // Copied as bytes, so that a comment that another program truncated inside a character is unchanged.
            MemorySegment.copy(
                    wanted[index], layout.commentOffset(), record, layout.commentOffset(), KeywordLayout.COMMENT_BYTES);
        }
        countWrite(record);
        wanted[index] = record;
    }

    /** Sets the write count to one more than that of the record of the same name in the copied table. */
    private void countWrite(MemorySegment record) {
        int old = indexOf(found, name(record));
        if (old >= 0) {
            KeywordRecord.writes(record, layout, KeywordRecord.writes(found[old], layout) + 1);
        }
    }

    private static byte[] name(MemorySegment record) {
        int length = FixedText.length(record, 0, KeywordLayout.TEXT_BYTES);
        return record.asSlice(0, length).toArray(ValueLayout.JAVA_BYTE);
    }

    /**
     * The position after the last record with a name; else a record without a name; else one with the type of unused
     * records.
     */
    private int indexForNew() {
        int end = listed(wanted, layout);
        if (layout.endsAtEmptyName() && end < wanted.length) {
            return end;
        }
        int last = end - 1;
        while (last >= 0 && !KeywordRecord.hasName(wanted[last])) {
            last--;
        }
        if (last + 1 < end) {
            return last + 1;
        }
        for (int i = 0; i < end; i++) {
            if (!KeywordRecord.hasName(wanted[i])) {
                return i;
            }
        }
        for (int i = 0; i < end; i++) {
            if (KeywordRecord.isUnused(wanted[i])) {
                return i;
            }
        }
        throw full();
    }

    private NoSpaceException full() {
        String room = layout.count() == 0
                ? " has no room for keywords"
                : " has room for " + layout.count() + (layout.count() == 1 ? " keyword" : " keywords")
                        + ", and all are used: remove one";
        return new NoSpaceException(stream + room + (layout.count() == 0 ? ": " : ", or ")
                + "create the stream again with room for more (shm create --keywords N)");
    }

    /**
     * Replaces all keywords by a new set.
     *
     * @throws NoSpaceException if there are more than the table has room for
     */
    void replaceAll(Iterable<Keyword> keywords) {
        Arrays.fill(wanted, KeywordRecord.empty(layout));
        List<MemorySegment> records = new ArrayList<>();
        for (Keyword keyword : keywords) {
            MemorySegment record = KeywordRecord.encode(keyword, layout);
            byte[] name = name(record);
            records.removeIf(other -> KeywordRecord.isNamed(other, name));
            countWrite(record);
            records.add(record);
        }
        if (records.size() > wanted.length) {
            throw full();
        }
        records.sort((a, b) -> Arrays.compareUnsigned(name(a), name(b)));
        for (int i = 0; i < records.size(); i++) {
            wanted[i] = records.get(i);
        }
    }

    /** Removes a keyword. Returns false if there is none of that name. */
    public boolean remove(String name) {
        byte[] bytes = KeywordRecord.nameBytes(name);
        int index = indexOf(wanted, bytes);
        if (index < 0 || KeywordRecord.isUnused(wanted[index])) {
            return false;
        }
        if (layout.endsAtEmptyName()) {
            // A record without a name would end the list here.
            int end = listed(wanted, layout);
            System.arraycopy(wanted, index + 1, wanted, index, end - index - 1);
            wanted[end - 1] = KeywordRecord.empty(layout);
        } else {
            // Programs may refer to a DAO keyword by its position: the others are not moved.
            wanted[index] = KeywordRecord.empty(layout);
        }
        return true;
    }

    /** Stores the change in the shared memory, in an order in which the list never contains additional records. */
    public void store() {
        // First, because a keyword that is appended would make the remains of a longer list part of the list.
        for (int i = listed; i < found.length; i++) {
            if (KeywordRecord.hasName(found[i])) {
                shared.clear(i);
                found[i] = KeywordRecord.empty(layout);
            }
        }
        for (int i = 0; i < wanted.length; i++) {
            if (KeywordRecord.hasName(wanted[i]) && wanted[i].mismatch(found[i]) >= 0) {
                shared.store(i, found[i], wanted[i]);
            }
        }
        for (int i = 0; i < wanted.length; i++) {
            if (!KeywordRecord.hasName(wanted[i]) && KeywordRecord.hasName(found[i])) {
                shared.clear(i);
            }
        }
    }
}
