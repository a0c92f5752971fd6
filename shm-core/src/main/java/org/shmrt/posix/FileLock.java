package org.shmrt.posix;

import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Predicate;
import org.shmrt.error.ShmException;

/**
 * An exclusive lock on a file, held until closed; the kernel frees it when the process ends, however it ends. Only who
 * may write the file can take it. Programs that do not ask for it are not excluded.
 *
 * <p>Whoever may read the file can take a read lock on it, which the kernel does not let a write lock pass. Such a lock
 * must not keep a writer out, so {@link #tryExclusive} then succeeds without the kernel's lock: the file is used, but
 * {@link #isHeld} does not report it, and another caller is not excluded.
 *
 * <p>It is a lock of an open file description (OFD) on a range far behind any content. The range begins at
 * {@link #BASE} plus the owner's process id and ends at a fixed byte, so that all ranges overlap and the kernel's table
 * of locks, which has no process id for such locks, still names the owner.
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
     * Takes the lock if nobody has it. Read locks of other programs do not count.
     *
     * @return the lock, or null if another holder has it
     * @throws org.shmrt.error.NotFoundException if there is no such file
     * @throws org.shmrt.error.AccessDeniedException if the file must not be written
     */
    public static FileLock tryExclusive(Path path) {
        return locked(
                path,
                file -> file.tryLock(BASE + OwnProcess.PID, LENGTH - OwnProcess.PID) || !file.isLocked(BASE, LENGTH));
    }

    /**
     * Takes a lock on a single byte of a file if nobody has one there, not even a read lock.
     *
     * @return the lock, or null
     * @throws org.shmrt.error.NotFoundException if there is no such file
     * @throws org.shmrt.error.AccessDeniedException if the file must not be written
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
     * Whether a certain file is locked: asked of the kernel, so it holds whatever the process namespaces and the file
     * system. Takes no lock and needs read permission only.
     *
     * @param path where the file is
     * @param id the file; another file at that path does not count
     * @return false if it is free or gone
     */
    public static boolean isHeld(Path path, FileId id) {
        try (PosixFile file = PosixFile.open(path, false)) {
            return file.id().isSameFile(id) && file.isLocked(BASE, LENGTH);
        } catch (ShmException e) {
            return false;
        }
    }

    /** Whether a single byte of a file is locked, see {@link #isHeld}. */
    public static boolean isByteHeld(Path path, FileId id, long offset) {
        try (PosixFile file = PosixFile.open(path, false)) {
            return file.id().isSameFile(id) && file.isLocked(offset, 1);
        } catch (ShmException e) {
            return false;
        }
    }

    /** Whether the lock is on a certain file, and not on another that has taken its name. */
    public boolean isOn(FileId id) {
        return file.id().isSameFile(id);
    }

    /**
     * The process that holds the lock of a file. Needs no native access and takes no lock.
     *
     * @return its id in its own namespace; 0 if nobody has the lock or the kernel does not tell
     */
    public static long ownerPid(Path path) {
        FileId id = FileId.ofOrNull(path);
        return id == null ? 0 : LockTable.read().ownerPid(id);
    }

    /** The process that holds the lock of a file, in words: for example {@code process 1234}. */
    public static String ownerText(Path path) {
        return Optional.of(ownerPid(path))
                .filter(pid -> pid > 0)
                .map(pid -> "process " + pid)
                .orElse("another process");
    }

    /** Frees the lock. Closing twice is harmless. */
    @Override
    public void close() {
        file.close();
    }
}
