package org.shmrt.posix;

import org.shmrt.error.ShmException;

/**
 * The constants of Linux that are not in the generated bindings, because they depend on the processor architecture, or
 * because the system headers of a supported system may be too old to have them.
 */
final class ArchConstants {
    /** Creates a file without a name. Contains O_DIRECTORY, which depends on the architecture. */
    static final int O_TMPFILE;

    /** Makes open fail on a symbolic link. Depends on the architecture like O_DIRECTORY. */
    static final int O_NOFOLLOW;
    /** Number of the futex system call, for which the C library has no function. */
    static final long SYS_FUTEX;
    /** Number of the futex_waitv system call, Linux 5.16. It has this number on all architectures. */
    static final long SYS_FUTEX_WAITV = 449;
    /** Flag of an entry of futex_waitv: the futex has 32 bits. */
    static final int FUTEX_32 = 2;

    static {
        switch (System.getProperty("os.arch")) {
            case "amd64" -> {
                O_TMPFILE = 020200000;
                O_NOFOLLOW = 0400000;
                SYS_FUTEX = 202;
            }
            case "aarch64" -> {
                O_TMPFILE = 020040000;
                O_NOFOLLOW = 0100000;
                SYS_FUTEX = 98;
            }
            default ->
                throw new ShmException(
                        "ShmRT runs on x86-64 and aarch64 only, not on " + System.getProperty("os.arch"));
        }
    }

    private ArchConstants() {}
}
