package org.shmrt.posix;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import org.shmrt.bindings.posix.Posix;
import org.shmrt.error.AlreadyExistsException;
import org.shmrt.error.ShmException;

/**
 * A file in the making: it has no name until it is complete, so nobody sees it half-made, and if its maker
 * fails or dies the kernel takes it away. Where the file system cannot make nameless files it has a hidden
 * name that cannot be guessed, removed on close.
 *
 * @see <a href="https://man7.org/linux/man-pages/man2/open.2.html">open(2), O_TMPFILE</a>
 */
public final class UnlinkedFile implements AutoCloseable {
    private final Path target;
    private final PosixFile file;
    private Path hiddenName;

    private UnlinkedFile(Path target, PosixFile file, Path hiddenName) {
        this.target = target;
        this.file = file;
        this.hiddenName = hiddenName;
    }

    private static final class Linkat {
        static final MethodHandle CALL = Native.withErrno(Posix.linkat$address(), Posix.linkat$descriptor());
    }

    /**
     * Starts a file of 0 bytes.
     *
     * @param target the name it will get
     * @param permissions its permissions
     * @param exact whether these hold whatever the umask, else the umask is taken off
     * @return the file
     * @throws org.shmrt.error.NotFoundException if its directory does not exist
     * @throws org.shmrt.error.AccessDeniedException if its directory may not be written
     */
    public static UnlinkedFile in(Path target, int permissions, boolean exact) {
        return in(target, permissions, exact, true);
    }

    static UnlinkedFile in(Path target, int permissions, boolean exact, boolean nameless) {
        Native.requireAccess();
        Path directory = target.toAbsolutePath().getParent();
        if (directory == null) {
            throw new IllegalArgumentException(target + " is a directory, not a file");
        }
        UnlinkedFile made = null;
        if (nameless) {
            int descriptor = PosixFile.tryOpen(directory, Posix.O_RDWR() | ArchConstants.O_TMPFILE, permissions);
            if (descriptor >= 0) {
                made = new UnlinkedFile(target, new PosixFile(target, descriptor), null);
            } else if (!cannotBeNameless(-descriptor)) {
                throw Errno.failure("open", target, -descriptor, 0);
            }
        }
        if (made == null) {
            Path hidden = TempName.beside(target);
            int flags = Posix.O_RDWR() | Posix.O_CREAT() | Posix.O_EXCL();
            made = new UnlinkedFile(
                    target, new PosixFile(target, PosixFile.open(hidden, flags, permissions, target, 0)), hidden);
        }
        if (exact) {
            made.file.permissions(permissions);
        }
        return made;
    }

    /** Old kernels and some file systems answer one of these to O_TMPFILE. */
    private static boolean cannotBeNameless(int errno) {
        return errno == Posix.EOPNOTSUPP() || errno == Posix.EISDIR() || errno == Posix.EINVAL();
    }

    /**
     * Makes the file as long as given, all zero, and reserves the space on its file system.
     *
     * @param bytes its size
     * @throws org.shmrt.error.NoSpaceException if there is not enough
     */
    public void reserve(long bytes) {
        file.reserve(bytes);
    }

    /**
     * Maps the file for reading and writing.
     *
     * @param bytes how much of it
     * @param arena how long it stays mapped, whatever becomes of this object
     * @return its memory
     */
    public MemorySegment map(long bytes, Arena arena) {
        return file.map(bytes, arena);
    }

    /**
     * Shows this file where another one is mapped: every segment of that mapping, wherever it is held, leads to this
     * file from then on, in one step, and the mapping ends when it would have ended.
     *
     * @param mapped the whole mapping of a file, for reading and writing, no longer than this file
     */
    public void mapOver(MemorySegment mapped) {
        file.mapOver(mapped);
    }

    /**
     * Which file it is.
     *
     * @return its identity
     */
    public FileId id() {
        return file.id();
    }

    /**
     * Gives the file its name, in one step.
     *
     * @param replacing whether what has that name is replaced; who uses that keeps it
     * @throws AlreadyExistsException if something has that name and is not to be replaced
     */
    public void link(boolean replacing) {
        if (!replacing) {
            link(target);
            return;
        }
        // link(2) does not replace and rename(2) needs a name to start from.
        if (hiddenName == null) {
            Path hidden = TempName.beside(target);
            link(hidden);
            hiddenName = hidden;
        }
        try {
            Files.move(hiddenName, target, java.nio.file.StandardCopyOption.ATOMIC_MOVE);
            hiddenName = null;
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
                    local.allocateFrom(name.toString()),
                    Posix.AT_SYMLINK_FOLLOW());
            if (result != 0) {
                throw Errno.failure("linkat", name, scratch.lastErrno(), 0);
            }
        } catch (Throwable t) {
            throw Native.unexpected(t);
        }
    }

    /** Lets go of the file. One that has no name vanishes. Closing twice is harmless. */
    @Override
    public void close() {
        if (hiddenName != null) {
            try {
                Files.deleteIfExists(hiddenName);
            } catch (IOException e) {
                throw new ShmException("cannot remove the unfinished " + hiddenName + ": " + e.getMessage(), e);
            } finally {
                hiddenName = null;
            }
        }
        file.close();
    }
}
