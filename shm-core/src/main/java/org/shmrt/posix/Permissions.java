package org.shmrt.posix;

/**
 * The permissions of a new file or semaphore.
 *
 * @param bits as for {@code chmod}, for example 0644
 * @param umask whether the process's umask applies to them
 */
public record Permissions(int bits, Umask umask) {
    /** What happens to the bits of the process's umask. */
    public enum Umask {
        /** They are removed, as the kernel does for each new file. */
        APPLIES,
        /** The umask does not apply: the file gets exactly the given permissions. */
        IGNORED
    }

    /**
     * Permissions to which the umask applies.
     *
     * @param bits as for {@code chmod}
     * @return the permissions
     */
    public static Permissions withUmask(int bits) {
        return new Permissions(bits, Umask.APPLIES);
    }

    /**
     * Permissions that do not depend on the umask.
     *
     * @param bits as for {@code chmod}
     * @return the permissions
     */
    public static Permissions exactly(int bits) {
        return new Permissions(bits, Umask.IGNORED);
    }

    boolean areExact() {
        return umask == Umask.IGNORED;
    }
}
