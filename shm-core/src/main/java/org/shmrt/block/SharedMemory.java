package org.shmrt.block;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import org.shmrt.error.AccessDeniedException;
import org.shmrt.error.AlreadyExistsException;
import org.shmrt.error.ClosedException;
import org.shmrt.error.IncompatibleException;
import org.shmrt.error.NotFoundException;
import org.shmrt.error.ShmException;
import org.shmrt.posix.Arenas;
import org.shmrt.posix.Faults;
import org.shmrt.posix.FileId;
import org.shmrt.posix.MappedFile;
import org.shmrt.posix.SharedObject;
import org.shmrt.posix.UnlinkedFile;

/**
 * A block: bytes with a name, shared by all processes that attach it. The same thing as Python's
 * {@code multiprocessing.shared_memory.SharedMemory}, in both directions: a POSIX shared memory object,
 * {@code /dev/shm/NAME}, whose bytes mean what its users agree on. It outlives every handle and process until it is
 * unlinked. Attaching and creating cost some tens of microseconds; a handle may be used by any thread.
 *
 * <p><b>Python removes what it attaches.</b> Up to Python 3.12, and in 3.13 unless {@code track=False} is given,
 * a Python process that creates <em>or merely attaches</em> a block registers the name with its resource tracker, which
 * unlinks it when that process and its children have ended, whoever made the block. The memory lives on where it is
 * mapped, but nobody new can attach it. Nothing can prevent that from outside; {@link #isLinked()} tells, and
 * {@link #relink()} mends it. On the Python side, pass {@code track=False} (3.13), or call
 * {@code resource_tracker.unregister(shm._name, "shared_memory")} after attaching (3.8 to 3.12).
 *
 * <p><b>Any process may cut a block off</b> (ftruncate). Access to the lost part through {@link #buf()} then raises an
 * {@link InternalError}, possibly some instructions later. {@link #read}, {@link #write} and {@link ShareableList} turn
 * it into an {@link IncompatibleException}. What was lost of the last page that is left reads as zeros.
 *
 * @see <a href="https://docs.python.org/3/library/multiprocessing.shared_memory.html">multiprocessing.shared_memory</a>
 */
public final class SharedMemory implements AutoCloseable {
    /** Permissions of new blocks: those Python gives. The umask is taken off. */
    public static final int DEFAULT_PERMISSIONS = 0600;

    private static final int ANONYMOUS_ATTEMPTS = 100;

    private final String name;
    private final Arena arena;
    private final MemorySegment memory;
    private final int permissions;
    private volatile FileId id;
    private volatile boolean closed;

    private SharedMemory(String name, Arena arena, MappedFile region, int permissions) {
        this.name = name;
        this.arena = arena;
        this.memory = region.segment();
        this.id = region.id();
        this.permissions = permissions;
    }

    /**
     * Creates a block of zeros. It appears complete, its space reserved, or not at all.
     *
     * @param name 1 to 255 bytes without slash or NUL; null for a name that nobody has: {@code psm_} and 8 hex digits
     * @param size bytes, more than 0
     * @return the block, open
     * @throws AlreadyExistsException if there is one of that name
     * @throws org.shmrt.error.NoSpaceException if shared memory is full; nothing is left behind
     * @throws IllegalArgumentException if name or size are impossible
     */
    public static SharedMemory create(String name, long size) {
        return create(name, size, DEFAULT_PERMISSIONS, false, memory -> {});
    }

    /**
     * Creates a block of zeros with other permissions.
     *
     * @param name as in {@link #create(String, long)}
     * @param size bytes, more than 0
     * @param permissions for example 0660; they hold whatever the umask
     * @return the block, open
     * @throws AlreadyExistsException if there is one of that name
     * @throws org.shmrt.error.NoSpaceException if shared memory is full; nothing is left behind
     * @throws IllegalArgumentException if name or size are impossible
     */
    public static SharedMemory create(String name, long size, int permissions) {
        return create(name, size, permissions, true, memory -> {});
    }

    /** Creates a block that has its content before it has its name. */
    static SharedMemory create(String name, long size, Consumer<MemorySegment> content) {
        return create(name, size, DEFAULT_PERMISSIONS, false, content);
    }

    private static SharedMemory create(
            String name, long size, int permissions, boolean exact, Consumer<MemorySegment> content) {
        if (size <= 0) {
            throw new IllegalArgumentException("a block of " + size + " bytes: at least 1 is needed");
        }
        if (name != null) {
            return createNamed(name, size, permissions, exact, content);
        }
        for (int attempt = 1; ; attempt++) {
            try {
                return createNamed(BlockNames.anonymous(), size, permissions, exact, content);
            } catch (AlreadyExistsException e) {
                if (attempt == ANONYMOUS_ATTEMPTS) {
                    throw e;
                }
            }
        }
    }

