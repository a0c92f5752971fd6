package org.shmrt.posix;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;
import org.shmrt.bindings.posix.Posix;
import org.shmrt.bindings.posix.statx;
import org.shmrt.error.ShmException;

/**
 * Checks repeatedly whether a path still leads to the same file, for loops that must not allocate. Safe for any thread.
 * Without native access the check uses java.nio, which allocates some hundred bytes.
 */
public final class FileIdentityCheck {
    private final Path path;
    private final FileId expected;
    private final MemorySegment name;

    /** The result of a check. */
    public enum Found {
        /** The same file with the same size. */
        SAME,
        /** Another file, or the same one with another size. */
        OTHER,
        /**
         * No file that can be looked up: it was removed, the links are circular, or a directory of the path may not be
         * searched.
         */
        NOTHING
    }

    private static final class Statx {
        static final MethodHandle CALL = Native.withErrno(Posix.statx$address(), Posix.statx$descriptor());
    }

    /**
     * Prepares a check.
     *
     * @param path the path to check, following links
     * @param expected the expected file and its size
     */
    public FileIdentityCheck(Path path, FileId expected) {
        this.path = path;
        this.expected = expected;
        if (OwnProcess.HAS_NATIVE_ACCESS) {
            Native.requireAccess();
            name = PosixFile.name(path, Arena.ofAuto());
            // Links the call now: the first check, which may be part of a timed wait, does not take milliseconds for
            // it.
            MethodHandle ignored = Statx.CALL;
        } else {
            name = null;
        }
    }

    /**
     * Checks the path.
     *
     * @return what the path leads to now
     */
    public Found check() {
        if (OwnProcess.HAS_NATIVE_ACCESS) {
            Native.Scratch scratch = Native.scratch();
            int result;
            try {
                result = (int) Statx.CALL.invokeExact(
                        scratch.errno,
                        Posix.AT_FDCWD(),
                        name,
                        Posix.AT_STATX_SYNC_AS_STAT(),
                        Posix.STATX_BASIC_STATS(),
                        scratch.statx);
            } catch (Throwable t) {
                throw Native.unexpected(t);
            }
            if (result == 0) {
                return found(
                        deviceOf(scratch.statx) == expected.device()
                                && statx.stx_ino(scratch.statx) == expected.inode(),
                        statx.stx_size(scratch.statx));
            }
        }
        try {
            FileId now = FileId.ofOrNull(path);
            return now == null ? Found.NOTHING : found(now.isSameFile(expected), now.byteSize());
        } catch (ShmException e) {
            return Found.NOTHING;
        }
    }

    private Found found(boolean same, long byteSize) {
        return same && byteSize == expected.byteSize() ? Found.SAME : Found.OTHER;
    }

    /** The device number, composed of the two halves in the same way as in glibc and java.nio. */
    private static long deviceOf(MemorySegment found) {
        long major = Integer.toUnsignedLong(statx.stx_dev_major(found));
        long minor = Integer.toUnsignedLong(statx.stx_dev_minor(found));
        return (major & 0xfff) << 8 | (major & ~0xfffL) << 32 | (minor & 0xff) | (minor & ~0xffL) << 12;
    }
}
