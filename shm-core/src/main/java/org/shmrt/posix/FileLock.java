package org.shmrt.posix;

import java.nio.file.Path;

/**
 * An exclusive advisory lock on a file, held until closed; the kernel frees it when the process ends, however it
 * ends. Programs that never ask for the lock are not kept out.
 *
 * @see <a href="https://man7.org/linux/man-pages/man2/flock.2.html">flock(2)</a>
 */
public final class FileLock implements AutoCloseable {
    private final PosixFile file;

    private FileLock(PosixFile file) {
        this.file = file;
    }

    /**
     * Takes the lock if nobody holds it.
     *
     * @param path the file
     * @return the lock, or null if another holder has it
     * @throws org.shmrt.error.NotFoundException if there is no such file
     * @throws org.shmrt.error.AccessDeniedException if it may not be read
     */
    public static FileLock tryExclusive(Path path) {
        PosixFile file = PosixFile.open(path, false);
        boolean locked = false;
        try {
            locked = file.tryLock();
            return locked ? new FileLock(file) : null;
        } finally {
            if (!locked) {
                file.close();
            }
        }
    }

    /**
     * Whether the lock is on a certain file, and not on another that has taken its name.
     *
     * @param id the file
     * @return true if device and inode agree
     */
    public boolean isOn(FileId id) {
        return file.id().isSameFile(id);
    }

    /**
     * The process that holds the lock of a file. Needs no native access and takes no lock.
     *
     * @param path the file
     * @return its id, or 0 if nobody does or the kernel does not tell
     */
    public static long ownerPid(Path path) {
        FileId id = FileId.ofOrNull(path);
        return id == null ? 0 : LockTable.read().ownerPid(id);
    }

    /**
     * The process that holds the lock of a file, in words.
     *
     * @param path the file
     * @return for example {@code process 1234}
     */
    public static String ownerText(Path path) {
        long pid = ownerPid(path);
        return pid > 0 ? "process " + pid : "another process";
    }

    /** Frees the lock. Closing twice is harmless. */
    @Override
    public void close() {
        file.close();
    }
}
