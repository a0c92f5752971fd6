package org.shmrt.memory;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import org.shmrt.error.IncompatibleException;
import org.shmrt.posix.FileId;
import org.shmrt.posix.FileMapping;
import org.shmrt.posix.NewFile;

/**
 * A whole file or shared memory object in memory. It lives as long as the arena it was mapped in; afterwards
 * every access throws {@link IllegalStateException}. Safe for any thread.
 *
 * <p>Another process may cut the file off at any time. Access through the segment then raises an
 * {@link InternalError}; a native call on the lost pages would end the JVM, so the segment is never handed to one.
 */
public final class MappedRegion {
    private final MemorySegment segment;
    private final FileId id;

    private MappedRegion(MemorySegment segment, FileId id) {
        this.segment = segment;
        this.id = id;
    }

    /**
     * Maps a file for reading. Needs no native access and read permission only.
     *
     * @param path the file
     * @param arena how long it stays mapped
     * @return the region
     * @throws org.shmrt.error.NotFoundException if there is no such file
     * @throws org.shmrt.error.AccessDeniedException if it may not be read
     * @throws IncompatibleException if it is no ordinary file, or empty
     */
    public static MappedRegion readOnly(Path path, Arena arena) {
        return of(FileMapping.readOnly(path, arena));
    }

    /**
     * Maps a file for reading and writing.
     *
     * @param path the file
     * @param arena how long it stays mapped
     * @return the region
     * @throws org.shmrt.error.NotFoundException if there is no such file
     * @throws org.shmrt.error.AccessDeniedException if it may not be read and written
     * @throws IncompatibleException if it is no ordinary file, or empty
     */
    public static MappedRegion readWrite(Path path, Arena arena) {
        return of(FileMapping.readWrite(path, arena));
    }

    /**
     * Maps a file in the making, whole.
     *
     * @param file the file, its space reserved
     * @param arena how long it stays mapped
     * @return the region
     */
    public static MappedRegion of(NewFile file, Arena arena) {
        FileId id = file.id();
        return new MappedRegion(file.map(id.byteSize(), arena), id);
    }

    private static MappedRegion of(FileMapping mapping) {
        return new MappedRegion(mapping.segment(), mapping.id());
    }

    /**
     * The memory.
     *
     * @return the whole file
     */
    public MemorySegment segment() {
        return segment;
    }

    /**
     * Which file it is, with its size when it was mapped.
     *
     * @return its identity
     */
    public FileId id() {
        return id;
    }

    /**
     * Size of the file when it was mapped.
     *
     * @return bytes
     */
    public long byteSize() {
        return segment.byteSize();
    }
}
