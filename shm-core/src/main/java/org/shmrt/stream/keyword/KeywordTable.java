package org.shmrt.stream.keyword;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.shmrt.error.AccessDeniedException;
import org.shmrt.error.ClosedException;
import org.shmrt.error.IncompatibleException;

/**
 * The keywords of an open stream: names with a value and a comment that travel with the frames, in a table with a
 * fixed number of records. Returned by {@code ImageStream.keywordTable()}; usable as long as the stream is open.
 *
 * <pre>{@code
 * KeywordTable keywords = stream.keywordTable();
 * keywords.set(Keyword.of("exptime", 0.0125).withComment("seconds"));
 * keywords.set("exptime", 0.02);                       // keeps its position and its comment
 * Optional<Keyword> exposure = keywords.find("exptime");
 * }</pre>
 *
 * <p>The rules are those of pyMilk: a keyword that is set again keeps its position, a new one is added after the last,
 * and {@link #replaceAll} sorts by name. Remains of a longer list are cleared. Names are compared as bytes, so case
 * matters. A change that does not fit or cannot be stored has no effect.
 *
 * <p>Safe for any thread; changes by the threads of one process are serialised. The formats have no lock for keywords,
 * so other processes are not excluded: two that add keywords at the same moment may take the same record. A reader in
 * this library sees the old keyword, the new one, or none while a record is changed, never the value of one under the
 * name of another. Other programs see the same unless they are stopped while they read a record. Never blocks on another
 * process; each call copies the whole table (some microseconds for ten keywords).
 */
public interface KeywordTable {
    /**
     * Number of keyword records, used or not. Chosen when the stream is created.
     *
     * @return 0 to 65535
     */
    int capacity();

    /**
     * The keywords in use, in the table's order.
     *
     * @return a copy of the keywords
     * @throws IncompatibleException if another process truncated the stream's file
     * @throws ClosedException if the stream is closed
     */
    List<Keyword> list();

    /**
     * Looks up a keyword.
     *
     * @param name its name
     * @return the keyword, the first of that name; empty if there is none
     * @throws IncompatibleException if another process truncated the stream's file
     * @throws ClosedException if the stream is closed
     */
    Optional<Keyword> find(String name);

    /**
     * Sets a keyword to an integer; a keyword of that name keeps its comment.
     *
     * @param name its name, 1 to 16 bytes in UTF-8
     * @param value its new value
     * @throws IllegalArgumentException if the name cannot be stored, naming the limit
     * @throws org.shmrt.error.NoSpaceException if the table is full
     * @throws AccessDeniedException if the stream was opened read-only
     */
    void set(String name, long value);

    /**
     * Sets a keyword to a floating-point number; a keyword of that name keeps its comment.
     *
     * @param name its name, 1 to 16 bytes in UTF-8
     * @param value its new value
     * @throws IllegalArgumentException if the name cannot be stored, naming the limit
     * @throws org.shmrt.error.NoSpaceException if the table is full
     * @throws AccessDeniedException if the stream was opened read-only
     */
    void set(String name, double value);

    /**
     * Sets a keyword to a boolean, stored as the integer 1 or 0; a keyword of that name keeps its
     * comment.
     *
     * @param name its name, 1 to 16 bytes in UTF-8
     * @param value its new value
     * @throws IllegalArgumentException if the name cannot be stored, naming the limit
     * @throws org.shmrt.error.NoSpaceException if the table is full
     * @throws AccessDeniedException if the stream was opened read-only
     */
    void set(String name, boolean value);

    /**
     * Sets a keyword to a text; a keyword of that name keeps its comment.
     *
     * @param name its name, 1 to 16 bytes in UTF-8
     * @param value its new value, at most 16 bytes in UTF-8
     * @throws IllegalArgumentException if name or value cannot be stored, naming the limit
     * @throws org.shmrt.error.NoSpaceException if the table is full
     * @throws AccessDeniedException if the stream was opened read-only
     */
    void set(String name, String value);

    /**
     * Sets a keyword with its comment; if the comment is null, the existing comment is kept.
     *
     * @param keyword the keyword
     * @throws IllegalArgumentException if it cannot be stored, naming the limit
     * @throws org.shmrt.error.NoSpaceException if the table is full
     * @throws AccessDeniedException if the stream was opened read-only
     */
    void set(Keyword keyword);

    /**
     * Sets keywords with their comments, as {@link #set(Keyword)} does, and leaves the others unchanged. Either all
     * are set or, if one does not fit, none.
     *
     * @param keywords in the order in which new ones are added
     * @throws IllegalArgumentException if one cannot be stored, naming the limit
     * @throws org.shmrt.error.NoSpaceException if the table is full
     * @throws AccessDeniedException if the stream was opened read-only
     */
    void update(Collection<Keyword> keywords);

    /**
     * Replaces all keywords by a new set, sorted by the bytes of their names. Of two keywords with the same name the
     * later one is used.
     *
     * @param keywords the new set; an empty one clears the table
     * @throws IllegalArgumentException if one cannot be stored, naming the limit
     * @throws org.shmrt.error.NoSpaceException if there are more than the table has room for
     * @throws AccessDeniedException if the stream was opened read-only
     */
    void replaceAll(Collection<Keyword> keywords);

    /**
     * Removes a keyword. If a gap would end the list (milk), the keywords after it move up by one position; otherwise
     * (DAO) they keep their positions, by which programs may refer to them.
     *
     * @param name its name
     * @return whether it existed
     * @throws IllegalArgumentException if the name is not valid
     * @throws AccessDeniedException if the stream was opened read-only
     */
    boolean remove(String name);
}
