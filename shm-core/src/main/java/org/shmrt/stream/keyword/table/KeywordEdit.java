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
 * One change of a keyword table: taken as a private copy, changed there, and stored only when all of it fits. Records
 * that do not change are not touched. The rules are pyMilk's: a keyword that exists keeps its place, a new one comes
 * after the last, a replaced set is sorted by name.
 */
public final class KeywordEdit {
    private final KeywordRecords shared;
    private final KeywordLayout layout;
    private final String stream;
    private final MemorySegment[] found;
    private final MemorySegment[] wanted;
    private final int listed;

    /**
     * Takes the table.
     *
     * @throws BusyException if another program changes a record all the time
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
                throw new BusyException("keyword record " + i + " of " + stream + " is being changed without a pause "
                        + "by another program: try again");
            }
        }
        this.wanted = found.clone();
        this.listed = listed(found, layout);
        // What lies beyond the list is left over from a longer one.
        Arrays.fill(wanted, listed, wanted.length, KeywordRecord.empty(layout));
        if (layout.endsAtEmptyName()) {
            dropCopies();
        }
    }

    /** A removal moves records down one by one: a program that was killed at it left one of them twice. */
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

    /** Whether two neighbours of one name are the same, or one of them is being overwritten. */
    private static boolean isCopy(MemorySegment one, MemorySegment next) {
        return KeywordRecord.isNamed(next, name(one))
                && (KeywordRecord.isUnused(one) || KeywordRecord.isUnused(next) || one.mismatch(next) < 0);
    }

    /** How many records belong to the list, used or not. */
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
     * Sets a keyword: in its place if there is one of its name, else after the last. Without a comment, not even an
     * empty one, it keeps the comment there is.
     *
     * @throws NoSpaceException if there is no room for another
     */
    public void put(Keyword keyword) {
        MemorySegment record = KeywordRecord.encode(keyword, layout);
        int index = indexOf(wanted, KeywordRecord.nameBytes(keyword.name()));
        if (index < 0) {
            wanted[indexForNew()] = record;
            return;
        }
        if (keyword.comment() == null && !KeywordRecord.isUnused(wanted[index])) {
            // As bytes: a comment that another program cut inside a character stays as it is.
            MemorySegment.copy(
                    wanted[index], layout.commentOffset(), record, layout.commentOffset(), KeywordLayout.COMMENT_BYTES);
        }
        countWrite(record);
        wanted[index] = record;
    }

    /** One more write than the record of that name had when the table was taken. */
    private void countWrite(MemorySegment record) {
        int before = indexOf(found, name(record));
        if (before >= 0) {
            KeywordRecord.writes(record, layout, KeywordRecord.writes(found[before], layout) + 1);
        }
    }

    private static byte[] name(MemorySegment record) {
        int length = FixedText.length(record, 0, KeywordLayout.TEXT_BYTES);
        return record.asSlice(0, length).toArray(ValueLayout.JAVA_BYTE);
    }

    /** After the last that bears a name; else any without one; else one that is unused by its type. */
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
                        + ", which is used up: remove one";
        return new NoSpaceException(stream + room + (layout.count() == 0 ? ": " : ", or ")
                + "create the stream with more (StreamSpec.withKeywords, shm create --keywords)");
    }

    /**
     * Puts a whole new set in place of the old.
     *
     * @throws NoSpaceException if there is no room for all of it
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

    /** Takes a keyword out; false if there is none of that name. */
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
            // Programs know a DAO keyword by its place: the others stay where they are.
            wanted[index] = KeywordRecord.empty(layout);
        }
        return true;
    }

    /** Brings the change to the shared memory, in an order in which no list is ever longer than it should be. */
    public void store() {
        // First, or the leftovers would come back to life with a keyword that is appended.
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
