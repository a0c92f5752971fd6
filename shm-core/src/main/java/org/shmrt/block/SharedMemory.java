package org.shmrt.block;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.Function;
import org.shmrt.error.AccessDeniedException;
import org.shmrt.error.AlreadyExistsException;
import org.shmrt.error.ClosedException;
import org.shmrt.error.IncompatibleException;
import org.shmrt.error.NotFoundException;
import org.shmrt.error.ShmException;
import org.shmrt.posix.Arenas;
import org.shmrt.posix.Faults;
import org.shmrt.posix.FileId;
import org.shmrt.posix.GuardedCopy;
import org.shmrt.posix.IoErrors;
import org.shmrt.posix.MappedFile;
import org.shmrt.posix.Permissions;
import org.shmrt.posix.SharedObject;
import org.shmrt.posix.UnlinkedFile;
import org.shmrt.text.FileNames;

/**
 * A block of shared memory: named bytes that any process can attach. Compatible in both directions with Python's
 * {@code multiprocessing.shared_memory.SharedMemory}: a POSIX shared memory object, {@code /dev/shm/NAME}, without a
 * header, whose users agree on the meaning of its bytes. The block exists until it is unlinked, independent of the
 * processes that use it. Safe for use by multiple threads, but unsynchronized. Creating and attaching take some tens of
 * microseconds, plus the time to reserve memory.
 *
 * <p><b>Python removes blocks that it attached.</b> Up to Python 3.12, and in 3.13 without {@code track=False}, a Python
 * process that creates <em>or only attaches</em> a block registers the name with its resource tracker. The tracker
 * unlinks the name after the process and its children have ended, whoever created the block. Existing mappings remain
 * valid, but no process can attach the block any more. Other processes cannot prevent this; {@link #isLinked()} detects
 * it and {@link #relink()} repairs it. To avoid it in Python, pass {@code track=False} (3.13), or call
 * {@code resource_tracker.unregister(shm._name, "shared_memory")} after attaching (3.8 to 3.12).
 *
 * <p><b>Any process may truncate a block</b> ({@code ftruncate}). Access to the lost part through {@link #buf()} then
 * throws an {@link InternalError}, possibly some instructions late. {@link #read}, {@link #write} and
 * {@link ShareableList} throw an {@link IncompatibleException} instead. Lost bytes of the last remaining page read as 0.
 *
 * <p><b>A block of another program may be sparse</b>: Python sets the size of a block and reserves nothing, so the kernel
 * gives it a page at the first access, also at a read. If shared memory is full then, {@link #read}, {@link #write} and
 * {@link ShareableList} throw a {@link org.shmrt.error.NoSpaceException} and {@link #buf()} an {@link InternalError}. The
 * pages of blocks created here are reserved.
 *
 * @see <a href="https://docs.python.org/3/library/multiprocessing.shared_memory.html">multiprocessing.shared_memory</a>
 */
public final class SharedMemory implements AutoCloseable {
    /** Permissions of new blocks, as in Python: 0600, restricted by the umask. */
    public static final int DEFAULT_PERMISSIONS = 0600;

    private static final int ALL_PERMISSIONS = 0777;

    private final String name;
    private final Arena arena;
    private final MemorySegment memory;
    private final int permissions;
    private volatile FileId id;
    private volatile boolean closed;

    SharedMemory(String name, Arena arena, MappedFile region, int permissions) {
        this.name = name;
        this.arena = arena;
        this.memory = region.segment();
        this.id = region.id();
        this.permissions = permissions;
    }

    /**
     * Creates a block of zeros. Other processes see it only when it is complete and its space is reserved.
     *
     * @param name 1 to 255 bytes without slash or NUL
     * @param size size in bytes, at least 1
     * @return the block, open
     * @throws AlreadyExistsException if the name exists
     * @throws org.shmrt.error.NoSpaceException if shared memory is full; nothing is left behind
     * @throws IllegalArgumentException if the name or the size is invalid
     */
    public static SharedMemory create(String name, long size) {
        return zeros(size, OptionalInt.empty()).create(name);
    }

