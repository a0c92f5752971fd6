package org.shmrt.posix;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/**
 * An exclusive advisory lock on a file, held until closed; the kernel frees it when the process ends, however it
 * ends. Programs that never ask for the lock are not kept out.
 *
 * @see <a href="https://man7.org/linux/man-pages/man2/flock.2.html">flock(2)</a>
 */
public final class FileLock implements AutoCloseable {
    private static final Path LOCK_TABLE = Path.of("/proc/locks");

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
        return id == null ? 0 : ownerPid(id);
    }

    /**
     * The process that holds the lock of a file. Needs no native access and takes no lock.
     *
     * @param id the file
     * @return its id, or 0 if nobody does or the kernel does not tell
     */
    public static long ownerPid(FileId id) {
        // A line is "1: FLOCK  ADVISORY  WRITE 1234 08:01:5678 0 EOF": pid, then major:minor:inode in hex, hex, decimal.
        String wanted = String.format(Locale.ROOT, "%02x:%02x:%d",
                major(id.device()), minor(id.device()), id.inode());
        try {
            for (String line : Files.readAllLines(LOCK_TABLE, StandardCharsets.US_ASCII)) {
                String[] words = line.strip().split("\\s+");
                if (words.length > 5 && words[1].equals("FLOCK") && words[3].equals("WRITE")
                        && words[5].equals(wanted)) {
                    return Math.max(0, Long.parseLong(words[4]));
                }
            }
        } catch (IOException | NumberFormatException e) {
            // a kernel or container that hides the table: the owner stays unknown
        }
        return 0;
    }

    private static long major(long device) {
        return device >>> 8 & 0xfff | device >>> 32 & ~0xfffL;
    }

    private static long minor(long device) {
        return device & 0xff | device >>> 12 & ~0xffL & 0xffffffffL;
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
