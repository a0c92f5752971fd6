package org.shmrt.posix;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import org.shmrt.bindings.posix.Posix;
import org.shmrt.error.AlreadyExistsException;
import org.shmrt.error.IncompatibleException;
import org.shmrt.error.ShmException;
import org.shmrt.text.FileNames;

/**
 * A file under construction. It has no name until it is complete, so no process sees it incomplete, and if its creator
 * fails or dies the kernel removes it. If the file system cannot create files without names, the file has a temporary
 * name that cannot be guessed and that is removed on close.
 *
 * @see <a href="https://man7.org/linux/man-pages/man2/open.2.html">open(2), O_TMPFILE</a>
 */
public final class UnlinkedFile implements AutoCloseable {
    private final Path target;
    private final PosixFile file;
    private Path tempName;

    private UnlinkedFile(Path target, PosixFile file, Path tempName) {
        this.target = target;
        this.file = file;
        this.tempName = tempName;
    }

    private static final class Linkat {
        static final MethodHandle CALL = Native.withErrno(Posix.linkat$address(), Posix.linkat$descriptor());
    }

    /**
     * Creates a file of 0 bytes.
     *
     * @param target its final name
     * @param permissions its permissions
     * @return the file
     * @throws org.shmrt.error.NotFoundException if its directory does not exist
     * @throws org.shmrt.error.AccessDeniedException if its directory may not be written
     */
    public static UnlinkedFile in(Path target, Permissions permissions) {
        return in(target, permissions, true);
    }

    static UnlinkedFile in(Path target, Permissions permissions, boolean nameless) {
        Native.requireAccess();
        Path directory = target.toAbsolutePath().getParent();
        if (directory == null) {
            throw new IllegalArgumentException(FileNames.text(target) + " is a directory, not a file");
        }
        UnlinkedFile created = null;
        if (nameless) {
            int descriptor = PosixFile.tryOpen(directory, Posix.O_RDWR() | ArchConstants.O_TMPFILE, permissions.bits());
            if (descriptor >= 0) {
                created = new UnlinkedFile(target, new PosixFile(target, descriptor), null);
            } else if (!isUnsupported(-descriptor)) {
                throw Errno.failure("open", target, -descriptor, 0);
            }
        }
        if (created == null) {
            Path temp = TempName.beside(target);
            int flags = Posix.O_RDWR() | Posix.O_CREAT() | Posix.O_EXCL();
            created = new UnlinkedFile(
                    target, new PosixFile(target, PosixFile.open(temp, flags, permissions.bits(), target, 0)), temp);
        }
        try {
            if (permissions.areExact()) {
                created.file.permissions(permissions.bits());
            }
            return created;
        } catch (RuntimeException | Error e) {
            created.close();
            throw e;
        }
    }

    /** Whether the error means that the kernel or the file system does not support O_TMPFILE. */
    private static boolean isUnsupported(int errno) {
        return errno == Posix.EOPNOTSUPP() || errno == Posix.EISDIR() || errno == Posix.EINVAL();
    }

    /**
     * Sets the size of the file, filled with zeros, and reserves the space on its file system.
     *
     * @param bytes its size
     * @throws org.shmrt.error.NoSpaceException if there is not enough space
     */
    public void reserve(long bytes) {
        file.reserve(bytes);
    }

    /**
     * Maps the file for reading and writing.
     *
     * @param bytes how many of its bytes, from the start
     * @param arena determines how long it remains mapped, also after this object is closed
     * @return the memory
     */
    public MemorySegment map(long bytes, Arena arena) {
        return file.map(bytes, arena);
    }

    /**
     * Checks that the file still has its size after it was mapped. hugetlbfs rounds the size, and only then.
     *
     * @param bytes its size
     * @throws IncompatibleException if the file system rounds it
     */
    public void requireMappedBytes(long bytes) {
        long rounded = id().byteSize();
        if (rounded != bytes) {
            throw new IncompatibleException(FileNames.text(target)
                    + " cannot be created: its file system rounds the size of " + bytes + " bytes to " + rounded
                    + " bytes (huge pages?), which no program accepts; choose another directory");
        }
    }

    /**
     * Maps this file over an existing mapping, atomically. All segments of that mapping refer to this file afterwards.
     * The mapping ends with its own arena as before.
     *
     * @param mapped a complete mapping of another file, for reading and writing, not larger than this file
     */
    public void mapOver(MemorySegment mapped) {
        file.mapOver(mapped);
    }

    /**
     * The identity of the file.
     *
     * @return its identity
     */
    public FileId id() {
        return file.id();
    }

    /**
     * Links the file to its final name, atomically.
     *
     * @throws AlreadyExistsException if the name exists
     */
    public void link() {
        link(target);
    }

    /**
     * Links the file to its final name, atomically, in place of a file that may have it. Processes that use the old file
     * keep it.
     */
    public void replace() {
        // link(2) cannot replace a file, and rename(2) requires an existing name.
        if (tempName == null) {
            Path temp = TempName.beside(target);
            link(temp);
            tempName = temp;
        }
        try {
            Files.move(tempName, target, java.nio.file.StandardCopyOption.ATOMIC_MOVE);
            tempName = null;
        } catch (IOException e) {
            throw IoErrors.failure("replace", target, e);
        }
    }

    private void link(Path name) {
        Native.Scratch scratch = Native.scratch();
        try (Arena local = Arena.ofConfined()) {
            int result = (int) Linkat.CALL.invokeExact(
                    scratch.errno,
                    Posix.AT_FDCWD(),
                    local.allocateFrom(file.self().toString()),
                    Posix.AT_FDCWD(),
                    PosixFile.name(name, local),
                    Posix.AT_SYMLINK_FOLLOW());
            if (result != 0) {
                throw Errno.failure("linkat", name, scratch.lastErrno(), 0);
            }
        } catch (Throwable t) {
            throw Native.unexpected(t);
        }
    }

    /** Closes the file. The kernel removes a file without a name. Closing twice is harmless. */
    @Override
    public void close() {
        try {
            if (tempName != null) {
                Files.deleteIfExists(tempName);
            }
        } catch (IOException e) {
            throw new ShmException(
                    "cannot remove the incomplete file " + FileNames.text(tempName) + ": " + IoErrors.reason(e), e);
        } finally {
            tempName = null;
            file.close();
        }
    }
}