    /**
     * Creates a block of zeros with other permissions.
     *
     * @param name 1 to 255 bytes without slash or NUL
     * @param size size in bytes, at least 1
     * @param permissions for example 0660; the umask does not restrict them
     * @return the block, open
     * @throws AlreadyExistsException if the name exists
     * @throws org.shmrt.error.NoSpaceException if shared memory is full; nothing is left behind
     * @throws IllegalArgumentException if the name or the size is invalid
     */
    public static SharedMemory create(String name, long size, int permissions) {
        return zeros(size, OptionalInt.of(permissions)).create(name);
    }

    /**
     * Creates a block of zeros with a random name that does not exist: {@code psm_} and 8 hexadecimal digits.
     *
     * @param size size in bytes, at least 1
     * @return the block, open
     * @throws org.shmrt.error.NoSpaceException if shared memory is full; nothing is left behind
     * @throws IllegalArgumentException if the size is invalid
     */
    public static SharedMemory create(long size) {
        return zeros(size, OptionalInt.empty()).createWithRandomName();
    }

    /**
     * Creates a block of zeros with a random name, as {@link #create(long)} does, and with other permissions.
     *
     * @param size size in bytes, at least 1
     * @param permissions for example 0660; the umask does not restrict them
     * @return the block, open
     * @throws org.shmrt.error.NoSpaceException if shared memory is full; nothing is left behind
     * @throws IllegalArgumentException if the size is invalid
     */
    public static SharedMemory create(long size, int permissions) {
        return zeros(size, OptionalInt.of(permissions)).createWithRandomName();
    }

    private static BlockCreation zeros(long size, OptionalInt permissions) {
        return new BlockCreation(size, permissions, memory -> {});
    }

    /**
     * Attaches a block for reading and writing.
     *
     * @param name its name
     * @return the block, open
     * @throws NotFoundException if the name does not exist
     * @throws AccessDeniedException if this user may not read and write the block
     * @throws IncompatibleException if the object has 0 bytes; it is not changed
     * @throws IllegalArgumentException if the name is invalid
     */
    public static SharedMemory attach(String name) {
        int permissions = permissions(BlockNames.file(name));
        return attach(name, permissions, arena -> SharedObject.open(name, arena));
    }

    /**
     * Attaches a block for reading. Needs read permission and no native access; {@link #buf()} is read-only.
     *
     * @param name its name
     * @return the block, open
     * @throws NotFoundException if the name does not exist
     * @throws AccessDeniedException if this user may not read the block
     * @throws IncompatibleException if the object has 0 bytes; it is not changed
     * @throws IllegalArgumentException if the name is invalid
     */
    public static SharedMemory attachReadOnly(String name) {
        Path path = BlockNames.file(name);
        BlockNames.rejectLink(path);
        return attach(name, DEFAULT_PERMISSIONS, arena -> MappedFile.readOnly(path, arena));
    }

    private static SharedMemory attach(String name, int permissions, Function<Arena, MappedFile> mapping) {
        Arena arena = Arena.ofShared();
        try {
            return new SharedMemory(name, arena, mapping.apply(arena), permissions);
        } catch (RuntimeException | Error e) {
            Arenas.close(arena);
            throw e;
        }
    }

    /** Permissions that {@link #relink()} gives a new object, so that the same users can attach it. */
    private static int permissions(Path path) {
        try {
            return (int) Files.getAttribute(path, "unix:mode") & ALL_PERMISSIONS;
        } catch (IOException e) {
            return DEFAULT_PERMISSIONS; // attaching will report the problem
        }
    }

    /**
     * Lists all blocks: every object in shared memory that is not a semaphore. This includes objects of other systems,
     * for example arrays of numpy's SharedArray.
     *
     * @return one entry for each block, sorted by name
     * @throws ShmException if {@code /dev/shm} cannot be listed
     */
    public static List<BlockInfo> list() {
        return BlockInfo.list(SharedObject.directory());
    }

