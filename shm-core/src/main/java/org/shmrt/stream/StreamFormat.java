package org.shmrt.stream;

import java.lang.foreign.MemorySegment;
import java.nio.file.Path;

/**
 * A layout family, found as a service: it recognises its files, plans new ones and fills their headers.
 * Called at open and create only, never per frame. Implementations are stateless.
 */
public interface StreamFormat {
    /**
     * The format's name.
     *
     * @return for example {@code dao}
     */
    String name();

    /**
     * Judges a file. Must be safe with any bytes, and read each of them at most once: the file may change.
     *
     * @param path the file, links resolved
     * @param head a private copy of the file's first bytes, at most {@link #headBytes()}
     * @param fileBytes size of the whole file
     * @return the layout, or why not
     */
    Recognition recognise(Path path, MemorySegment head, long fileBytes);

    /**
     * How much of a file {@link #recognise} needs.
     *
     * @return bytes
     */
    int headBytes();

    /**
     * Works out the layout of a stream to be created.
     *
     * @param path where
     * @param spec what
     * @return the layout
     * @throws IllegalArgumentException if the format cannot represent it
     */
    StreamLayout plan(Path path, StreamSpec spec);

    /**
     * Fills the header and keyword table of a new file, which is all zero.
     *
     * @param file the whole file, mapped
     * @param layout the layout planned
     * @param birth what it tells of its making
     */
    void initialise(MemorySegment file, StreamLayout layout, Birth birth);

    /**
     * The permissions the format's own library gives new files, before the umask.
     *
     * @return for example {@code 0600}
     */
    int permissions();

    /**
     * Whether the format's own library gives those permissions whatever the umask.
     *
     * @return false if the umask is taken off
     */
    default boolean ignoresUmask() {
        return false;
    }

    /**
     * What a user should know about a stream of this layout before others try to open it.
     *
     * @param path where it is
     * @param layout its layout
     * @return one sentence, or null
     */
    String creationWarning(Path path, StreamLayout layout);
}
