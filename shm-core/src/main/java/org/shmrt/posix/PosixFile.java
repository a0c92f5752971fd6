package org.shmrt.posix;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import org.shmrt.bindings.posix.Posix;
import org.shmrt.bindings.posix.flock;
import org.shmrt.error.ClosedException;
import org.shmrt.text.FileNames;

/**
 * An open file or POSIX shared memory object. For one thread at a time. Closing twice is harmless.
 *
 * @see <a href="https://man7.org/linux/man-pages/man2/open.2.html">open(2)</a>
 */
final class PosixFile implements AutoCloseable {
    /** Commands of fcntl that only Linux has, and the signal that processes ignore by default. */
    private static final int F_SETSIG = 10;

    private static final int F_SETLEASE = 1024;
    private static final int F_SETPIPE_SZ = 1031;
    private static final int SIGURG = 23;

    /** Page sizes of Linux on all platforms. */
    private static final long SMALLEST_PAGE = 1L << 12;

    private static final long LARGEST_PAGE = 1L << 34;

    private final Path path;
    private int descriptor;

    PosixFile(Path path, int descriptor) {
        this.path = path;
        this.descriptor = descriptor;
    }

    private static final class Open {
        static final MethodHandle CALL = Native.withErrnoVariadic(
                Posix.open.address(), FunctionDescriptor.of(Posix.C_INT, Posix.C_POINTER, Posix.C_INT, Posix.C_INT), 2);
    }

    private static final class Close {
        static final MethodHandle CALL = Native.plain(Posix.close$address(), Posix.close$descriptor());
    }

    private static final class Fchmod {
        static final MethodHandle CALL = Native.withErrno(Posix.fchmod$address(), Posix.fchmod$descriptor());
    }

    private static final class Fcntl {
        static final MethodHandle CALL = Native.withErrnoVariadic(
                Posix.fcntl.address(),
                FunctionDescriptor.of(Posix.C_INT, Posix.C_INT, Posix.C_INT, Posix.C_POINTER),
                2);
    }

    private static final class PosixFallocate {
        static final MethodHandle CALL =
                Native.plain(Posix.posix_fallocate$address(), Posix.posix_fallocate$descriptor());
    }

    private static final class Mmap {
        static final MethodHandle CALL = Native.withErrno(Posix.mmap$address(), Posix.mmap$descriptor());
    }

    private static final class Munmap {
        static final MethodHandle CALL = Native.withErrno(Posix.munmap$address(), Posix.munmap$descriptor());
    }

    /** Opens a file that exists. Never blocks, not even on a pipe. */
    static PosixFile open(Path path, boolean writable) {
        Native.requireAccess();
        int access = writable ? Posix.O_RDWR() : Posix.O_RDONLY();
        return new PosixFile(path, open(path, access | Posix.O_NONBLOCK(), 0, path, 0));
    }

    /**
     * Opens a file for reading without waiting for other programs: a program with a lease on the file could delay an
     * ordinary open for minutes. While this file is open, no program can acquire such a lease, so a further open by
     * java.nio does not wait. Without native access there is no such check, and the result is null, which a
     * try-with-resources accepts.
     *
     * @throws org.shmrt.error.BusyException if a program has a lease on the file
     */
    static PosixFile openWithoutWaiting(Path path) {
        if (!OwnProcess.HAS_NATIVE_ACCESS) {
            return null;
        }
        Native.requireAccess();
        int descriptor = tryOpen(path, Posix.O_RDONLY() | Posix.O_NONBLOCK(), 0);
        if (descriptor == -Posix.EACCES()) {
            throw Errno.accessDenied("read", path);
        }
        if (descriptor < 0) {
            throw Errno.failure("open", path, -descriptor, 0);
        }
        return new PosixFile(path, descriptor);
    }