    /**
     * Removes the name of a block, which need not be attached. Processes that have the block attached keep it.
     *
     * @param name its name
     * @throws NotFoundException if the name does not exist
     * @throws AccessDeniedException if this user may not remove the block
     */
    public static void remove(String name) {
        Path path = BlockNames.file(name);
        if (!SharedObject.unlink(name)) {
            throw new NotFoundException("there is no " + FileNames.text(path));
        }
    }

    /**
     * The memory of the block, for the fastest access. The segment is valid until {@link #close()} and throws
     * {@link IllegalStateException} afterwards. Access to a part that another process has truncated throws an
     * {@link InternalError}; do not pass the segment to native code, in which such an access would crash the JVM.
     *
     * @return exactly the bytes of the block; read-only if the block is attached read-only
     * @throws ClosedException after {@link #close()}
     */
    public MemorySegment buf() {
        requireOpen();
        return memory;
    }

    /**
     * Copies bytes from the block.
     *
     * @param offset offset of the first byte in the block
     * @param target memory to be filled completely
     * @throws IndexOutOfBoundsException if the range is outside the block
     * @throws IncompatibleException if another process has truncated the block
     * @throws org.shmrt.error.NoSpaceException if the block is sparse and shared memory is full
     * @throws ClosedException after {@link #close()}
     */
    public void read(long offset, MemorySegment target) {
        requireOpen();
        try {
            GuardedCopy.copy(memory, offset, target, 0, target.byteSize());
            Faults.poll();
        } catch (InternalError | IllegalStateException e) {
            throw translate(e);
        }
    }

    /**
     * Copies bytes to the block.
     *
     * @param offset offset of the first byte in the block
     * @param source the bytes
     * @throws IndexOutOfBoundsException if the range is outside the block
     * @throws AccessDeniedException if the block is attached read-only
     * @throws IncompatibleException if another process has truncated the block
     * @throws org.shmrt.error.NoSpaceException if the block is sparse and shared memory is full
     * @throws ClosedException after {@link #close()}
     */
    public void write(long offset, MemorySegment source) {
        requireWritable();
        try {
            GuardedCopy.copy(source, 0, memory, offset, source.byteSize());
            Faults.poll();
        } catch (InternalError | IllegalStateException e) {
            if (GuardedCopy.isFaultOf(source, e)) {
                throw new IncompatibleException(
                        "cannot write into the block " + name
                                + ": another process truncated the memory of the new contents",
                        e);
            }
            throw translate(e);
        }
    }

    /**
     * The name by which others attach the block.
     *
     * @return the name, without a leading slash
     */
    public String name() {
        return name;
    }

    /**
     * Size of the block.
     *
     * @return bytes; sizes are not rounded up to pages
     */
    public long size() {
        return memory.byteSize();
    }

    /**
     * Whether the name still refers to this block, so that others can attach it. It does not after another process, for
     * example Python's resource tracker (see above), has unlinked the name or created another object of that name. Takes
     * one system call.
     *
     * @return false if the name does not exist or refers to another object
     * @throws ClosedException after {@link #close()}
     */
    public boolean isLinked() {
        requireOpen();
        return isThisObject(FileId.ofOrNull(SharedObject.file(name)));
    }

    private boolean isThisObject(FileId found) {
        return found != null && found.isSameFile(id);
    }

