package org.shmrt.posix;

import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Predicate;
import org.shmrt.error.PosixException;
import org.shmrt.error.ShmException;

/**
 * An exclusive lock on a file. It is held until {@link #close()}, or until the process ends for any reason. Acquiring
 * it requires write permission on the file. The lock is advisory: it does not exclude programs that do not use it.
 *
 * <p>A process with read permission can acquire a read lock on the same range, and the kernel then refuses a write
 * lock. A reader must not be able to block a writer in this way. {@link #tryExclusive} therefore succeeds without a
 * lock if only read locks conflict. In that case {@link #isHeld} does not report a lock, and another caller is not
 * excluded.
 *
 * <p>It is a lock of an open file description (OFD) on a range far beyond any content. The kernel's table of locks has
 * no process id for such locks, so the range encodes it: the range begins at {@link #BASE} plus the owner's process id.
 * It ends at a fixed byte, so that all ranges overlap.
 *
 * @see <a href="https://man7.org/linux/man-pages/man2/fcntl_locking.2.html">F_OFD_SETLK(2const)</a>
 */
public final class FileLock implements AutoCloseable {
    /** Start of the range for process 0. */
    static final long BASE = 1L << 61;
    /** More than any process id: Linux has at most 2^22. */
    static final long LENGTH = 1L << 23;

    private final PosixFile file;

    private FileLock(PosixFile file) {
        this.file = file;
    }

    /**
     * Acquires the lock if it is free. Read locks of other programs are ignored.
     *
     * @return the lock, or null if another holder has it
     * @throws org.shmrt.error.NotFoundException if there is no such file
     * @throws org.shmrt.error.AccessDeniedException if this process may not write the file
     */
    public static FileLock tryExclusive(Path path) {
        return locked(
                path,
                file -> file.tryLock(BASE + OwnProcess.PID, LENGTH - OwnProcess.PID) || !file.isLocked(BASE, LENGTH));
    }

    /**
     * Acquires a lock on a single byte of a file if there is no other lock on it, not even a read lock.
     *
     * @return the lock, or null
     * @throws org.shmrt.error.NotFoundException if there is no such file
     * @throws org.shmrt.error.AccessDeniedException if this process may not write the file
     */
    public static FileLock tryByte(Path path, long offset) {
        return locked(path, file -> file.tryLock(offset, 1));
    }

    private static FileLock locked(Path path, Predicate<PosixFile> lock) {
        PosixFile file = PosixFile.open(path, true);
        boolean locked = false;
        try {
            locked = lock.test(file);
            return locked ? new FileLock(file) : null;
        } finally {
            if (!locked) {
                file.close();
            }
        }
    }

    /**
     * Whether a certain file is locked. The kernel answers this, so the answer is correct in every process namespace
     * and on every file system. Acquires no lock and needs only read permission.
     *
     * @param path where the file is
     * @param id the file; another file at that path does not count
     * @return false if it is not locked, no longer exists or may not be read
     * @throws org.shmrt.error.PosixException if it cannot be opened for another reason, for example without a free
     *     descriptor: whether it is locked is unknown then
     */
    public static boolean isHeld(Path path, FileId id) {
        return isLocked(path, id, BASE, LENGTH);
    }

    /** Whether a single byte of a file is locked; see {@link #isHeld}. */
    public static boolean isByteHeld(Path path, FileId id, long offset) {
        return isLocked(path, id, offset, 1);
    }

    private static boolean isLocked(Path path, FileId id, long start, long length) {
        try (PosixFile file = PosixFile.open(path, false)) {
            return file.id().isSameFile(id) && file.isLocked(start, length);
        } catch (PosixException e) {
            throw e;
        } catch (ShmException e) {
            return false;
        }
    }

    /** Whether the lock is on a certain file, and not on another file that has replaced it under the same name. */
    public boolean isOn(FileId id) {
        return file.id().isSameFile(id);
    }

    /**
     * The process that holds the lock of a file. Needs no native access and acquires no lock.
     *
     * @return its id in its own namespace; 0 if nobody has the lock or the kernel does not report it
     */
    public static long ownerPid(Path path) {
        FileId id = FileId.ofOrNull(path);
        return id == null ? 0 : LockTable.read().ownerPid(id);
    }

    /** Text for messages that names the process that holds the lock of a file, for example {@code process 1234}. */
    public static String ownerText(Path path) {
        return Optional.of(ownerPid(path))
                .filter(pid -> pid > 0)
                .map(pid -> "process " + pid)
                .orElse("another process");
    }

    /** Releases the lock. Closing twice is harmless. */
    @Override
    public void close() {
        file.close();
    }
}
