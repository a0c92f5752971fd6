package org.shmrt.stream.keyword.table;

import java.lang.foreign.MemorySegment;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.shmrt.error.AccessDeniedException;
import org.shmrt.error.IncompatibleException;
import org.shmrt.posix.Faults;
import org.shmrt.stream.engine.FileState;
import org.shmrt.stream.engine.MappedStream;
import org.shmrt.stream.format.KeywordLayout;
import org.shmrt.stream.keyword.Keyword;
import org.shmrt.stream.keyword.KeywordTable;
import org.shmrt.text.FileNames;

/** The keyword table in a mapped stream. Has no state besides the stream. */
public final class SharedKeywordTable implements KeywordTable {
    /** Serialises the changes of this process, also those through two objects for one stream. */
    private static final Object CHANGE = new Object();

    private final MappedStream stream;
    private final KeywordLayout layout;

    public SharedKeywordTable(MappedStream stream) {
        this.stream = stream;
        this.layout = stream.layout().keywords();
    }

    /** The keywords in use, in the table's order. */
    public static List<Keyword> read(MemorySegment file, KeywordLayout layout) {
        return new KeywordRecords(file, layout).list();
    }

    @Override
    public int capacity() {
        return layout.count();
    }

    @Override
    public List<Keyword> list() {
        return stream.read(file -> read(file, layout));
    }

    @Override
    public Optional<Keyword> find(String name) {
        return list().stream().filter(keyword -> keyword.name().equals(name)).findFirst();
    }

    @Override
    public void set(String name, long value) {
        set(Keyword.of(name, value).withComment(null));
    }

    @Override
    public void set(String name, double value) {
        set(Keyword.of(name, value).withComment(null));
    }

    @Override
    public void set(String name, boolean value) {
        set(Keyword.of(name, value).withComment(null));
    }

    @Override
    public void set(String name, String value) {
        set(Keyword.of(name, value).withComment(null));
    }

    @Override
    public void set(Keyword keyword) {
        update(List.of(keyword));
    }

    @Override
    public void update(Collection<Keyword> keywords) {
        change(edit -> {
            keywords.forEach(edit::put);
            return null;
        });
    }

    @Override
    public void replaceAll(Collection<Keyword> keywords) {
        change(edit -> {
            edit.replaceAll(keywords);
            return null;
        });
    }

    @Override
    public boolean remove(String name) {
        return change(edit -> edit.remove(name));
    }

    private <T> T change(Function<KeywordEdit, T> change) {
        if (!stream.isWritable()) {
            throw new AccessDeniedException("cannot change the keywords of " + FileNames.text(stream.path())
                    + ": it was opened read-only, open it with Access.READ_WRITE");
        }
        synchronized (CHANGE) {
            return stream.read(file -> {
                checkSameFile();
                KeywordEdit edit = new KeywordEdit(file, layout, FileNames.text(stream.path()));
                Faults.poll();
                T result = change.apply(edit);
                edit.store();
                return result;
            });
        }
    }

    private void checkSameFile() {
        FileState state = stream.fileState();
        if (state != FileState.SAME) {
            throw new IncompatibleException(
                    FileNames.text(stream.path()) + (state == FileState.REMOVED ? " was removed" : " was re-created")
                            + " since it was opened: open it again to change its keywords");
        }
    }
}