    /**
     * The same for an open by java.nio that follows: only a lease is reported here, everything else by java.nio. Null if
     * there is nothing to close.
     *
     * @throws org.shmrt.error.BusyException if a program has a lease on the file
     */
    static PosixFile guard(Path path) {
        if (!OwnProcess.HAS_NATIVE_ACCESS) {
            return null;
        }
        Native.requireAccess();
        int descriptor = tryOpen(path, Posix.O_RDONLY() | Posix.O_NONBLOCK(), 0);
        if (descriptor == -Posix.EAGAIN()) {
            throw Errno.failure("open", path, -descriptor, 0);
        }
        return descriptor < 0 ? null : new PosixFile(path, descriptor);
    }

    /** Opens a regular file for reading and writing that must not be a symbolic link. Never blocks. */
    static PosixFile openUnlinked(Path path) {
        Native.requireAccess();
        int flags = Posix.O_RDWR() | Posix.O_NONBLOCK() | ArchConstants.O_NOFOLLOW;
        int descriptor = tryOpen(path, flags, 0);
        if (descriptor < 0) {
            // In a plain "open" this error means a circular link, but here any link.
            String call = descriptor == -Posix.ELOOP() ? "open the semaphore" : "open";
            throw Errno.failure(call, path, -descriptor, 0);
        }
        return new PosixFile(path, descriptor);
    }

    /** The raw call. An error message names {@code shown}. Returns the descriptor. */
    static int open(Path path, int flags, int mode, Path shown, long neededBytes) {
        int descriptor = tryOpen(path, flags, mode);
        if (descriptor < 0) {
            throw Errno.failure("open", shown, -descriptor, neededBytes);
        }
        return descriptor;
    }

    /** A path for the C library. Its bytes may not be UTF-8; then the path's text does not contain them. */
    static MemorySegment name(Path path, Arena arena) {
        byte[] bytes = FileNames.bytes(path);
        MemorySegment name = arena.allocate(bytes.length + 1L);
        MemorySegment.copy(bytes, 0, name, ValueLayout.JAVA_BYTE, 0, bytes.length);
        return name;
    }

    /** The raw call. Returns the descriptor, or the negated error number. */
    static int tryOpen(Path path, int flags, int mode) {
        Native.Scratch scratch = Native.scratch();
        try (Arena local = Arena.ofConfined()) {
            MemorySegment name = name(path, local);
            while (true) {
                int result = (int) Open.CALL.invokeExact(scratch.errno, name, flags | Posix.O_CLOEXEC(), mode);
                if (result >= 0) {
                    return result;
                }
                if (scratch.lastErrno() != Posix.EINTR()) {
                    return -scratch.lastErrno();
                }
            }
        } catch (Throwable t) {
            throw Native.unexpected(t);
        }
    }

    int descriptor() {
        if (descriptor < 0) {
            throw new ClosedException("the file " + FileNames.text(path) + " is closed");
        }
        return descriptor;
    }

    /** A path that leads to this descriptor and does not depend on the current name of the file. */
    Path self() {
        return Path.of("/proc/self/fd/" + descriptor());
    }

    FileId id() {
        return FileId.of(self());
    }

    /** The id of the user who owns the file. */
    long owner() {
        return FileId.owner(self());
    }

    /** Sets the size of the file and reserves the space, so that no later store fails for lack of space. */
    void reserve(long bytes) {
        // Checked first, because a failed reservation fills the file system for all programs until it is undone.
        checkSpace(bytes);
        try {
            int error;
            do {
                error = (int) PosixFallocate.CALL.invokeExact(descriptor(), 0L, bytes);
            } while (error == Posix.EINTR());
            if (error != 0) {
                throw Errno.failure("posix_fallocate", path, error, bytes);
            }
        } catch (Throwable t) {
            throw Native.unexpected(t);
        }
    }