    private static SharedMemory createNamed(
            String name, long size, int permissions, boolean exact, Consumer<MemorySegment> content) {
        Path path = BlockNames.file(name);
        if (FileId.exists(path)) {
            throw new AlreadyExistsException(path + " exists already"); // before space is reserved for nothing
        }
        Arena arena = Arena.ofShared();
        boolean made = false;
        try (UnlinkedFile file = UnlinkedFile.in(path, permissions, exact)) {
            file.reserve(size);
            SharedMemory block = new SharedMemory(name, arena, MappedFile.of(file, arena), permissions);
            content.accept(block.memory);
            file.link(false);
            made = true;
            return block;
        } finally {
            if (!made) {
                Arenas.close(arena);
            }
        }
    }

    /**
     * Attaches a block for reading and writing.
     *
     * @param name its name
     * @return the block, as long as the object is
     * @throws NotFoundException if there is none of that name
     * @throws AccessDeniedException if it may not be read and written
     * @throws IncompatibleException if it has 0 bytes; it is left as it is
     * @throws IllegalArgumentException if nothing can have that name
     */
    public static SharedMemory attach(String name) {
        Path path = BlockNames.file(name);
        int permissions = permissions(path);
        Arena arena = Arena.ofShared();
        boolean attached = false;
        try {
            SharedMemory block = new SharedMemory(name, arena, SharedObject.open(name, arena), permissions);
            attached = true;
            return block;
        } finally {
            if (!attached) {
                Arenas.close(arena);
            }
        }
    }

    /**
     * Attaches a block for reading. Needs read permission and no native access; {@link #buf()} is read-only.
     *
     * @param name its name
     * @return the block, as long as the object is
     * @throws NotFoundException if there is none of that name
     * @throws AccessDeniedException if it may not be read
     * @throws IncompatibleException if it has 0 bytes; it is left as it is
     * @throws IllegalArgumentException if nothing can have that name
     */
    public static SharedMemory attachReadOnly(String name) {
        Path path = BlockNames.file(name);
        BlockNames.refuseLink(path);
        Arena arena = Arena.ofShared();
        boolean attached = false;
        try {
            SharedMemory block = new SharedMemory(name, arena, MappedFile.readOnly(path, arena), 0);
            attached = true;
            return block;
        } finally {
            if (!attached) {
                Arenas.close(arena);
            }
        }
    }

    /** What a new object of that name has to have for the same users to attach it. */
    private static int permissions(Path path) {
        try {
            return (int) Files.getAttribute(path, "unix:mode") & 0777;
        } catch (IOException e) {
            return DEFAULT_PERMISSIONS; // attaching tells what is wrong
        }
    }

    /**
     * All blocks there are, by name: every object in shared memory that is no semaphore. Objects of other systems, such
     * as numpy's SharedArray, are among them.
     *
     * @return what is known about each
     * @throws ShmException if {@code /dev/shm} cannot be listed
     */
    public static List<BlockInfo> list() {
        return BlockInfo.list(SharedObject.directory());
    }

    /**
     * Removes a block that need not be attached. Who has it attached keeps it.
     *
     * @param name its name
     * @throws NotFoundException if there is none of that name
     * @throws AccessDeniedException if it may not be removed
     */
    public static void remove(String name) {
        Path path = BlockNames.file(name);
        if (!SharedObject.unlink(name)) {
            throw new NotFoundException("there is no " + path);
        }
    }

    /**
     * The memory itself, for access without any cost: valid until {@link #close()}, after which every access throws
     * {@link IllegalStateException}. Access to a part that another process has cut off raises an
     * {@link InternalError}; never hand the segment to native code, which such an access would kill with the JVM.
     *
     * @return all bytes of the block; read-only if it was attached so
     * @throws ClosedException after {@link #close()}
     */
    public MemorySegment buf() {
        requireOpen();
        return memory;
    }

    /**
     * Copies bytes out of the block.
     *
     * @param offset of the first byte
     * @param target memory to fill
     * @throws IndexOutOfBoundsException if the block does not have these bytes
     * @throws IncompatibleException if another process has cut the block off
     * @throws ClosedException after {@link #close()}
     */
    public void read(long offset, MemorySegment target) {
        requireOpen();
        try {
            MemorySegment.copy(memory, offset, target, 0, target.byteSize());
            Faults.poll();
        } catch (InternalError | IllegalStateException e) {
            throw lost(e);
        }
    }

