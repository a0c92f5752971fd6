package org.shmrt.posix;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Which process held which {@link FileLock} at one moment, and which bytes far behind the content of files were locked,
 * as the kernel reports it. Needs no native access and
 * acquires no lock. Immutable: read it once to ask about many files.
 *
 * @see <a href="https://man7.org/linux/man-pages/man5/proc_locks.5.html">proc_locks(5)</a>
 */
public final class LockTable {
    /** A table without any lock. */
    public static final LockTable EMPTY = new LockTable();

    private static final Path FILE = Path.of("/proc/locks");

    /** Locks of single bytes are at this offset or behind it. */
    private static final long FIRST_BYTE = 1L << 62;

    private static final String TO_END = "EOF";
    private static final String IN_OPEN_FILE = "lock:";

    private final Map<String, Long> owners = new HashMap<>();
    private final Map<String, List<Range>> ranges = new HashMap<>();

    private LockTable() {}

    /** A locked range of a file, both ends included. */
    private record Range(long start, long end) {}

    /**
     * Reads the kernel's table.
     *
     * @return the table; empty if the kernel or a container hides it
     */
    public static LockTable read() {
        LockTable table = new LockTable();
        try {
            table.addAll(Files.readAllLines(FILE, StandardCharsets.US_ASCII), "");
        } catch (IOException e) {
            // the owners remain unknown
        }
        return table;
    }

    /**
     * Reads the locks that belong to the open files of one process. A process that inherited an open file has its locks
     * as well.
     *
     * @return the table; empty if the process has ended, or this user may not examine it
     */
    public static LockTable ofProcess(long pid) {
        LockTable table = new LockTable();
        Path process = Path.of("/proc/" + pid);
        try (DirectoryStream<Path> files = Files.newDirectoryStream(process.resolve("fd"))) {
            for (Path file : files) {
                table.addOpenFile(process, file);
            }
        } catch (IOException | DirectoryIteratorException e) {
            return table; // it has ended, or belongs to another user
        }
        return table;
    }

    private void addOpenFile(Path process, Path file) {
        try {
            // Sockets, pipes and the like have no path, and their locks are not read.
            if (Files.readSymbolicLink(file).isAbsolute()) {
                addAll(
                        Files.readAllLines(
                                process.resolve("fdinfo").resolve(file.getFileName()), StandardCharsets.US_ASCII),
                        IN_OPEN_FILE);
            }
        } catch (IOException e) {
            // closed in the meantime
        }
    }

    private void addAll(List<String> lines, String prefix) {
        for (String line : lines) {
            if (line.startsWith(prefix)) {
                add(line.substring(prefix.length()).strip().split("\\s+"));
            }
        }
    }

    /** Adds a line: "1: OFDLCK ADVISORY  WRITE -1 08:01:5678 START END", device in hex, inode in decimal. */
    private void add(String[] words) {
        if (words.length < 8 || !words[3].equals("WRITE")) {
            return;
        }
        boolean ofOpenFile = words[1].equals("OFDLCK");
        if (!ofOpenFile && !words[1].equals("POSIX")) {
            return;
        }
        try {
            long start = Long.parseLong(words[6]);
            long end = words[7].equals(TO_END) ? Long.MAX_VALUE : Long.parseLong(words[7]);
            long pid = start - FileLock.BASE;
            if (ofOpenFile && pid >= 0 && pid < FileLock.LENGTH) {
                owners.putIfAbsent(words[5], pid);
            }
            if (end >= FIRST_BYTE) {
                ranges.computeIfAbsent(words[5], key -> new ArrayList<>()).add(new Range(start, end));
            }
        } catch (NumberFormatException e) {
            // not a line of the kernel
        }
    }

    /**
     * Whether anybody held a lock of single bytes, see {@link FileLock#tryByte}.
     *
     * @return false if {@link #lockedBytes} is empty for every file
     */
    public boolean hasLockedBytes() {
        return !ranges.isEmpty();
    }

    /** Whether two tables have the same locks of single bytes. */
    public boolean hasSameLockedBytes(LockTable other) {
        return ranges.equals(other.ranges);
    }

    /**
     * Which bytes of a file had a write lock of any kind, so that {@link FileLock#tryByte} would have failed.
     *
     * @param id the file
     * @param first offset of the first byte, at least 2^62
     * @param count number of bytes to report on
     * @return a bit for each, relative to the first
     */
    public BitSet lockedBytes(FileId id, long first, int count) {
        BitSet locked = new BitSet(count);
        if (!ranges.isEmpty()) {
            for (Range range : ranges.getOrDefault(key(id), List.of())) {
                long from = Math.max(range.start, first) - first;
                long to = Math.min(range.end - first + 1, count);
                if (from < to) {
                    locked.set((int) from, (int) to);
                }
            }
        }
        return locked;
    }

    /**
     * Whether nobody held a lock of a writer, as far as the kernel reports.
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
        return Math.max(0, owners.getOrDefault(key(id), 0L));
    }

    private static String key(FileId id) {
        return id.deviceText() + ":" + id.inode();
    }
}
