package org.shmrt.stream.keyword;

import java.lang.foreign.MemorySegment;
import java.util.Collection;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import org.shmrt.error.AccessDeniedException;
import org.shmrt.error.ClosedException;
import org.shmrt.error.IncompatibleException;
import org.shmrt.posix.Faults;
import org.shmrt.stream.Access;
import org.shmrt.stream.ImageStream;
import org.shmrt.stream.Verdict;
import org.shmrt.stream.format.KeywordLayout;

/**
 * The keywords of an open stream: notes of a name, a value and a comment that travel with the frames, in a table of a
 * fixed number of records. Made by {@link ImageStream#keywordTable()}; lives as long as the stream.
 *
 * <pre>{@code
 * KeywordTable keywords = stream.keywordTable();
 * keywords.set(Keyword.of("exptime", 0.0125).withComment("seconds"));
 * keywords.set("exptime", 0.02);                       // keeps its place and its comment
 * Keyword exposure = keywords.get("exptime");
 * }</pre>
 *
 * <p>The rules are pyMilk's: a keyword that is set again keeps its place, a new one comes after the last,
 * {@link #replaceAll} sorts by name. What a longer list left behind is cleared. Names differ by their bytes, so case
 * matters. A change that does not fit, or cannot be stored, changes nothing.
 *
 * <p>Safe for any thread; in one process the changes of all threads come one after the other. The formats have no lock
 * for keywords, so other processes are not kept out: two that add keywords at the same moment may take the same
 * record. A reader in this library sees the old keyword, the new one, or none while a record is changed, never one's
 * value under another's name; programs of other make see the same unless they are stopped in the middle of reading a
 * record. Never blocks on another process; each call copies the whole table (some microseconds for ten keywords).
 */
public final class KeywordTable {
    /** One change at a time, also by two handles of one stream. */
    private static final Object TURN = new Object();

    private final ImageStream stream;
    private final MemorySegment file;
    private final KeywordLayout layout;

    public KeywordTable(ImageStream stream, MemorySegment file) {
        this.stream = stream;
        this.file = file;
        this.layout = stream.layout().keywords();
    }

    /** The keywords in use, in the table's order. */
    public static List<Keyword> read(MemorySegment file, KeywordLayout layout) {
        return new KeywordRecords(file, layout).list();
    }

    /**
     * How many keywords there is room for, used or not. Chosen when the stream is created.
     *
     * @return 0 to 65535
     */
    public int capacity() {
        return layout.count();
    }

    /**
     * The keywords in use, in the table's order.
     *
     * @return a copy
     * @throws IncompatibleException if another process cut the stream's file off
     * @throws ClosedException if the stream is closed
     */
    public List<Keyword> list() {
        return onMemory(memory -> read(memory, layout));
    }

    /**
     * Looks a keyword up.
     *
     * @param name its name
     * @return the keyword, the first of that name, or null if there is none
     * @throws IncompatibleException if another process cut the stream's file off
     * @throws ClosedException if the stream is closed
     */
    public Keyword get(String name) {
        for (Keyword keyword : list()) {
            if (keyword.name().equals(name)) {
                return keyword;
            }
        }
        return null;
    }

    /**
     * Sets a keyword to a whole number; if there is one of that name it keeps its comment.
     *
     * @param name its name, 1 to 16 bytes in UTF-8
     * @param value its new value
     * @throws IllegalArgumentException if the name cannot be stored, naming the limit
     * @throws org.shmrt.error.NoSpaceException if the table is full
     * @throws AccessDeniedException if the stream was opened read-only
     */
    public void set(String name, long value) {
        change(edit -> edit.put(Keyword.of(name, value).withComment(null)));
    }

    /**
     * Sets a keyword to a number; if there is one of that name it keeps its comment.
     *
     * @param name its name, 1 to 16 bytes in UTF-8
     * @param value its new value
     * @throws IllegalArgumentException if the name cannot be stored, naming the limit
     * @throws org.shmrt.error.NoSpaceException if the table is full
     * @throws AccessDeniedException if the stream was opened read-only
     */
    public void set(String name, double value) {
        change(edit -> edit.put(Keyword.of(name, value).withComment(null)));
    }