    /**
     * Copies bytes into the block.
     *
     * @param offset of the first byte
     * @param source what to copy
     * @throws IndexOutOfBoundsException if the block has no room for it there
     * @throws AccessDeniedException if the block was attached read-only
     * @throws IncompatibleException if another process has cut the block off
     * @throws ClosedException after {@link #close()}
     */
    public void write(long offset, MemorySegment source) {
        requireWritable();
        try {
            MemorySegment.copy(source, 0, memory, offset, source.byteSize());
            Faults.poll();
        } catch (InternalError | IllegalStateException e) {
            throw lost(e);
        }
    }

    /**
     * The name others attach it by.
     *
     * @return without a leading slash
     */
    public String name() {
        return name;
    }

    /**
     * Size of the block.
     *
     * @return bytes, exactly as many as it was created with
     */
    public long size() {
        return memory.byteSize();
    }

    /**
     * Whether the name still leads to this memory, so that others can attach it. It does not once somebody has unlinked
     * it, for example the resource tracker of a Python process (see above), or has made another object of that name.
     * Costs a system call.
     *
     * @return false if the name is gone or leads to another object
     * @throws ClosedException after {@link #close()}
     */
    public boolean isLinked() {
        requireOpen();
        return leadsHere(FileId.ofOrNull(SharedObject.file(name)));
    }

    private boolean leadsHere(FileId found) {
        return found != null && found.isSameFile(id);
    }

    /**
     * Makes the name lead to this block again after somebody unlinked it. Linux gives an unlinked object no new name
     * (linkat refuses it), so this makes a new object with the same bytes and permissions, which appears whole, and
     * moves this handle to it: {@link #buf()} and every segment taken from it before lead to the new object, without
     * being taken anew.
     *
     * <p>Who else has the old object mapped - another process, or another handle of this one - keeps it, and no longer
     * shares it with this handle: they have to attach the name anew. A store that any of them, or another thread of
     * this process, makes while this call runs may be missing in the new object. For the time of the call both exist,
     * so there must be room for a second one. It belongs to the user of this process.
     *
     * @return true if it was needed and done, false if the name leads here anyway
     * @throws AlreadyExistsException if the name leads to another object by now, which is left alone: attach that one
     * @throws org.shmrt.error.NoSpaceException if there is no room; the old object stays as it is
     * @throws AccessDeniedException if the block was attached read-only
     * @throws IncompatibleException if another process has cut the block off
     * @throws ClosedException after {@link #close()}
     */
    public synchronized boolean relink() {
        requireWritable();
        Path path = SharedObject.file(name);
        FileId found = FileId.ofOrNull(path);
        if (leadsHere(found)) {
            return false;
        }
        if (found != null) {
            throw new AlreadyExistsException(
                    path + " is another object by now, made after this block was unlinked: " + "attach that one");
        }
        try (UnlinkedFile file = UnlinkedFile.in(path, permissions, true)) {
            file.reserve(size());
            copyTo(file);
            file.link(false);
            try {
                file.mapOver(memory);
            } catch (RuntimeException e) {
                SharedObject.unlink(name);
                throw e;
            }
            id = file.id();
        }
        return true;
    }

    private void copyTo(UnlinkedFile file) {
        Arena copying = Arena.ofShared();
        try {
            read(0, file.map(size(), copying));
        } finally {
            Arenas.close(copying);
        }
    }

    /**
     * Removes the name; who has the block attached keeps it until closed. Works on a closed handle too.
     *
     * @return true if the name was removed; false if it was gone already, or leads to another object, which is left
     *     alone
     * @throws AccessDeniedException if it may not be removed
     */
    public boolean unlink() {
        return leadsHere(FileId.ofOrNull(SharedObject.file(name))) && SharedObject.unlink(name);
    }

    /** Unmaps the block; it stays until it is unlinked. Closing twice is harmless. */
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
            throw new AccessDeniedException("the block " + name + " was attached read-only: attach it for writing");
        }
    }

    /** What an access that failed means. */
    RuntimeException lost(Throwable failure) {
        if (failure instanceof InternalError) {
            return cutOff(failure);
        }
        if (closed) {
            return new ClosedException("the block " + name + " is closed", failure);
        }
        return (RuntimeException) failure;
    }

    /** Whether the block, if the name still leads to it, is shorter than it was. */
    boolean isCutOff() {
        FileId found = FileId.ofOrNull(SharedObject.file(name));
        return leadsHere(found) && found.byteSize() < size();
    }

    IncompatibleException cutOff(Throwable cause) {
        FileId found = FileId.ofOrNull(SharedObject.file(name));
        return new IncompatibleException(
                "the block " + name + " was cut off by another process: it had " + size()
                        + " bytes when it was attached"
                        + (leadsHere(found) ? " and has " + found.byteSize() + " now" : "")
                        + "; attach it anew once it is whole",
                cause);
    }

    @Override
    public String toString() {
        return "SharedMemory(" + name + ", size=" + size() + ")";
    }
}
