package org.shmrt.posix;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A file that a process has mapped, as the kernel's list in {@code /proc} shows it.
 *
 * @param device number of the device that contains the file, as {@link FileId#deviceText}
 * @param inode inode number of the file
 * @param path its path when it was opened, as that process sees it; of a removed file, and of one that was created
 *     without a name, without the kernel's mark
 * @param deleted whether the kernel marks it as deleted: the file was removed or renamed, or created without a name
 * @param shared whether stores reach the file and its other users
 * @param writable whether the process may store
 */
public record FileMapping(String device, long inode, String path, boolean deleted, boolean shared, boolean writable) {
    private static final String DELETED = " (deleted)";
    private static final String SHARED = "s";
    private static final String WRITABLE = "w";
    /** Where the flag of a shared mapping is, counted from the space before the flags. */
    private static final int SHARED_AT = 4;

    private static final Path MOUNTS = Path.of("/proc/self/mountinfo");
    private static final String TMPFS = " - tmpfs ";
    private static final Pattern SPACES = Pattern.compile(" +");
    private static final int FIELDS = 6;

    private static final int DEVICE_FIELD = 3;
    private static final int INODE_FIELD = 4;
    private static final long NO_FILE = 0;

    /**
     * The files that a process has mapped, without duplicates.
     *
     * @return empty if the process does not exist or this user may not examine it
     */
    public static Set<FileMapping> of(long pid) {
        return of(pid, line -> true);
    }

    /**
     * Some of the files that a process has mapped, in less time than all.
     *
     * @param wanted whether a line of the kernel's list is parsed, which ends with the path of the file and, for one
     *     without a name, the kernel's mark
     * @return empty if the process does not exist or this user may not examine it
     */
    public static Set<FileMapping> of(long pid, Predicate<String> wanted) {
        Set<FileMapping> mappings = new HashSet<>();
        // A name may have any bytes; a decoder that reports errors would stop at one that is not UTF-8.
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(
                Files.newInputStream(Path.of("/proc/" + pid + "/maps")), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.indexOf('/') >= 0 && wanted.test(line)) {
                    parse(line).ifPresent(mappings::add);
                }
            }
        } catch (IOException e) {
            return Set.of();
        }
        return mappings;
    }

    /**
     * Which lines of the kernel's list may be mappings of a file. The others need not be parsed, which takes longer: a
     * process may have thousands.
     */
    public static Predicate<String> mayBeLineOf(FileId file) {
        String inode = " " + Long.toUnsignedString(file.inode()) + " ";
        return line -> line.contains(inode);
    }

    /** Whether a line of the kernel's list is that of a shared mapping. Most are not, and need not be parsed. */
    public static boolean isLineOfShared(String line) {
        return line.startsWith(SHARED + " ", line.indexOf(' ') + SHARED_AT);
    }

    /**
     * Reads a line of the kernel's list.
     *
     * @param line "address perms offset dev inode path", with an s in perms for a mapping that is shared
     * @return the mapping; empty if it is not one of a file
     */
    public static Optional<FileMapping> parse(String line) {
        String[] fields = SPACES.split(line, FIELDS);
        long inode = fields.length <= INODE_FIELD ? NO_FILE : inode(fields[INODE_FIELD]);
        if (inode == NO_FILE) {
            return Optional.empty();
        }
        String path = fields.length < FIELDS ? "" : fields[FIELDS - 1];
        boolean deleted = path.endsWith(DELETED);
        return Optional.of(new FileMapping(
                fields[DEVICE_FIELD],
                inode,
                deleted ? path.substring(0, path.length() - DELETED.length()) : path,
                deleted,
                fields[1].endsWith(SHARED),
                fields[1].startsWith(WRITABLE, 1)));
    }

    /**
     * Whether this may be a mapping of a file. Inode numbers alone do not identify a file, and least of all on tmpfs: the
     * shared memory of each container begins with the same ones. But on layered file systems the kernel's list has
     * another device than the attributes of the file have. So a file that is not on a tmpfs may seem to be mapped and is
     * not, and never the reverse.
     */
    public boolean mayBeOf(FileId file) {
        return inode == file.inode() && (device.equals(file.deviceText()) || !isOnTmpfs(file));
    }

    /** False if that is not known. The kernel writes "36 35 0:21 / /dev/shm rw,nosuid shared:3 - tmpfs tmpfs rw". */
    private static boolean isOnTmpfs(FileId file) {
        String device = " " + FileId.major(file.device()) + ":" + FileId.minor(file.device()) + " ";
        try (Stream<String> mounts = Files.lines(MOUNTS, StandardCharsets.ISO_8859_1)) {
            return mounts.anyMatch(mount -> mount.contains(device) && mount.contains(TMPFS));
        } catch (IOException | UncheckedIOException e) {
            return false;
        }
    }

    private static long inode(String field) {
        try {
            return Long.parseUnsignedLong(field);
        } catch (NumberFormatException e) {
            return NO_FILE; // not a line of the kernel
        }
    }
}
