package org.shmrt.stream.format;

import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.List;
import org.shmrt.stream.inspect.Repair;

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
    DetectionResult recognise(Path path, MemorySegment head, long fileBytes);

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
    void initialise(MemorySegment file, StreamLayout layout, CreationInfo birth);

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
     * Finds how a file that {@link #recognise} does not find sound could be made so. Must be safe with any bytes.
     *
     * @param path the file
     * @param file the whole file, mapped
     * @return the repair, or null if the file is not of this format, or what it was cannot be known
     */
    default Repair planRepair(Path path, MemorySegment file) {
        return null;
    }

    /**
     * Names of semaphores that a stream does not have and that would mislead programs of the format if they were there,
     * those that would be found first before the others. Creating and removing a stream removes them.
     *
     * @param path the stream's file
     * @param layout its layout
     * @return names, empty for formats whose semaphores are part of the file
     */
    default List<String> surplusSemaphores(Path path, StreamLayout layout) {
        return List.of();
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
