package org.shmrt.posix;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;
import org.shmrt.bindings.posix.Posix;
import org.shmrt.bindings.posix.statx;
import org.shmrt.error.ShmException;

/**
 * Looks again and again whether a path still leads to the same file, for loops that must not allocate. Any thread may
 * look. Without native access it looks through java.nio, which allocates some hundred bytes.
 */
public final class FileIdentityCheck {
    private static final boolean NATIVE = FileIdentityCheck.class.getModule().isNativeAccessEnabled();

    private final Path path;
    private final FileId expected;
    private final MemorySegment name;

    /** What was found. */
    public enum Found {
        /** The file as it was. */
        SAME,
        /** Another file, or the same one with another size. */
        OTHER,
        /** Nothing, be it that links lead in a circle or that a directory on the way is closed off. */
        NOTHING
    }

    private static final class Statx {
        static final MethodHandle CALL = Native.withErrno(Posix.statx$address(), Posix.statx$descriptor());
    }

    /**
     * Prepares to look.
     *
     * @param path what to look up, following links
     * @param expected the file it led to, and its size
     */
    public FileIdentityCheck(Path path, FileId expected) {
        this.path = path;
        this.expected = expected;
        if (NATIVE) {
            Native.requireAccess();
            name = Arena.ofAuto().allocateFrom(path.toString());
            // Links it now: none of the first look's milliseconds fall into somebody's wait.
            MethodHandle ignored = Statx.CALL;
        } else {
            name = null;
        }
    }

    /**
     * Looks.
     *
     * @return what the path leads to now
     */
    public Found check() {
        if (NATIVE) {
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

    /** As glibc puts the two halves together, and java.nio tells them. */
    private static long deviceOf(MemorySegment found) {
        long major = Integer.toUnsignedLong(statx.stx_dev_major(found));
        long minor = Integer.toUnsignedLong(statx.stx_dev_minor(found));
        return (major & 0xfff) << 8 | (major & ~0xfffL) << 32 | (minor & 0xff) | (minor & ~0xffL) << 12;
    }
}
