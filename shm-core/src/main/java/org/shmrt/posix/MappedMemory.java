package org.shmrt.posix;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;
import org.shmrt.bindings.posix.Posix;

/**
 * Requests to the kernel about mapped memory. None of these calls accesses the memory itself, so they are safe on a
 * mapping whose file was truncated: the kernel returns an error, which becomes an exception.
 *
 * @see <a href="https://man7.org/linux/man-pages/man2/madvise.2.html">madvise(2)</a>
 * @see <a href="https://man7.org/linux/man-pages/man2/mlock.2.html">mlock(2)</a>
 * @see <a href="https://man7.org/linux/man-pages/man2/msync.2.html">msync(2)</a>
 */
public final class MappedMemory {
    private MappedMemory() {}

    /** How memory will be used. */
    public enum Advice {
        /** No particular use. */
        NORMAL(Posix.MADV_NORMAL()),
        /** Sequential from the first byte to the last: the kernel reads ahead. */
        SEQUENTIAL(Posix.MADV_SEQUENTIAL()),
        /** Random: the kernel does not read ahead. */
        RANDOM(Posix.MADV_RANDOM()),
        /** In the near future. */
        WILL_NEED(Posix.MADV_WILLNEED()),
        /** With huge pages, if the file system supports them. */
        HUGE_PAGES(Posix.MADV_HUGEPAGE());

        private final int code;

        Advice(int code) {
            this.code = code;
        }
    }

    /** How changes are written to the file's storage. */
    public enum SyncMode {
        /** Starts writing and does not wait. */
        ASYNC(Posix.MS_ASYNC()),
        /** Waits until all is written. */
        SYNC(Posix.MS_SYNC()),
        /** Waits until all is written, and invalidates other mappings of the file, so that they see it. */
        INVALIDATE(Posix.MS_SYNC() | Posix.MS_INVALIDATE());

        private final int code;

        SyncMode(int code) {
            this.code = code;
        }
    }

    private static final class Madvise {
        static final MethodHandle CALL = Native.withErrno(Posix.madvise$address(), Posix.madvise$descriptor());
    }

    private static final class Mlock {
        static final MethodHandle CALL = Native.withErrno(Posix.mlock$address(), Posix.mlock$descriptor());
    }

    private static final class Munlock {
        static final MethodHandle CALL = Native.withErrno(Posix.munlock$address(), Posix.munlock$descriptor());
    }

    private static final class Msync {
        static final MethodHandle CALL = Native.withErrno(Posix.msync$address(), Posix.msync$descriptor());
    }

    /**
     * Makes every page present and writable. Otherwise the first frame causes a page fault of 3 to 14 µs for each page.
     *
     * @param memory a mapping, from the start of a page
     * @return false if the kernel (before 5.14) cannot do this
     */
    public static boolean prefault(MemorySegment memory) {
        return advise(memory, Posix.MADV_POPULATE_WRITE(), memory.byteSize());
    }

    /**
     * Makes all pages present for reading, also those of a read-only mapping.
     *
     * @param memory a mapping, from the start of a page
     * @return false if the kernel (before 5.14) cannot do this
     */
    public static boolean prefaultForReading(MemorySegment memory) {
        return advise(memory, Posix.MADV_POPULATE_READ(), memory.byteSize());
    }

    /**
     * Advises the kernel how memory will be used.
     *
     * @param memory a mapping, from the start of a page
     * @param advice the use
     * @return false if the kernel has no such advice for this memory
     */
    public static boolean advise(MemorySegment memory, Advice advice) {
        return advise(memory, advice.code, 0);
    }

    /** False if the kernel does not know the advice. */
    private static boolean advise(MemorySegment memory, int advice, long neededBytes) {
        int errno = madvise(memory, advice);
        if (errno == 0 || errno == Posix.EINVAL()) {
            return errno == 0;
        }
        throw Errno.failure("madvise", mapping(memory), errno, neededBytes);
    }

    private static int madvise(MemorySegment memory, int advice) {
        Native.Scratch scratch = Native.scratch();
        try {
            int result = (int) Madvise.CALL.invokeExact(scratch.errno, memory, memory.byteSize(), advice);
            return result == 0 ? 0 : scratch.lastErrno();
        } catch (Throwable t) {
            throw Native.unexpected(t);
        }
    }

    /**
     * Locks memory, so that it is not paged out.
     *
     * @param memory a mapping
     * @throws org.shmrt.error.PosixException if the limit of locked memory (ulimit -l) is too low; the message names it
     */
    public static void lock(MemorySegment memory) {
        call(Mlock.CALL, "mlock", memory);
    }

    /**
     * Unlocks memory, so that it can be paged out again.
     *
     * @param memory a mapping
     */
    public static void unlock(MemorySegment memory) {
        call(Munlock.CALL, "munlock", memory);
    }

    private static void call(MethodHandle handle, String name, MemorySegment memory) {
        Native.Scratch scratch = Native.scratch();
        try {
            int result = (int) handle.invokeExact(scratch.errno, memory, memory.byteSize());
            if (result != 0) {
                throw Errno.failure(name, mapping(memory), scratch.lastErrno(), 0);
            }
        } catch (Throwable t) {
            throw Native.unexpected(t);
        }
    }

    /**
     * Writes changes to the file's storage.
     *
     * @param memory a mapping, from the start of a page
     * @param mode whether to wait for it
     */
    public static void sync(MemorySegment memory, SyncMode mode) {
        Native.Scratch scratch = Native.scratch();
        try {
            int result = (int) Msync.CALL.invokeExact(scratch.errno, memory, memory.byteSize(), mode.code);
            if (result != 0) {
                throw Errno.failure("msync", mapping(memory), scratch.lastErrno(), 0);
            }
        } catch (Throwable t) {
            throw Native.unexpected(t);
        }
    }

    private static Path mapping(MemorySegment memory) {
        return Path.of("mapping of " + memory.byteSize() + " bytes");
    }
}