    /**
     * Sets a keyword to a truth value, stored as the whole number 1 or 0; if there is one of that name it keeps its
     * comment.
     *
     * @param name its name, 1 to 16 bytes in UTF-8
     * @param value its new value
     * @throws IllegalArgumentException if the name cannot be stored, naming the limit
     * @throws org.shmrt.error.NoSpaceException if the table is full
     * @throws AccessDeniedException if the stream was opened read-only
     */
    public void set(String name, boolean value) {
        change(edit -> edit.put(Keyword.of(name, value).withComment(null)));
    }

    /**
     * Sets a keyword to a text; if there is one of that name it keeps its comment.
     *
     * @param name its name, 1 to 16 bytes in UTF-8
     * @param value its new value, at most 16 bytes in UTF-8
     * @throws IllegalArgumentException if name or value cannot be stored, naming the limit
     * @throws org.shmrt.error.NoSpaceException if the table is full
     * @throws AccessDeniedException if the stream was opened read-only
     */
    public void set(String name, String value) {
        change(edit -> edit.put(Keyword.of(name, value).withComment(null)));
    }

    /**
     * Sets a keyword with its comment; one whose comment is null keeps the comment there is.
     *
     * @param keyword the keyword
     * @throws IllegalArgumentException if it cannot be stored, naming the limit
     * @throws org.shmrt.error.NoSpaceException if the table is full
     * @throws AccessDeniedException if the stream was opened read-only
     */
    public void set(Keyword keyword) {
        change(edit -> edit.put(keyword));
    }

    /**
     * Sets some keywords with their comments, as {@link #set(Keyword)} does, and leaves the others alone: all of
     * them or, if one does not fit, none.
     *
     * @param keywords in the order in which new ones are added
     * @throws IllegalArgumentException if one cannot be stored, naming the limit
     * @throws org.shmrt.error.NoSpaceException if the table is full
     * @throws AccessDeniedException if the stream was opened read-only
     */
    public void update(Collection<Keyword> keywords) {
        change(edit -> keywords.forEach(edit::put));
    }

    /**
     * Puts a new set in place of all keywords there are, sorted by the bytes of their names. Of two with one name the
     * later counts.
     *
     * @param keywords the new set; an empty one clears the table
     * @throws IllegalArgumentException if one cannot be stored, naming the limit
     * @throws org.shmrt.error.NoSpaceException if there are more than the table has room for
     * @throws AccessDeniedException if the stream was opened read-only
     */
    public void replaceAll(Collection<Keyword> keywords) {
        change(edit -> edit.replaceAll(keywords));
    }

    /**
     * Takes a keyword out. In milk streams those after it move up, because a gap would end the list; in DAO streams,
     * whose programs may know keywords by their place, they stay.
     *
     * @param name its name
     * @return whether there was one
     * @throws IllegalArgumentException if it can be no name
     * @throws AccessDeniedException if the stream was opened read-only
     */
    public boolean remove(String name) {
        boolean[] removed = new boolean[1];
        change(edit -> removed[0] = edit.remove(name));
        return removed[0];
    }

    private void change(Consumer<KeywordEdit> change) {
        if (stream.access() == Access.READ_ONLY) {
            throw new AccessDeniedException(stream.path() + " was opened read-only: open it with Access.READ_WRITE to "
                    + "change its keywords");
        }
        synchronized (TURN) {
            onMemory(memory -> {
                Verdict moved = stream.groundVerdictOrNull();
                if (moved != null) {
                    throw new IncompatibleException(
                            stream.path() + (moved == Verdict.REMOVED ? " was removed" : " was created anew")
                                    + " since it was opened: its keywords are another table now");
                }
                KeywordEdit edit = new KeywordEdit(memory, layout, stream.path().toString());
                Faults.settle();
                change.accept(edit);
                edit.store();
                return null;
            });
        }
    }

    private <T> T onMemory(Function<MemorySegment, T> use) {
        if (!stream.isOpen()) {
            throw closed();
        }
        try {
            T result = use.apply(file);
            Faults.settle();
            return result;
        } catch (InternalError e) {
            throw stream.cutOff(e);
        } catch (IllegalStateException e) {
            // The memory of a stream that was closed meanwhile refuses.
            throw stream.isOpen() ? e : closed();
        }
    }

    private ClosedException closed() {
        return new ClosedException("the stream " + stream.path() + " is closed");
    }
}
