package org.shmrt.posix;

import java.lang.foreign.Arena;
import java.lang.invoke.MethodHandle;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import org.shmrt.bindings.posix.Posix;
import org.shmrt.error.IncompatibleException;

/**
 * POSIX shared memory objects: named memory that outlives its makers. On Linux they are files of a memory file
 * system, {@code /dev/shm/NAME}. Any thread; mapped memory lives as long as its arena.
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
     * Creates an object of zeros, its space reserved, and maps it.
     *
     * @param name without a leading slash
     * @param bytes its size, more than 0
     * @param permissions before the umask
     * @param arena how long it stays mapped
     * @return the mapping
     * @throws org.shmrt.error.AlreadyExistsException if there is one of that name
     * @throws org.shmrt.error.NoSpaceException if shared memory is full; nothing is left behind
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
            } catch (RuntimeException e) {
                unlink(name);
                throw e;
            }
        }
    }

    /**
     * Maps an object that exists, whole, for reading and writing.
     *
     * @param name without a leading slash
     * @param arena how long it stays mapped
     * @return the mapping
     * @throws org.shmrt.error.NotFoundException if there is none of that name
     * @throws IncompatibleException if it has 0 bytes
     */
    public static MappedFile open(String name, Arena arena) {
        Native.requireAccess();
        try (PosixFile file = open(name, Posix.O_RDWR(), 0)) {
            FileId id = file.id();
            if (id.byteSize() == 0) {
                throw new IncompatibleException("the shared memory object " + name
                        + " has 0 bytes: its maker is still at it, or died before it was made");
            }
            return new MappedFile(file.map(id.byteSize(), arena), id);
        }
    }

    private static PosixFile open(String name, int flags, int permissions) {
        checkName(name);
        Native.Scratch scratch = Native.scratch();
        try (Arena local = Arena.ofConfined()) {
            int descriptor =
                    (int) ShmOpen.CALL.invokeExact(scratch.errno, local.allocateFrom("/" + name), flags, permissions);
            if (descriptor < 0) {
                throw Errno.failure("shm_open", file(name), scratch.lastErrno(), 0);
            }
            return new PosixFile(file(name), descriptor);
        } catch (Throwable t) {
            throw Native.unexpected(t);
        }
    }

    /**
     * Removes an object's name; who has it mapped keeps it.
     *
     * @param name without a leading slash
     * @return whether there was one
     * @throws org.shmrt.error.AccessDeniedException if it may not be removed
     */
    public static boolean unlink(String name) {
        Native.requireAccess();
        checkName(name);
        return SharedName.unlink(ShmUnlink.CALL, "shm_unlink", name, file(name));
    }

    /**
     * The file behind an object on Linux.
     *
     * @param name without a leading slash
     * @return {@code /dev/shm/NAME}
     * @throws IllegalArgumentException if nothing can have that name: it is empty, too long, or has a slash or a NUL
     */
    public static Path file(String name) {
        checkName(name);
        try {
            return DIRECTORY.resolve(name);
        } catch (InvalidPathException e) {
            throw new IllegalArgumentException(
                    "'" + name + "' has characters that the locale of this process cannot "
                            + "write in a file's name: start it with LC_ALL=C.UTF-8",
                    e);
        }
    }

    /**
     * Where Linux keeps the objects, each as a file of its name, and named semaphores as {@code sem.NAME}.
     *
     * @return {@code /dev/shm}
     */
    public static Path directory() {
        return DIRECTORY;
    }

    private static void checkName(String name) {
        SharedName.check("shared memory object", name, MAX_NAME_BYTES);
    }
}