    /**
     * Makes the name refer to this block again after another process has unlinked it. Linux cannot link an unlinked
     * object again. This method therefore creates a new object with the same bytes and permissions, which others see
     * only when it is complete, and maps it in place of the old one: {@link #buf()} and all segments obtained from it
     * before refer to the new object.
     *
     * <p>Other mappings of the old object - in other processes, or of other {@code SharedMemory} instances - keep the
     * old object and no longer share memory with this instance; they have to attach the name again. Stores by them or by
     * other threads during this call may be missing in the new object. Both objects exist during the call, so there must
     * be space for a second one. The new object belongs to the user of this process.
     *
     * @return true if the block was linked again, false if the name referred to it already
     * @throws AlreadyExistsException if the name refers to another object, which is not changed: attach that object
     * @throws org.shmrt.error.NoSpaceException if there is no space; the old object remains in use
     * @throws AccessDeniedException if the block is attached read-only
     * @throws IncompatibleException if another process has truncated the block
     * @throws ClosedException after {@link #close()}
     */
    public synchronized boolean relink() {
        requireWritable();
        Path path = SharedObject.file(name);
        FileId found = FileId.ofOrNull(path);
        if (isThisObject(found)) {
            return false;
        }
        if (found != null) {
            throw new AlreadyExistsException(FileNames.text(path)
                    + " is another object, created after this block was unlinked: attach that one");
        }
        try (UnlinkedFile file = UnlinkedFile.in(path, Permissions.exactly(permissions))) {
            file.reserve(size());
            copyTo(file);
            file.link();
            try {
                file.mapOver(memory);
            } catch (RuntimeException | Error e) {
                SharedObject.unlink(name);
                throw e;
            }
            id = file.id();
        }
        return true;
    }

    private void copyTo(UnlinkedFile file) {
        Arena arenaOfCopy = Arena.ofShared();
        try {
            read(0, file.map(size(), arenaOfCopy));
        } finally {
            Arenas.close(arenaOfCopy);
        }
    }

    /**
     * Removes the name of this block, also after {@link #close()}. Processes that have the block attached keep it.
     *
     * @return true if the name was removed; false if it does not exist or refers to another object, which is not changed
     * @throws AccessDeniedException if this user may not remove the block
     */
    public boolean unlink() {
        return isThisObject(FileId.ofOrNull(SharedObject.file(name))) && SharedObject.unlink(name);
    }

    /**
     * Unmaps the block. The block itself exists until it is unlinked. Closing again has no effect. Takes about 0.1 ms.
     */
    @Override
    public synchronized void close() {
        closed = true;
        Arenas.close(arena);
    }

    private void requireOpen() {
        if (closed) {
            throw new ClosedException("the block " + name + " is closed");
        }
    }

    void requireWritable() {
        requireOpen();
        if (memory.isReadOnly()) {
            throw new AccessDeniedException(
                    "the block " + name + " is attached read-only: attach it with attach to write");
        }
    }

    /** The exception for a failed access: the block is closed or truncated, or there is no space for its page. */
    RuntimeException translate(Throwable failure) {
        if (failure instanceof InternalError) {
            return fault(failure);
        }
        if (closed) {
            return new ClosedException("the block " + name + " is closed", failure);
        }
        return (RuntimeException) failure;
    }

    /** Whether the block, if its name still refers to it, is shorter than it was when it was attached. */
    boolean isTruncated() {
        FileId found = FileId.ofOrNull(SharedObject.file(name));
        return isThisObject(found) && found.byteSize() < size();
    }

    /** The exception for an access fault: the block was truncated, or it is sparse and shared memory is full. */
    ShmException fault(Throwable cause) {
        return IoErrors.accessFault(SharedObject.file(name), id, truncatedText(), cause);
    }

    /** The exception for content that cannot be right because the block was truncated. */
    IncompatibleException truncated() {
        return new IncompatibleException(truncatedText());
    }

    private String truncatedText() {
        FileId found = FileId.ofOrNull(SharedObject.file(name));
        return "the block " + name + " was truncated by another process: it had " + size()
                + " bytes when it was attached"
                + (isThisObject(found) ? " and has " + found.byteSize() + " now" : "")
                + "; attach it again when it is complete";
    }

    @Override
    public String toString() {
        return "SharedMemory(" + name + ", size=" + size() + ")";
    }
}
