package org.shmrt.posix;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * Which process held which {@link FileLock} at one moment, as the kernel reports it. Needs no native access and
 * acquires no lock. Immutable: read it once to ask about many files.
 *
 * @see <a href="https://man7.org/linux/man-pages/man5/proc_locks.5.html">proc_locks(5)</a>
 */
public final class LockTable {
    /** A table without any lock. */
    public static final LockTable EMPTY = new LockTable();

    private static final Path FILE = Path.of("/proc/locks");

    private final Map<String, Long> owners = new HashMap<>();

    private LockTable() {}

    /**
     * Reads the kernel's table.
     *
     * @return the table; empty if the kernel or a container hides it
     */
    public static LockTable read() {
        LockTable table = new LockTable();
        try {
            // A line is "1: OFDLCK ADVISORY  WRITE -1 08:01:5678 START END": major:minor:inode in hex, hex, decimal.
            for (String line : Files.readAllLines(FILE, StandardCharsets.US_ASCII)) {
                if (!line.contains("OFDLCK")) {
                    continue;
                }
                String[] words = line.strip().split("\\s+");
                if (words.length > 7 && words[1].equals("OFDLCK") && words[3].equals("WRITE")) {
                    long pid = Long.parseLong(words[6]) - FileLock.BASE;
                    if (pid >= 0 && pid < FileLock.LENGTH) {
                        table.owners.putIfAbsent(words[5], pid);
                    }
                }
            }
        } catch (IOException | NumberFormatException e) {
            // the owners remain unknown
        }
        return table;
    }

    /**
     * Whether nobody held any lock, as far as the kernel reports.
     *
     * @return true if {@link #ownerPid} is 0 for every file
     */
    public boolean isEmpty() {
        return owners.isEmpty();
    }

    /**
     * The process that held the lock of a file.
     *
     * @param id the file
     * @return its id, or 0 if nobody did or the kernel does not report it
     */
    public long ownerPid(FileId id) {
        if (owners.isEmpty()) {
            return 0;
        }
        String key = hex(major(id.device())) + ":" + hex(minor(id.device())) + ":" + id.inode();
        return Math.max(0, owners.getOrDefault(key, 0L));
    }

    /** Two digits at least. */
    private static String hex(long number) {
        return (number < 16 ? "0" : "") + Long.toHexString(number);
    }

    private static long major(long device) {
        return (device >>> 8 & 0xfff) | (device >>> 32 & ~0xfffL);
    }

    private static long minor(long device) {
        return (device & 0xff) | (device >>> 12 & ~0xffL & 0xffffffffL);
    }
}
