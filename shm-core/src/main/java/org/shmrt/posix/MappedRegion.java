package org.shmrt.posix;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import org.shmrt.error.IncompatibleException;

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
     * Creates a POSIX shared memory object of zeros and maps it.
     *
     * @param name without a leading slash
     * @param byteSize its size, more than 0
     * @param permissions before the umask
     * @param arena how long it stays mapped
     * @return the region
     * @throws org.shmrt.error.AlreadyExistsException if there is one of that name
     * @throws org.shmrt.error.NoSpaceException if shared memory is full; nothing is left behind
     */
    public static MappedRegion createShared(String name, long byteSize, int permissions, Arena arena) {
        return of(SharedObject.create(name, byteSize, permissions, arena));
    }

    /**
     * Maps a POSIX shared memory object for reading and writing.
     *
     * @param name without a leading slash
     * @param arena how long it stays mapped
     * @return the region
     * @throws org.shmrt.error.NotFoundException if there is none of that name
     * @throws IncompatibleException if it has 0 bytes
     */
    public static MappedRegion shared(String name, Arena arena) {
        return of(SharedObject.open(name, arena));
    }

    /**
     * Maps a file in the making, whole.
     *
     * @param file the file, its space reserved
     * @param arena how long it stays mapped
     * @return the region
     */
    public static MappedRegion of(UnlinkedFile file, Arena arena) {
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
     * Makes every page present now, so that the first frame does not pay for it. Costs about 0.1 µs a page that is
     * in memory and 3 to 14 µs for one that is not.
     *
     * @return false where the kernel cannot do it
     */
    public boolean prefault() {
        return MappedMemory.prefault(segment);
    }

    /**
     * Tells the kernel how the region will be used.
     *
     * @param advice the use
     * @return false where the kernel has no such advice for it
     */
    public boolean advise(MappedMemory.Advice advice) {
        return MappedMemory.advise(segment, advice);
    }

    /**
     * Keeps the region from being paged out.
     *
     * @throws org.shmrt.error.PosixException naming the limit, if that is too low
     */
    public void lock() {
        MappedMemory.lock(segment);
    }

    /** Lets the region be paged out again. */
    public void unlock() {
        MappedMemory.unlock(segment);
    }

    /**
     * Brings changes to the file's storage.
     *
     * @param mode how
     */
    public void sync(MappedMemory.SyncMode mode) {
        MappedMemory.sync(segment, mode);
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