    private void checkSpace(long bytes) {
        try {
            FileStore store = Files.getFileStore(self());
            // A file system without a limit reports a total of 0.
            if (store.getTotalSpace() > 0 && store.getUnallocatedSpace() < bytes) {
                throw IoErrors.noSpace(path, bytes, null);
            }
        } catch (IOException e) {
            // The reservation itself will report it.
        }
    }

    /** Sets the permissions; the umask does not apply. */
    void permissions(int permissions) {
        Native.Scratch scratch = Native.scratch();
        try {
            int result = (int) Fchmod.CALL.invokeExact(scratch.errno, descriptor(), permissions);
            if (result != 0) {
                throw Errno.failure("fchmod", path, scratch.lastErrno(), 0);
            }
        } catch (Throwable t) {
            throw Native.unexpected(t);
        }
    }

    /**
     * Acquires a write lock on a range of the file if no byte of it is locked. The lock belongs to this open file: the
     * kernel releases it when the descriptor is closed or the process ends for any reason. Only a file that is open for
     * writing can be locked.
     *
     * @return false if another open file has a lock there
     */
    boolean tryLock(long start, long length) {
        Native.Scratch scratch = Native.scratch();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment range = range(arena, start, length);
            int result = (int) Fcntl.CALL.invokeExact(scratch.errno, descriptor(), Posix.F_OFD_SETLK(), range);
            if (result == 0) {
                return true;
            }
            int errno = scratch.lastErrno();
            if (errno == Posix.EAGAIN() || errno == Posix.EACCES()) {
                return false;
            }
            throw Errno.failure("fcntl", path, errno, 0);
        } catch (Throwable t) {
            throw Native.unexpected(t);
        }
    }

    /**
     * Whether another open file has a write lock on any byte of the range. Acquires no lock and needs read access only.
     * Read locks are ignored, because read permission is sufficient to acquire them.
     */
    boolean isLocked(long start, long length) {
        Native.Scratch scratch = Native.scratch();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment range = range(arena, start, length);
            // The kernel reports a lock that is in the way of this one, and only a write lock is in the way of a read.
            flock.l_type(range, (short) Posix.F_RDLCK());
            int result = (int) Fcntl.CALL.invokeExact(scratch.errno, descriptor(), Posix.F_OFD_GETLK(), range);
            if (result != 0) {
                throw Errno.failure("fcntl", path, scratch.lastErrno(), 0);
            }
            return flock.l_type(range) != Posix.F_UNLCK();
        } catch (Throwable t) {
            throw Native.unexpected(t);
        }
    }

    /**
     * Takes a write lease, which the kernel grants only if no other process of the machine, in any namespace, has the
     * file open or mapped through a descriptor. It ends with this open file. Until then an open by another process waits.
     * Needs the file's owner or CAP_LEASE.
     *
     * @return false if the file is in use
     */
    boolean tryLease() {
        // The kernel signals a process whose lease is in another's way: with SIGIO, which would kill a JVM.
        control(F_SETSIG, SIGURG);
        int errno = control(F_SETLEASE, Posix.F_WRLCK());
        if (errno == 0) {
            return true;
        }
        if (errno == Posix.EAGAIN()) {
            return false;
        }
        throw Errno.failure("fcntl", path, errno, 0);
    }

    /** Sets the size of the buffer of a pipe, if the file is one and the kernel permits it. */
    static void pipeBytes(int descriptor, int bytes) {
        // Belongs to someone else, who closes it. The result is the size or an error, and both are for information
        // only.
        @SuppressWarnings("resource")
        PosixFile file = new PosixFile(Path.of("pipe"), descriptor);
        file.control(F_SETPIPE_SZ, bytes);
    }

    /** A command of fcntl with a number as its argument. Returns 0 or the error number. */
    private int control(int command, int argument) {
        Native.Scratch scratch = Native.scratch();
        try {
            // The C library passes numbers and pointers to the kernel in the same way.
            int result = (int)
                    Fcntl.CALL.invokeExact(scratch.errno, descriptor(), command, MemorySegment.ofAddress(argument));
            return result == 0 ? 0 : scratch.lastErrno();
        } catch (Throwable t) {
            throw Native.unexpected(t);
        }
    }

    private static MemorySegment range(Arena arena, long start, long length) {
        MemorySegment range = arena.allocate(flock.layout());
        flock.l_type(range, (short) Posix.F_WRLCK());
        flock.l_whence(range, (short) Posix.SEEK_SET());
        flock.l_start(range, start);
        flock.l_len(range, length);
        return range;
    }

    /** Maps the file's first bytes, shared, until the arena is closed. */
    MemorySegment map(long bytes, Arena arena) {
        return map(bytes, Posix.PROT_READ() | Posix.PROT_WRITE(), arena);
    }

    /** Maps the file's first bytes, shared and for reading, until the arena is closed. */
    MemorySegment mapReadOnly(long bytes, Arena arena) {
        // Read-only in Java too: a store would raise SIGSEGV and end the JVM.
        return map(bytes, Posix.PROT_READ(), arena).asReadOnly();
    }

    @SuppressWarnings("restricted")
    private MemorySegment map(long bytes, int protection, Arena arena) {
        MapLimit.checkMapCount(path);
        MemorySegment mapped = map(MemorySegment.NULL, bytes, protection, 0).reinterpret(bytes);
        try {
            return mapped.reinterpret(arena, PosixFile::unmap);
        } catch (RuntimeException | Error e) {
            // The arena was closed, for example, so it cannot unmap the memory.
            unmap(mapped);
            throw e;
        }
    }

    /** Maps the file's first bytes, shared, over an existing mapping. */
    void mapOver(MemorySegment mapped) {
        // The kernel checks limits and permissions before it removes the old mapping.
        map(mapped, mapped.byteSize(), Posix.PROT_READ() | Posix.PROT_WRITE(), Posix.MAP_FIXED());
    }

    private MemorySegment map(MemorySegment where, long bytes, int protection, int flags) {
        Native.Scratch scratch = Native.scratch();
        try {
            MemorySegment mapped = (MemorySegment) Mmap.CALL.invokeExact(
                    scratch.errno, where, bytes, protection, Posix.MAP_SHARED() | flags, descriptor(), 0L);
            if (mapped.address() == -1L) {
                throw Errno.failure("mmap", path, scratch.lastErrno(), bytes);
            }
            return mapped;
        } catch (Throwable t) {
            throw Native.unexpected(t);
        }
    }

    /**
     * Ends a mapping. The kernel requires a length that is a multiple of the page size of the mapping, which is larger
     * on hugetlbfs. The size of those pages is unknown here, so the length is rounded up to one page size after another.
     * The first length that the kernel accepts is exactly that of the mapping, because rounding up to a smaller page
     * never exceeds rounding up to the right one.
     */
    private static void unmap(MemorySegment mapped) {
        long bytes = mapped.byteSize();
        int errno = unmap(mapped, bytes);
        for (long page = SMALLEST_PAGE; errno == Posix.EINVAL() && page <= LARGEST_PAGE; page *= 2) {
            errno = unmap(mapped, (bytes + page - 1) / page * page);
        }
    }

    private static int unmap(MemorySegment mapped, long bytes) {
        Native.Scratch scratch = Native.scratch();
        try {
            int result = (int) Munmap.CALL.invokeExact(scratch.errno, mapped, bytes);
            return result == 0 ? 0 : scratch.lastErrno();
        } catch (Throwable t) {
            throw Native.unexpected(t);
        }
    }

    @Override
    public synchronized void close() {
        if (descriptor < 0) {
            return;
        }
        try {
            // On Linux the descriptor is released even if close reports an error, so the call is never repeated.
            int ignored = (int) Close.CALL.invokeExact(descriptor);
        } catch (Throwable t) {
            throw Native.unexpected(t);
        } finally {
            descriptor = -1;
        }
    }
}
