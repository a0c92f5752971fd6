package org.shmrt.posix;

import java.lang.foreign.Arena;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;
import org.shmrt.bindings.posix.Posix;
import org.shmrt.error.IncompatibleException;
import org.shmrt.text.FileNames;

/**
 * POSIX shared memory objects: named memory that outlives the process that created it. On Linux they are files of a
 * memory file system, {@code /dev/shm/NAME}. Safe for any thread. The memory remains mapped while its arena is open.
 *
 * @see <a href="https://man7.org/linux/man-pages/man3/shm_open.3.html">shm_open(3)</a>
 */
public final class SharedObject {
    private static final int MAX_NAME_BYTES = 255;
    private static final Path DIRECTORY = Path.of("/dev/shm");

    private SharedObject() {}

    private static final class ShmOpen {
        static final MethodHandle CALL = Native.withErrno(Posix.shm_open$address(), Posix.shm_open$descriptor());
    }

    private static final class ShmUnlink {
        static final MethodHandle CALL = Native.withErrno(Posix.shm_unlink$address(), Posix.shm_unlink$descriptor());
    }

    /**
     * Creates an object filled with zeros, reserves its space, and maps it.
     *
     * @param name its name, without a leading slash
     * @param bytes its size, 1 or more
     * @param permissions its permissions, to which the umask applies
     * @param arena determines how long it remains mapped
     * @return the mapping
     * @throws org.shmrt.error.AlreadyExistsException if there is an object of that name
     * @throws org.shmrt.error.NoSpaceException if shared memory is full; no object remains
     */
    public static MappedFile create(String name, long bytes, int permissions, Arena arena) {
        Native.requireAccess();
        if (bytes <= 0) {
            throw new IllegalArgumentException("a shared memory object of " + bytes + " bytes: at least 1 is needed");
        }
        int flags = Posix.O_RDWR() | Posix.O_CREAT() | Posix.O_EXCL();
        try (PosixFile file = open(name, flags, permissions)) {
            try {
                file.reserve(bytes);
                return new MappedFile(file.map(bytes, arena), file.id());
            } catch (RuntimeException | Error e) {
                unlink(name);
                throw e;
            }
        }
    }

    /**
     * Maps an existing object completely, for reading and writing. Does not wait for a program that has a lease on it.
     *
     * @param name its name, without a leading slash
     * @param arena determines how long it remains mapped
     * @return the mapping
     * @throws org.shmrt.error.NotFoundException if there is no object of that name
     * @throws IncompatibleException if it has 0 bytes
     * @throws org.shmrt.error.BusyException if a program has a lease on it
     */
    public static MappedFile open(String name, Arena arena) {
        Native.requireAccess();
        try (PosixFile file = open(name, Posix.O_RDWR() | Posix.O_NONBLOCK(), 0)) {
            FileId id = file.id();
            if (id.byteSize() == 0) {
                throw new IncompatibleException("the shared memory object " + name
                        + " has 0 bytes: its creator is still creating it, or died before it was complete");
            }
            return new MappedFile(file.map(id.byteSize(), arena), id);
        }
    }

    private static PosixFile open(String name, int flags, int permissions) {
        checkName(name);
        Native.Scratch scratch = Native.scratch();
        try (Arena local = Arena.ofConfined()) {
            int descriptor = (int) ShmOpen.CALL.invokeExact(
                    scratch.errno, SharedName.forLibrary(file(name).getFileName(), local), flags, permissions);
            if (descriptor < 0) {
                throw Errno.failure("shm_open", file(name), scratch.lastErrno(), 0);
            }
            return new PosixFile(file(name), descriptor);
        } catch (Throwable t) {
            throw Native.unexpected(t);
        }
    }

    /**
     * Removes the name of an object. Processes that have it mapped keep it.
     *
     * @param name its name, without a leading slash
     * @return whether it existed
     * @throws org.shmrt.error.AccessDeniedException if it may not be removed
     */
    public static boolean unlink(String name) {
        Native.requireAccess();
        checkName(name);
        return SharedName.unlink(ShmUnlink.CALL, "shm_unlink", file(name).getFileName(), file(name));
    }

    /**
     * The file behind an object on Linux.
     *
     * @param name its name, without a leading slash
     * @return {@code /dev/shm/NAME}
     * @throws IllegalArgumentException if the name is invalid: it is empty, too long, or contains a slash or a NUL
     */
    public static Path file(String name) {
        checkName(name);
        return FileNames.parse(DIRECTORY, name);
    }

    /**
     * The directory where Linux keeps the objects, each as a file of its name, and named semaphores as
     * {@code sem.NAME}.
     *
     * @return {@code /dev/shm}
     */
    public static Path directory() {
        return DIRECTORY;
    }

    /**
     * The directory of the pages that loops, meters and recording services show.
     *
     * @return {@code $SHMRT_LOOP_DIR}, else {@link #directory()}
     */
    public static Path pageDirectory() {
        String configured = System.getenv("SHMRT_LOOP_DIR");
        return configured == null || configured.isEmpty() ? DIRECTORY : Path.of(configured);
    }

    private static void checkName(String name) {
        SharedName.check("shared memory object", name, MAX_NAME_BYTES);
    }
}
