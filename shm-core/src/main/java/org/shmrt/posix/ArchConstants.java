package org.shmrt.posix;

import org.shmrt.error.ShmException;

/** The few constants of Linux that depend on the processor, and so are not among the generated bindings. */
final class ArchConstants {
    /** Makes a file without a name; contains O_DIRECTORY, which is what differs. */
    static final int O_TMPFILE;

    static {
        switch (System.getProperty("os.arch")) {
            case "amd64" -> O_TMPFILE = 020200000;
            case "aarch64" -> O_TMPFILE = 020040000;
            default -> throw new ShmException("ShmRT runs on x86-64 and aarch64 only, not on "
                    + System.getProperty("os.arch"));
        }
    }

    private ArchConstants() {
    }
}
