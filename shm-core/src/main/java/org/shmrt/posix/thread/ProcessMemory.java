package org.shmrt.posix.thread;

import java.io.IOException;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.shmrt.bindings.posix.Posix;
import org.shmrt.error.PosixException;
import org.shmrt.posix.Errno;
import org.shmrt.posix.Native;

/**
 * Locks the memory of the whole process, so that none of it is paged out. Safe for any thread.
 *
 * @see <a href="https://man7.org/linux/man-pages/man2/mlock.2.html">mlockall(2)</a>
 */
public final class ProcessMemory {
    private static final int BYTES_PER_KIB = 1024;
    private static final String LOCKED = "VmLck:";

    private ProcessMemory() {}

    /** When pages are locked. */
    public enum Extent {
        /** Each page when it is first used. Reserved memory that is never used takes no memory. */
        ON_FIRST_USE(Posix.MCL_CURRENT() | Posix.MCL_FUTURE() | Posix.MCL_ONFAULT()),
        /** All pages at once: for a JVM this takes hundreds of megabytes. */
        ALL(Posix.MCL_CURRENT() | Posix.MCL_FUTURE());

        private final int flags;

        Extent(int flags) {
            this.flags = flags;
        }
    }

    private static final class Mlockall {
        static final MethodHandle CALL = Native.withErrno(Posix.mlockall$address(), Posix.mlockall$descriptor());
    }

    private static final class Munlockall {
        static final MethodHandle CALL = Native.withErrno(Posix.munlockall$address(), Posix.munlockall$descriptor());
    }

    /**
     * Locks all memory of the process, present and future.
     *
     * @param extent which pages
     * @throws PosixException if the limit of locked memory is too low. Without CAP_IPC_LOCK the whole virtual size of
     *     the process counts, so a JVM usually needs the limit unlimited
     */
    public static void lockAll(Extent extent) {
        Native.requireAccess();
        call(Mlockall.CALL, extent.flags);
    }

    /** Unlocks the memory. */
    public static void unlockAll() {
        Native.requireAccess();
        Native.Scratch scratch = Native.scratch();
        try {
            int result = (int) Munlockall.CALL.invokeExact(scratch.errno);
            if (result != 0) {
                throw failure("munlockall", scratch.lastErrno());
            }
        } catch (Throwable t) {
            throw Native.unexpected(t);
        }
    }

    private static void call(MethodHandle handle, int flags) {
        Native.Scratch scratch = Native.scratch();
        try {
            int result = (int) handle.invokeExact(scratch.errno, flags);
            if (result != 0) {
                throw failure("mlockall", scratch.lastErrno());
            }
        } catch (Throwable t) {
            throw Native.unexpected(t);
        }
    }

    private static PosixException failure(String call, int errno) {
        return new PosixException(
                call,
                "all memory of the process",
                errno,
                Errno.text(errno) + " (errno " + errno + "): set the limit memlock (ulimit -l) to unlimited: add"
                        + " '@realtime - memlock unlimited' to /etc/security/limits.conf and log in again, or grant"
                        + " CAP_IPC_LOCK");
    }

    /**
     * How much memory of the process is locked.
     *
     * @return bytes; 0 if none is, or {@code /proc} does not report it
     */
    public static long lockedBytes() {
        try {
            for (String line : Files.readAllLines(Path.of("/proc/self/status"), StandardCharsets.ISO_8859_1)) {
                if (line.startsWith(LOCKED)) {
                    return BYTES_PER_KIB
                            * Long.parseLong(line.substring(LOCKED.length())
                                    .replace("kB", "")
                                    .strip());
                }
            }
        } catch (IOException | NumberFormatException e) {
            // not known
        }
        return 0;
    }
}
